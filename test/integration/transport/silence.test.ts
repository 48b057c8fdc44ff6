import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connector } from '../../../src/transport/connect.ts';
import type { Target } from '../../../src/transport/connection.ts';
import { fetchHostKey } from '../../../src/transport/ssh2/fetch-host-key.ts';
import { type FragileServer, startFragileServer } from './fragile-server.ts';
import { BOTH, deps, eachTransport, never, problemOf } from './helpers.ts';
import { asBastion, type Sshd, startSshd } from './sshd.ts';

/** Servers that fall silent on the way to a login: whoever connects can rely on the time-out and on the signal. */

const PHASES = ['connect', 'banner', 'key exchange'] as const;
type Phase = (typeof PHASES)[number];

let directory: string;
let sshd: Sshd;
const servers = new Map<Phase, FragileServer>();
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'fcops-silent-'));
  sshd = await startSshd();
  for (const phase of PHASES) servers.set(phase, await startFragileServer(directory, { silentAfter: phase }));
});
afterAll(async () => {
  await Promise.all([...servers.values()].map((server) => server.stop()));
  await sshd.stop();
  rmSync(directory, { recursive: true, force: true });
});

const serverOf = (phase: Phase): FragileServer => {
  const server = servers.get(phase);
  if (!server) throw new Error(`no server for ${phase}`);
  return server;
};
const WAYS: readonly (readonly [string, (phase: Phase, connectTimeout: number) => Target])[] = [
  ['a host', (phase, connectTimeout) => serverOf(phase).target({ connectTimeout })],
  [
    'a host behind a bastion',
    (phase, connectTimeout) => serverOf(phase).target({ connectTimeout, proxyJump: [asBastion(sshd)] }),
  ],
  [
    'a bastion',
    (phase, connectTimeout) => {
      const { proxyJump: _, ...silent } = serverOf(phase).target({ name: 'gate', connectTimeout });
      return sshd.target({ proxyJump: [silent] });
    },
  ],
];

describe.each(WAYS)('%s that is silent', (_, targetOf) => {
  describe.each(PHASES)('after %s', (phase) => {
    it('is given up after its connectTimeout', async () => {
      const { connections } = serverOf(phase);
      const before = connections();
      const message = await problemOf((await connector('ssh2', deps()))(targetOf(phase, 1), never()));
      expect(message).toContain('the login was not done within 1 s');
      // A time-out is not tried again.
      expect(connections()).toBe(before + 1);
    });

    eachTransport(BOTH, 'by %s', (transport) => {
      it('does not keep anybody from interrupting', async () => {
        const { connections } = serverOf(phase);
        const before = connections();
        const controller = new AbortController();
        const attempt = (await connector(transport, deps()))(targetOf(phase, 600), controller.signal);
        const rejected = expect(attempt).rejects.toThrow('interrupted');
        await expect.poll(connections, { timeout: 10_000 }).toBe(before + 1);
        controller.abort(new Error('interrupted'));
        await rejected;
        await expect.poll(() => serverOf(phase).open(), { timeout: 5_000 }).toBe(0);
      });
    });
  });
});

describe('a host that shows no key', () => {
  it.each(['connect', 'banner'] as const)('after %s is given up by trust, and can be', async (phase) => {
    const fetch = fetchHostKey(deps());
    expect(await problemOf(fetch(serverOf(phase).target({ connectTimeout: 1 }), never()))).toContain(
      'within 1 s',
    );
    const aborted = AbortSignal.timeout(100);
    await expect(fetch(serverOf(phase).target({ connectTimeout: 600 }), aborted)).rejects.toThrow();
  });
});
