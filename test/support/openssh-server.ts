import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, chmod, mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { look } from '../../src/core/next.ts';
import { FcopsError } from '../../src/core/problem.ts';
import { words } from '../../src/core/shell.ts';

/** A host behind the server: the address that leads to it, and the program that enters it. */
export interface Door {
  readonly address: string;
  readonly enter: readonly string[];
}

export interface OpensshServerOptions {
  /** Directory for the server's own files. */
  readonly directory: string;
  readonly port: number;
  /** Private host key, OpenSSH format: one for all addresses. */
  readonly hostKey: string;
  readonly authorizedKey: string;
  readonly doors: readonly Door[];
}

const PROGRAM = '/usr/sbin/sshd';

const configuration = ({ directory, port, doors }: OpensshServerOptions): string =>
  [
    `Port ${port}`,
    // An sshd has sixteen sockets at most, so it listens everywhere; who comes by another address gets nothing.
    'ListenAddress 0.0.0.0',
    'ForceCommand /bin/false',
    'DisableForwarding yes',
    `HostKey ${join(directory, 'host-key')}`,
    `AuthorizedKeysFile ${join(directory, 'authorized-keys')}`,
    `PidFile none`,
    'StrictModes no',
    'UsePAM no',
    'UseDNS no',
    'PrintMotd no',
    'PasswordAuthentication no',
    'PermitRootLogin yes',
    'MaxStartups 1000',
    'LogLevel ERROR',
    ...doors.flatMap(({ address, enter }) => [
      `Match LocalAddress ${address}`,
      // The host's shell gets the client's command line as it came.
      `  ForceCommand exec ${words(...enter)} /bin/bash -c "$SSH_ORIGINAL_COMMAND"`,
    ]),
    '',
  ].join('\n');

const isListening = async (address: string, port: number): Promise<boolean> => {
  const socket = connect(port, address);
  const answer = await Promise.race([
    once(socket, 'connect').then(() => true),
    once(socket, 'error').then(() => false),
  ]).catch(() => false);
  socket.destroy();
  return answer;
};

/**
 * Starts one OpenSSH server in front of all hosts, which tells them apart by the address that was called.
 * It runs with an empty /root of its own, so that the dot files of this machine's root cost no login time,
 * and ends with this process.
 */
export const startOpensshServer = async (
  options: OpensshServerOptions,
): Promise<{ stop(): Promise<void> }> => {
  await access(PROGRAM).catch(() => {
    throw new FcopsError({
      kind: 'check',
      what: `${PROGRAM} is not on this machine`,
      next: [look('install the package openssh-server')],
    });
  });
  const { directory, hostKey, authorizedKey, port, doors } = options;
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'host-key'), hostKey, { mode: 0o600 });
  await writeFile(join(directory, 'authorized-keys'), `${authorizedKey}\n`);
  await chmod(directory, 0o755);
  const config = join(directory, 'sshd_config');
  await writeFile(config, configuration(options));
  const start = 'mount -t tmpfs none /root; mkdir -p /run/sshd; exec setpriv --pdeathsig KILL "$@"';
  const child = spawn('unshare', ['--mount', 'bash', '-c', start, '-', PROGRAM, '-D', '-e', '-f', config], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const exit = once(child, 'exit').catch(() => {});
  const [first] = doors;
  for (let tries = 0; first && !(await isListening(first.address, port)); tries += 1) {
    if (child.exitCode !== null || tries > 200) {
      child.kill('SIGKILL');
      throw new FcopsError({ kind: 'check', what: 'sshd does not start', why: log.trim() });
    }
    await delay(25);
  }
  return {
    stop: async () => {
      child.kill('SIGTERM');
      await exit;
    },
  };
};
