import { describe, expect, it } from 'vitest';
import { readApiFile, readApiInfo, readTokenFile } from '../../../src/lotus/api-info.ts';
import { TOKEN } from './samples.ts';

describe('the file api', () => {
  it.each([
    ['/ip4/10.0.0.5/tcp/2345/http', '10.0.0.5', 2345],
    ['/ip4/10.0.0.5/tcp/3456', '10.0.0.5', 3456],
    ['/dns4/miner.example.com/tcp/2345/http\n', 'miner.example.com', 2345],
    ['/ip6/::1/tcp/1234/http', '::1', 1234],
  ])('%s', (text, host, port) => {
    expect(readApiFile(text)).toEqual({ type: 'understood', value: { multiaddr: text.trim(), host, port } });
  });

  it.each([
    '',
    '\n',
    '/ip4/10.0.0.5',
    '/ip4/10.0.0.999/tcp/2345/http',
    '/ip4/10.0.0.5/tcp/0/http',
    '/ip4/10.0.0.5/tcp/99999',
    '10.0.0.5:2345',
    '/ip4/10.0.0.5/tcp/2345/http\n/ip4/10.0.0.6/tcp/2345/http',
  ])('nothing of the kind: %j', (text) => {
    expect(readApiFile(text)).toMatchObject({ type: 'not understood' });
  });
});

describe('the file token', () => {
  it('is a secret', () => {
    const read = readTokenFile(TOKEN);
    expect(JSON.stringify(read)).not.toContain(TOKEN);
    expect(read.type === 'understood' && read.value.reveal()).toBe(TOKEN);
  });

  it.each(['', 'not a token', `${TOKEN}\n${TOKEN}`, TOKEN.slice(0, 25), `${TOKEN}:/ip4/1.2.3.4/tcp/1`])(
    'that is none is in no reason: %j',
    (text) => {
      const read = readTokenFile(text);
      expect(read).toMatchObject({ type: 'not understood' });
      if (text) expect(JSON.stringify(read)).not.toContain(text.slice(0, 20));
    },
  );
});

describe('API info', () => {
  it('is a token and an address, or an address alone', () => {
    const read = readApiInfo(`${TOKEN}:/ip4/10.0.0.5/tcp/2345/http`);
    expect(read).toMatchObject({ value: { address: { port: 2345 } } });
    expect(read.type === 'understood' && read.value.token?.reveal()).toBe(TOKEN);
    expect(readApiInfo('/ip4/10.0.0.5/tcp/2345/http')).toMatchObject({ value: { token: null } });
    const broken = readApiInfo(`${TOKEN.slice(0, 40)}:/ip4/10.0.0.5/tcp/2345/http`);
    expect(broken).toEqual({ type: 'not understood', why: 'it is no token' });
  });
});
