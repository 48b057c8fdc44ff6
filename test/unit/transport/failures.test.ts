import { describe, expect, it } from 'vitest';
import type { Endpoint, Target } from '../../../src/transport/connection.ts';
import { explainNotStarted } from '../../../src/transport/exec/not-started.ts';
import {
  ConnectFailure,
  dropped,
  type Failure,
  retriable,
  socketFailure,
} from '../../../src/transport/failures/failure.ts';
import { connectError } from '../../../src/transport/failures/troubleshooting.ts';
import { culprit, opensshFailure } from '../../../src/transport/openssh/errors.ts';

const target: Target = {
  name: 'p1-50',
  address: '192.168.10.50',
  port: 22,
  user: 'root',
  privateKeys: [],
  knownHosts: '/home/me/.ssh/known_hosts',
  connectTimeout: 15,
  proxyJump: [],
};
const bastion: Endpoint = { ...target, name: 'ops@gate:2222', address: 'gate', port: 2222, user: 'ops' };
const failures: readonly (readonly [name: string, failure: Failure, what: RegExp])[] = [
  ['dns', { kind: 'dns', code: 'ENOTFOUND' }, /name 192.168.10.50 cannot be resolved/],
  ['refused', { kind: 'refused' }, /refused the connection/],
  ['unreachable', { kind: 'unreachable', detail: 'EHOSTUNREACH' }, /cannot be reached/],
  ['no answer', { kind: 'timeout', stage: 'connect', seconds: 15 }, /did not answer within 15 s/],
  ['slow login', { kind: 'timeout', stage: 'login', seconds: 15 }, /login was not done within 15 s/],
  [
    'dropped',
    { kind: 'dropped', said: '', reason: 'unsaid' },
    /closed the connection before the SSH handshake/,
  ],
  ['not SSH', { kind: 'not-ssh', said: 'HTTP/1.1 400 Bad Request' }, /192.168.10.50 is not an SSH server/],
  ['disconnected', { kind: 'disconnected', detail: 'x' }, /ended the login/],
  ['algorithms', { kind: 'algorithms', detail: 'x' }, /no algorithm in common/],
  ['host key', { kind: 'host-key', verdict: { kind: 'unknown' } }, /host key of 192.168.10.50 is not known/],
  [
    'denied',
    { kind: 'authentication', tried: ['key a'], skipped: [], accepted: [] },
    /login as root was denied/,
  ],
  [
    'nothing to try',
    { kind: 'authentication', tried: [], skipped: [], accepted: [] },
    /no key, agent or password/,
  ],
  ['forward', { kind: 'forward', detail: 'x' }, /the bastion did not connect/],
  ['proxy command', { kind: 'proxy-command' }, /ProxyCommand/],
  ['other', { kind: 'other', detail: 'x' }, /failed/],
];

describe('a failure', () => {
  it.each(failures)('(%s) names the host and says what to do next', (_, failure, what) => {
    const { problems } = connectError(target, new ConnectFailure(target, failure));
    expect(problems).toHaveLength(1);
    expect(problems[0]?.what).toMatch(what);
    expect(problems[0]?.where).toEqual({ host: 'p1-50' });
    expect(problems[0]?.next).toBeTruthy();
  });

  it.each([
    ['', { kind: 'dropped', reason: 'unsaid' }],
    ['Exceeded MaxStartups', { kind: 'dropped', reason: 'busy' }],
    ['Not allowed at this time', { kind: 'dropped', reason: 'banned' }],
    ['HTTP/1.1 400 Bad Request', { kind: 'not-ssh' }],
    ['220 mail.example.com ESMTP', { kind: 'not-ssh' }],
  ])('of a server that hangs up with %j is %j', (said, failure) => {
    expect(dropped(said)).toEqual({ ...failure, said });
  });

  it('for a key file that is not there names it and what to correct', () => {
    const skipped = [{ kind: 'missing', file: '/x/nokey' }] as const;
    const failure = { kind: 'authentication', tried: [], skipped, accepted: [] } as const;
    expect(connectError(target, new ConnectFailure(target, failure)).problems).toMatchObject([
      {
        what: 'no key, agent or password to log in as root',
        why: 'the key file /x/nokey does not exist',
        next: [{ type: 'edit', text: expect.stringContaining('correct ssh.privateKey') }],
      },
    ]);
  });

  it('for an unknown host key tells of the key only where it is at hand', () => {
    const verdict = { kind: 'unknown' } as const;
    const of = (fingerprint?: string) =>
      connectError(
        target,
        new ConnectFailure(target, { kind: 'host-key', verdict, ...(fingerprint && { fingerprint }) }),
      ).message;
    expect(of()).not.toMatch(/presents|compare/);
    expect(of()).toContain('then: fcops trust p1-50');
    expect(of('SHA256:abc')).toContain('it presents SHA256:abc, and /home/me/.ssh/known_hosts has no key');
  });

  it('at a bastion names both', () => {
    const error = connectError(target, new ConnectFailure(bastion, { kind: 'refused' }));
    expect(error.message).toContain('p1-50: bastion ops@gate:2222: gate port 2222 refused');
  });

  it.each([
    [{ kind: 'dropped', said: '', reason: 'unsaid' }, 1, true],
    [{ kind: 'dropped', said: 'Exceeded MaxStartups', reason: 'busy' }, 5, true],
    [{ kind: 'dropped', said: 'Not allowed at this time', reason: 'banned' }, 1, false],
    [{ kind: 'not-ssh', said: 'HTTP/1.1 400 Bad Request' }, 1, false],
    [{ kind: 'refused' }, 1, true],
    [{ kind: 'refused' }, 2, false],
    [{ kind: 'dns', code: 'EAI_AGAIN' }, 1, true],
    [{ kind: 'dns', code: 'ENOTFOUND' }, 1, false],
    [{ kind: 'authentication', tried: [], skipped: [], accepted: [] }, 1, false],
    [{ kind: 'host-key', verdict: { kind: 'unknown' } }, 1, false],
    [{ kind: 'disconnected', detail: '' }, 1, false],
    [{ kind: 'timeout', stage: 'connect', seconds: 1 }, 1, false],
  ] as const satisfies readonly (readonly [Failure, number, boolean])[])(
    '%j at try %i: again %s',
    (failure, attempt, again) => {
      expect(retriable(new ConnectFailure(target, failure), attempt)).toBe(again);
    },
  );

  it('that is none of ours is not tried again', () => {
    expect(retriable(new Error('bug'), 1)).toBe(false);
  });

  it.each([
    ['ECONNREFUSED', 'refused'],
    ['ECONNRESET', 'dropped'],
    ['EHOSTUNREACH', 'unreachable'],
    ['ETIMEDOUT', 'unreachable'],
    ['ENOTFOUND', 'dns'],
    ['EWHATEVER', 'other'],
  ])('of a socket, %s, is %s', (code, kind) => {
    expect(socketFailure(Object.assign(new Error(code), { code })).kind).toBe(kind);
  });
});

