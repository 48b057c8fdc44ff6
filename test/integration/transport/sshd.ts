import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Endpoint, Target } from '../../../src/transport/connection.ts';

/** Where the tests' programs come from; a missing one fails the tests, as a skipped test proves nothing. */
const PROGRAMS = {
  sshd: ['/usr/sbin/sshd', 'openssh-server'],
  'ssh-keygen': ['/usr/bin/ssh-keygen', 'openssh-client'],
  'ssh-agent': ['/usr/bin/ssh-agent', 'openssh-client'],
  sudo: ['/usr/bin/sudo', 'sudo'],
  csh: ['/bin/csh', 'tcsh'],
} as const;

export const need = (program: keyof typeof PROGRAMS): string => {
  const [path, debianPackage] = PROGRAMS[program];
  if (!existsSync(path)) throw new Error(`these tests need ${path}: apt-get install ${debianPackage}`);
  return path;
};

/** These tests log in as root and make users: only root can. */
export const needRoot = (): void => {
  if (process.getuid?.() !== 0)
    throw new Error('these tests start SSH servers that log root in: run them as root');
};

export type KeyType = 'ed25519' | 'ecdsa' | 'rsa';

/** Makes a key pair and returns the private key's path. */
export const makeKey = (file: string, type: KeyType = 'ed25519', passphrase = ''): string => {
  execFileSync(need('ssh-keygen'), ['-q', '-t', type, '-N', passphrase, '-C', 'fcops-test', '-f', file]);
  return file;
};

/** `type base64` of a public key file. */
export const publicKey = (file: string): string =>
  readFileSync(`${file}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');

export interface Sshd {
  readonly port: number;
  readonly pid: number;
  readonly directory: string;
  /** Private key files of the server, by type. */
  readonly hostKeys: Readonly<Record<string, string>>;
  /** A key that may log in. */
  readonly userKey: string;
  readonly knownHosts: string;
  readonly log: () => string;
  /** How to reach it as root with its key, with whatever a test wants otherwise. */
  readonly target: (change?: Partial<Target>) => Target;
  readonly stop: () => Promise<void>;
}

export interface SshdOptions {
  readonly hostKeyTypes?: readonly KeyType[];
  /** Further lines of sshd_config. */
  readonly config?: readonly string[];
  /** A key that may log in; made where not given. */
  readonly userKey?: string;
}

/** A port that nobody listens on just now. */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};

/** Starts OpenSSH's own server on a loopback port, with keys and configuration in a directory of its own. */
export const startSshd = async ({
  hostKeyTypes = ['ed25519'],
  config = [],
  userKey,
}: SshdOptions = {}): Promise<Sshd> => {
  needRoot();
  const sshd = need('sshd');
  const directory = mkdtempSync(join(tmpdir(), 'fcops-sshd-'));
  // sshd reads authorized_keys as the user who logs in.
  chmodSync(directory, 0o711);
  mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const hostKeys = Object.fromEntries(
    hostKeyTypes.map((type) => [type, makeKey(join(directory, `host_${type}`), type)]),
  );
  const key = userKey ?? makeKey(join(directory, 'user'));
  const authorized = join(directory, 'authorized_keys');
  writeFileSync(authorized, readFileSync(`${key}.pub`), { mode: 0o644 });
  const port = await freePort();
  const file = join(directory, 'sshd_config');
  const lines = [
    ...config,
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    ...Object.values(hostKeys).map((path) => `HostKey ${path}`),
    `AuthorizedKeysFile ${authorized}`,
    'PidFile none',
    'PermitRootLogin yes',
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'MaxStartups 200',
    'LogLevel VERBOSE',
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  const child = spawn(sshd, ['-D', '-e', '-f', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (chunk) => {
    log += String(chunk);
  });
  await listening(port, child, () => log);
  const knownHosts = join(directory, 'known_hosts');
  writeFileSync(
    knownHosts,
    Object.values(hostKeys)
      .map((path) => `[127.0.0.1]:${port} ${publicKey(path)}\n`)
      .join(''),
  );
  return {
    port,
    pid: child.pid ?? 0,
    directory,
    hostKeys,
    userKey: key,
    knownHosts,
    log: () => log,
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
      await stopChild(child);
      rmSync(directory, { recursive: true, force: true });
    },
  };
};

/** The same server as a bastion on the way to another. */
export const asBastion = (sshd: Sshd, change: Partial<Endpoint> = {}): Endpoint => {
  const { proxyJump: _, ...endpoint } = sshd.target({ name: `root@127.0.0.1:${sshd.port}` });
  return { ...endpoint, ...change };
};

const stopChild = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
};

const listening = async (port: number, child: ChildProcess, log: () => string): Promise<void> => {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`sshd ended: ${log()}`);
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (open) return;
    await wait(25);
  }
  throw new Error(`sshd does not listen: ${log()}`);
};
