import { describe, expect, it } from 'vitest';
import { readDownload, readRequest } from '../../../../src/ops/preflight/http-answer.ts';

describe('a request over a connection of bash', () => {
  it('is read with its status and its body', () => {
    const said =
      'connected\nHTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"jsonrpc":"2.0"}\n\n\nended 0\n';
    expect(readRequest(said)).toEqual({ type: 'status', code: 200, url: null, body: '{"jsonrpc":"2.0"}' });
    expect(readRequest('connected\nHTTP/1.0 401 Unauthorized\r\n\r\n\nended 0\n')).toMatchObject({
      code: 401,
    });
  });

  it.each([
    ['SSH-2.0-OpenSSH_8.2p1\r\n\nended 124', { type: 'other', line: 'SSH-2.0-OpenSSH_8.2p1' }],
    ['\nended 124', { type: 'late', connected: true }],
    ['\nended 137', { type: 'late', connected: true }],
    ['\nended 0', { type: 'other', line: '' }],
  ])('tells what is no HTTP: %j', (said, answer) => {
    expect(readRequest(`connected\n${said}\n`)).toEqual(answer);
  });

  it.each([
    [
      'fcops: connect: Connection refused\nfcops: line 1: /dev/tcp/10.0.0.5/2345: Connection refused',
      'refused',
    ],
    ['fcops: line 3: miner.example.com: Name or service not known', 'name'],
    ['fcops: line 3: miner.example.com: Temporary failure in name resolution', 'name'],
    ['fcops: connect: No route to host', 'no route'],
    ['fcops: connect: Network is unreachable', 'no route'],
    ['fcops: connect: Connection timed out', 'late'],
    ['something new', 'broken'],
    ['', 'broken'],
  ])('tells why there was none: %s', (said, type) => {
    expect(readRequest(`${said}\n\nended 7\n`).type).toBe(type);
  });

  it('is late where it was ended before there was a connection', () => {
    expect(readRequest('\nended 124\n')).toEqual({ type: 'late', connected: false });
  });
});

describe('a download that was only tried', () => {
  it.each([
    [
      'code 200 http://10.0.0.1/a.tar.gz\n\nended 0',
      { type: 'status', code: 200, url: 'http://10.0.0.1/a.tar.gz', body: '' },
    ],
    // The file is larger than what is asked for: it is there.
    [
      'curl: (63) Maximum file size exceeded\ncode 200 http://10.0.0.1/a\n\nended 63',
      { type: 'status', code: 200, url: 'http://10.0.0.1/a', body: '' },
    ],
    [
      'code 401 http://10.0.0.1/a\n\nended 0',
      { type: 'status', code: 401, url: 'http://10.0.0.1/a', body: '' },
    ],
    [
      'curl: (6) Could not resolve host: a.invalid\ncode 000 http://a.invalid/\n\nended 6',
      { type: 'name', why: 'Could not resolve host: a.invalid' },
    ],
    [
      'curl: (7) Failed to connect to 10.0.0.1 port 80: Connection refused\ncode 000 \n\nended 7',
      { type: 'refused', why: 'Failed to connect to 10.0.0.1 port 80: Connection refused' },
    ],
    [
      'curl: (7) Failed to connect to 10.0.0.1 port 80: No route to host\ncode 000 \n\nended 7',
      { type: 'no route', why: 'Failed to connect to 10.0.0.1 port 80: No route to host' },
    ],
    [
      'curl: (28) Connection timed out after 5001 milliseconds\ncode 000 \n\nended 28',
      { type: 'late', connected: false },
    ],
    [
      'curl: (28) Operation timed out after 8001 milliseconds with 0 bytes received\ncode 000 \n\nended 28',
      { type: 'late', connected: true },
    ],
    [
      'curl: (60) SSL certificate problem: certificate has expired\ncode 000 \n\nended 60',
      { type: 'tls', why: 'SSL certificate problem: certificate has expired' },
    ],
    [
      'curl: (52) Empty reply from server\ncode 000 \n\nended 52',
      { type: 'broken', why: 'Empty reply from server' },
    ],
    ['\nended 124', { type: 'broken', why: 'curl ended with status 124' }],
  ])('by curl: %j', (said, answer) => {
    expect(readDownload('curl', said)).toEqual(answer);
  });

  it.each([
    [
      '  HTTP/1.1 401 Unauthorized\n  HTTP/1.1 200 OK\n200 OK\n\nended 0',
      { type: 'status', code: 200, url: null, body: '' },
    ],
    [
      '  HTTP/1.1 401 Unauthorized\n\nUsername/Password Authentication Failed.\n\nended 6',
      { type: 'status', code: 401, url: null, body: '' },
    ],
    [
      "wget: unable to resolve host address 'a.invalid'\n\nended 4",
      { type: 'name', why: "wget: unable to resolve host address 'a.invalid'" },
    ],
    ['failed: Connection refused.\n\nended 4', { type: 'refused', why: 'failed: Connection refused.' }],
    ['failed: Connection timed out.\nGiving up.\n\nended 4', { type: 'late', connected: false }],
    [
      "ERROR: cannot verify x's certificate\n\nended 5",
      { type: 'tls', why: "ERROR: cannot verify x's certificate" },
    ],
    ['ended none', { type: 'nobody' }],
  ])('by wget: %j', (said, answer) => {
    expect(readDownload('wget', said)).toEqual(answer);
  });

  it('by nobody, where it takes a program that is not there', () => {
    expect(readDownload('bash', 'ended none')).toEqual({ type: 'nobody' });
    expect(readDownload('bash', 'connected\nHTTP/1.0 200 OK\r\n\r\n\nended 0\n')).toMatchObject({
      code: 200,
    });
  });
});
