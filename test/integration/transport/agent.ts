import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

export interface Agent {
  readonly socket: string;
  readonly add: (keyFile: string, passphrase?: string) => void;
  readonly clear: () => void;
  readonly stop: () => Promise<void>;
}

/** An ssh-agent of the tests' own; tests that want one are tagged with `needs-ssh-agent`. */
export const startAgent = async (): Promise<Agent> => {
  const directory = mkdtempSync(join(tmpdir(), 'fcops-agent-'));
  const socket = join(directory, 'socket');
  const child = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
  for (let attempt = 0; attempt < 100 && !existsSync(socket); attempt += 1) await wait(20);
  const env = { ...process.env, SSH_AUTH_SOCK: socket };
  return {
    socket,
    add: (keyFile, passphrase) => {
      const ask = { DISPLAY: 'none', SSH_ASKPASS: join(directory, 'ask'), SSH_ASKPASS_REQUIRE: 'force' };
      if (passphrase) {
        execFileSync('sh', [
          '-c',
          'printf "#!/bin/sh\\necho %s\\n" "$2" >"$1"; chmod 700 "$1"',
          'sh',
          ask.SSH_ASKPASS,
          `'${passphrase}'`,
        ]);
      }
      execFileSync('ssh-add', ['-q', keyFile], {
        env: passphrase ? { ...env, ...ask } : env,
        stdio: 'ignore',
      });
    },
    clear: () => {
      execFileSync('ssh-add', ['-q', '-D'], { env, stdio: 'ignore' });
    },
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
};