describe("what the system's ssh prints", () => {
  const nothing = { keys: [], portless: [], revoked: [], authorities: [] };
  it.each([
    ['ssh: connect to host 192.168.10.50 port 22: Connection refused', { kind: 'refused' }],
    [
      'ssh: connect to host 192.168.10.50 port 22: Connection timed out',
      { kind: 'timeout', stage: 'connect', seconds: 15 },
    ],
    ['Connection timed out during banner exchange', { kind: 'timeout', stage: 'connect', seconds: 15 }],
    ['ssh: connect to host x port 22: No route to host', { kind: 'unreachable', detail: 'No route to host' }],
    ['ssh: Could not resolve hostname x: Name or service not known', { kind: 'dns', code: 'ENOTFOUND' }],
    [
      'ssh: Could not resolve hostname x: Temporary failure in name resolution',
      { kind: 'dns', code: 'EAI_AGAIN' },
    ],
    [
      'root@x: Permission denied (publickey,password).',
      { kind: 'authentication', accepted: ['publickey', 'password'] },
    ],
    ['Received disconnect from x port 22:2: Too many authentication failures', { kind: 'authentication' }],
    [
      'kex_exchange_identification: Connection closed by remote host\r\nConnection closed by x port 22',
      { kind: 'dropped' },
    ],
    ['kex_exchange_identification: banner line contains invalid characters', { kind: 'not-ssh' }],
    ['kex_exchange_identification: read: Connection reset by peer', { kind: 'dropped' }],
    [
      'Unable to negotiate with x port 22: no matching host key type found. Their offer: ssh-dss',
      { kind: 'algorithms' },
    ],
    [
      'channel 0: open failed: connect failed: Connection refused\r\nstdio forwarding failed',
      { kind: 'forward' },
    ],
    ['Host key verification failed.', { kind: 'host-key', verdict: { kind: 'unknown' } }],
    ['', { kind: 'other', detail: 'ssh gave no reason' }],
  ])('%j is understood', (stderr, failure) => {
    expect(opensshFailure(target, nothing, stderr)).toMatchObject(failure);
  });

  it('is put down to the bastion that it names', () => {
    const behind = { ...target, proxyJump: [bastion] };
    expect(culprit(behind, 'No ED25519 host key is known for [gate]:2222 and you have requested')).toBe(
      bastion,
    );
    expect(culprit(behind, 'ssh: connect to host gate port 2222: Connection refused')).toBe(bastion);
    expect(culprit(behind, 'root@192.168.10.50: Permission denied (publickey).')).toBe(behind);
  });
});

describe('a script that did not start', () => {
  it.each([
    ['sudo: a password is required', /wants a password/],
    ['sudo: a terminal is required to read the password; either use the -S option', /wants a password/],
    ['ops is not in the sudoers file.  This incident will be reported.', /may not use sudo/],
    ['sudo: sorry, you must have a tty to run sudo', /wants a terminal/],
    ['sh: 1: exec: /usr/bin/sudo: not found', /no sudo/],
    ['bash: /usr/bin/sudo: No such file or directory', /no sudo/],
    ["/usr/bin/env: '/bin/bash': No such file or directory", /no \/bin\/bash/],
    ['This account is currently not available.', /login shell ended with status 1/],
    ['', /login shell ended with status 1/],
  ])('because of %j', (said, what) => {
    const problem = explainNotStarted({ status: 1, signal: null, lost: false }, said);
    expect(problem.what).toMatch(what);
    expect(problem.next).toBeTruthy();
  });
});
