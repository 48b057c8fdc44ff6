import { describe, expect, it } from 'vitest';
import type { Answers, Listener } from '../../../../src/ops/preflight/ask.ts';
import type { HttpAnswer } from '../../../../src/ops/preflight/http-answer.ts';
import { judge } from '../../../../src/ops/preflight/judge.ts';
import { clockFinding } from '../../../../src/ops/preflight/judge-machine.ts';
import type { Sought } from '../../../../src/ops/preflight/sought.ts';
import { rpc, SOUGHT, status, URL_OF_ARCHIVE, WELL } from './sample.ts';

const findings = (answers: Partial<Answers>, sought: Partial<Sought> = {}) =>
  judge({ ...SOUGHT, ...sought }, { ...WELL, ...answers });
/** What is not fine. */
const troubles = (answers: Partial<Answers>, sought: Partial<Sought> = {}) =>
  findings(answers, sought)
    .filter(({ state }) => state !== 'ok')
    .map(({ check, state, message }) => `${check} ${state}: ${message}`);

describe('a host where all is well', () => {
  it('is told to be fine in every check', () => {
    expect(troubles({})).toEqual([]);
    expect(new Set(findings({}).map(({ check }) => check))).toEqual(
      new Set(['names', 'api', 'token', 'artifacts', 'packages', 'ports', 'cores']),
    );
  });

  it('is asked for nothing that it has no use for', () => {
    const none = { api: null, archives: [], packages: null, names: [], ports: [], cpus: [] };
    expect(findings({}, none)).toEqual([]);
  });
});

describe('lotus-miner', () => {
  it.each<[HttpAnswer, string]>([
    [
      { type: 'refused', why: 'Connection refused' },
      'api off: nothing listens at 192.168.10.1:2345, where workers register at lotus-miner',
    ],
    [
      { type: 'late', connected: false },
      'api off: 192.168.10.1:2345, where workers register at lotus-miner, takes no connection from this host within 8 s',
    ],
    [
      { type: 'late', connected: true },
      'api off: what listens at 192.168.10.1:2345 does not answer within 8 s; workers register there',
    ],
    [
      { type: 'no route', why: '' },
      'api off: this host has no route to 192.168.10.1:2345, where workers register at lotus-miner',
    ],
    [
      { type: 'other', line: 'SSH-2.0' },
      'api off: something else than lotus-miner answers at 192.168.10.1:2345',
    ],
    [status(404), 'api off: something else than lotus-miner answers at 192.168.10.1:2345'],
    [status(200, '<html>'), 'api off: something else than lotus-miner answers at 192.168.10.1:2345'],
    [status(502, 'bad gateway'), 'api off: what listens at 192.168.10.1:2345 answers with an error (502)'],
    [status(401), 'token off: lotus-miner at 192.168.10.1:2345 refuses the token (401)'],
    [
      rpc(['read']),
      'token off: the token allows too little at 192.168.10.1:2345: a worker has to have admin',
    ],
    [
      status(
        200,
        '{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"missing permission to invoke \'AuthVerify\'"}}',
      ),
      'token off: the token allows too little at 192.168.10.1:2345',
    ],
    [
      status(200, '{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"method not found"}}'),
      'token unknown: lotus-miner at 192.168.10.1:2345 does not say what the token allows',
    ],
  ])('%j', (api, told) => {
    expect(troubles({ api })).toEqual([told]);
  });

  it('is not known to be there where the host did not say', () => {
    expect(troubles({ api: null })).toEqual([
      'api unknown: whether lotus-miner answers at 192.168.10.1:2345 is not known: the host did not say in time',
    ]);
  });
});

describe('what is fetched', () => {
  it('is not asked for where the host has it', () => {
    expect(troubles({ archives: new Map([[URL_OF_ARCHIVE, 'here']]) })).toEqual([]);
  });

  it.each<[HttpAnswer, string]>([
    [status(401), 'off'],
    [status(403), 'off'],
    [status(404), 'off'],
    [status(503), 'off'],
    [status(302), 'warn'],
    [status(418), 'unknown'],
    [{ type: 'tls', why: 'expired' }, 'off'],
    [{ type: 'nobody' }, 'unknown'],
    [{ type: 'connected' }, 'unknown'],
  ])('%j', (answer, state) => {
    const told = findings({ archives: new Map([[URL_OF_ARCHIVE, answer]]) });
    expect(told.filter(({ check }) => check === 'artifacts').map((one) => one.state)).toEqual([state]);
  });

  it('is told by its cause alone where the name servers do not answer', () => {
    if (SOUGHT.api === null) throw new Error('it is asked about its API');
    const api = { ...SOUGHT.api, host: 'miner.example.com' };
    const names = new Map<string, 'known' | 'unknown' | 'late'>([['miner.example.com', 'late']]);
    const told = findings(
      { api: { type: 'late', connected: false }, names },
      { api, names: [{ name: 'miner.example.com', what: ['lotus-miner'] }] },
    );
    expect(
      told.filter(({ state, isQuiet }) => state === 'off' && !isQuiet).map(({ check }) => check),
    ).toEqual(['names']);
  });

  it('is told by its cause alone where that is a name', () => {
    const told = findings({
      archives: new Map([[URL_OF_ARCHIVE, { type: 'name', why: '' }]]),
      names: new Map([
        ['artifacts.example.com', 'unknown'],
        ['time.example.com', 'late'],
      ]),
    }).filter(({ state, isQuiet }) => state !== 'ok' && !isQuiet);
    expect(told.map(({ state, message }) => `${state}: ${message}`)).toEqual([
      'off: the host does not find the name artifacts.example.com (artifact server)',
      "warn: the host's name servers did not answer for time.example.com (time server) within 5 s",
    ]);
  });
});

