import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../../support/free-port.ts';
import { childrenOf } from '../../support/processes.ts';

/** What both servers are started with. */
export interface ServerFiles {
  readonly directory: string;
  /** Private key files. */
  readonly hostKeys: readonly string[];
  /** Public key file. */
  readonly authorizedKey: string;
  readonly shell: string | undefined;
  readonly maxStartups: string;
}

/** A server that listens on 127.0.0.1. */
export interface Listening {
  readonly port: number;
  readonly log: () => string;
  readonly open: () => number;
  readonly stop: () => Promise<void>;
}

const PROGRAM = '/usr/sbin/sshd';

/** Starts OpenSSH's own server; only root can, so that it lets root in. */
export const startOpenssh = async (files: ServerFiles): Promise<Listening> => {
  // Between the choice of a port and sshd's use of it another process may take it.
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const started = await startOn(port, files);
    if (typeof started !== 'string') return started;
    if (attempt === 5 || !started.includes('Address already in use'))
      throw new Error(`sshd does not start: ${started}`);
  }
};

/** The server, or what it said where it does not listen. */
const startOn = async (port: number, files: ServerFiles): Promise<Listening | string> => {
  const { directory, hostKeys, authorizedKey, shell, maxStartups } = files;
  mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const authorized = join(directory, 'authorized_keys');
  writeFileSync(authorized, readFileSync(authorizedKey), { mode: 0o644 });
  const file = join(directory, 'sshd_config');
  const lines = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    ...hostKeys.map((path) => `HostKey ${path}`),
    `AuthorizedKeysFile ${authorized}`,
    ...(shell ? [`ForceCommand exec ${shell} -c "$SSH_ORIGINAL_COMMAND"`] : []),
    'PidFile none',
    'PermitRootLogin yes',
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    `MaxStartups ${maxStartups}`,
    'LogLevel VERBOSE',
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  const child = spawn(PROGRAM, ['-D', '-e', '-f', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (chunk) => {
    log += String(chunk);
  });
  const failed = once(child, 'exit').catch((error: Error) => {
    log += error.message;
  });
  for (let tries = 0; !log.includes('Server listening on'); tries += 1) {
    const ended = await Promise.race([failed.then(() => true), wait(25, false)]);
    if (ended) return log;
    if (tries === 400) {
      await stopChild(child);
      return `it does not listen: ${log}`;
    }
  }
  return {
    port,
    log: () => log,
    open: () => childrenOf(child.pid ?? 0).length,
    stop: () => stopChild(child),
  };
};

const stopChild = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
};
