import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Endpoint, Target } from '../../../src/transport/connection.ts';
import { mayReplace } from '../../support/needs.ts';
import { type KeyType, makeKey, publicKey } from './keys.ts';
import { startOpenssh } from './openssh.ts';
import { startOwnServer } from './own-server.ts';

export interface Sshd {
  readonly port: number;
  readonly directory: string;
  /** Private key files of the server, by type. */
  readonly hostKeys: Readonly<Record<string, string>>;
  /** A key that may log in. */
  readonly userKey: string;
  readonly knownHosts: string;
  readonly log: () => string;
  /** Connections that are open now. */
  readonly open: () => number;
  /** How to reach it as root with its key, with whatever a test wants otherwise. */
  readonly target: (change?: Partial<Target>) => Target;
  readonly stop: () => Promise<void>;
}

export interface SshdOptions {
  readonly hostKeyTypes?: readonly KeyType[];
  /** The login shell of everybody; the account's own where it is left out. */
  readonly shell?: string;
  /** How many logins may be under way, as MaxStartups has it. */
  readonly maxStartups?: string;
  /** A key that may log in; made where not given. */
  readonly userKey?: string;
}

/**
 * Starts an SSH server on a loopback port, with keys and configuration in a directory of its own: OpenSSH's, or,
 * where this machine has none or nobody may log in as root, one of the tests' own. What only OpenSSH does is
 * tagged with `needs-sshd` by its tests.
 */
export const startSshd = async ({
  hostKeyTypes = ['ed25519'],
  shell,
  maxStartups = '200',
  userKey,
}: SshdOptions = {}): Promise<Sshd> => {
  const directory = mkdtempSync(join(tmpdir(), 'fcops-sshd-'));
  // sshd reads authorized_keys as the user who logs in.
  chmodSync(directory, 0o711);
  const hostKeys = Object.fromEntries(
    hostKeyTypes.map((type) => [type, makeKey(join(directory, `host_${type}`), type)]),
  );
  const key = userKey ?? makeKey(join(directory, 'user'));
  const files = {
    directory,
    hostKeys: Object.values(hostKeys),
    authorizedKey: `${key}.pub`,
    shell,
    maxStartups,
  };
  const { port, log, open, stop } = await (mayReplace('sshd', 'root')
    ? startOwnServer(files)
    : startOpenssh(files));
  const knownHosts = join(directory, 'known_hosts');
  writeFileSync(
    knownHosts,
    Object.values(hostKeys)
      .map((path) => `[127.0.0.1]:${port} ${publicKey(path)}\n`)
      .join(''),
  );
  return {
    port,
    directory,
    hostKeys,
    userKey: key,
    knownHosts,
    log,
    open,
    target: (change = {}) => ({
      name: 'p1-test',
      address: '127.0.0.1',
      port,
      user: 'root',
      privateKeys: [key],
      knownHosts,
      proxyJump: [],
      connectTimeout: 10,
      ...change,
    }),
    stop: async () => {
      await stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
};

/** The same server as a bastion on the way to another. */
export const asBastion = (sshd: Sshd, change: Partial<Endpoint> = {}): Endpoint => {
  const { proxyJump: _, ...endpoint } = sshd.target({ name: `root@127.0.0.1:${sshd.port}` });
  return { ...endpoint, ...change };
};