describe('sources of packages', () => {
  const source = (url: string, answer: HttpAnswer) => ({ isOurs: false, url, answer });
  const dead = source('http://a/', { type: 'refused', why: '' });

  it('are off where none answers, and packages are missing', () => {
    expect(troubles({ sources: [dead] })).toEqual([expect.stringMatching(/^packages off: /)]);
    expect(troubles({ sources: [dead], missing: [] })).toEqual([expect.stringMatching(/^packages warn: /)]);
  });

  it('are a warning where another answers', () => {
    expect(troubles({ sources: [dead, source('http://b/', status(200))] })).toEqual([
      expect.stringMatching(/^packages warn: http:\/\/a\/: /),
    ]);
  });
});

describe('the address to listen on', () => {
  const sought = { ...SOUGHT, listen: '10.0.0.50', seeksListen: true };
  const told = (output: string, on = sought) =>
    judge(on, { ...WELL, addresses: { status: 0, output } }).filter(({ check }) => check === 'address');

  it('is there, or told with those that are; nothing of it where it is not asked for', () => {
    expect(told('10.0.0.50 ens1f0\n192.168.10.50 eno1\n')).toMatchObject([
      { state: 'ok', about: '10.0.0.50' },
    ]);
    expect(told('192.168.10.50 eno1\n')).toMatchObject([
      {
        state: 'off',
        message: expect.stringMatching(
          /^p1-50 has no address 10\.0\.0\.50: .*; it has 192\.168\.10\.50 on eno1$/,
        ),
      },
    ]);
    expect(told('192.168.10.50 eno1\n', { ...sought, seeksListen: false })).toEqual([]);
    expect(judge(sought, WELL).filter(({ check }) => check === 'address')).toMatchObject([
      { state: 'unknown' },
    ]);
  });
});

describe('ports', () => {
  const listener = (more: Partial<Listener>): Listener => ({
    port: 10_001,
    address: '00000000',
    pid: 4711,
    repository: null,
    command: 'python3 -m http.server',
    ...more,
  });

  it.each<[Partial<Listener>, string[]]>([
    [{}, ['ports off: port 10001 of P1-1 is taken by process 4711 (python3 -m http.server)']],
    // 192.168.10.50, the last byte first.
    [
      { address: '320AA8C0' },
      ['ports off: port 10001 of P1-1 is taken by process 4711 (python3 -m http.server)'],
    ],
    [{ pid: null }, ['ports off: port 10001 of P1-1 is taken by a process that the host cannot name']],
    [
      { pid: 'unread' },
      [
        'ports unknown: port 10001 of P1-1 is listened on, and by whom is not known: the host did not say in time',
      ],
    ],
    [
      { address: '0100007F' },
      [
        'ports warn: port 10001 of P1-1 is listened on at another address, by process 4711 (python3 -m http.server)',
      ],
    ],
    // Another network namespace: not of this host.
    [{ address: '0100007F', pid: null }, []],
    [{ repository: '/opt/lotusworker/worker-1p1' }, []],
    [{ port: 10_002 }, []],
    [{ repository: '/opt/lotusworker/worker-2p1' }, [expect.stringContaining('ports off: ')]],
  ])('%j', (more, told) => {
    expect(troubles({ listeners: [listener(more)] })).toEqual(told);
  });
});

describe('cores', () => {
  const busy = (cpus: readonly number[]) => [{ pid: 7, percent: 97, cpus, command: '[md0_resync]' }];

  it('are told where somebody else is at work on them, as a warning', () => {
    expect(troubles({ busy: busy([2, 3, 9]) })).toEqual([
      'cores warn: process 7 ([md0_resync]) is at work on cores 2-3 of its processes, 97 % of a core',
    ]);
  });

  it('are free where it is at work elsewhere', () => {
    expect(troubles({ busy: busy([9]) })).toEqual([]);
    expect(troubles({ busy: null })).toEqual([expect.stringContaining('cores unknown: ')]);
  });
});

describe('the clock', () => {
  // The host took two seconds; the trip takes 2.1 s.
  const told = (offset: number, setsClock = false) =>
    clockFinding(
      { setsClock },
      { ...WELL, clock: { begin: 1000 + offset, end: 3000 + offset, synchronized: { type: 'unknown' } } },
      { sent: 950, received: 3050 },
    );

  it.each([
    [0, false, 'ok', 'its clock is right (± 50 ms)'],
    [2400, false, 'warn', 'its clock is 2.4 s ahead (± 50 ms)'],
    [-400_000, false, 'off', 'its clock is 6 min 40 s behind (± 50 ms)'],
    [-400_000, true, 'warn', 'its clock is 6 min 40 s behind (± 50 ms)'],
  ])('%i ms', (offset, setsClock, state, message) => {
    expect(told(offset, setsClock)).toMatchObject({ state, message });
  });

  it('is not known where it cannot be read, or the way is too long', () => {
    expect(clockFinding(SOUGHT, { ...WELL, clock: null }, { sent: 0, received: 1 }).state).toBe('unknown');
    expect(clockFinding(SOUGHT, WELL, { sent: 0, received: 9000 }).state).toBe('unknown');
  });

  it('is told where the keeper is not in step', () => {
    const clock = { begin: 1000, end: 3000, synchronized: { type: 'no', by: 'chrony' } } as const;
    expect(clockFinding(SOUGHT, { ...WELL, clock }, { sent: 950, received: 3050 })).toMatchObject({
      state: 'warn',
      why: 'chronyd says that it is not in step',
    });
  });
});
