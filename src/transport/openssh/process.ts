import process from 'node:process';
import { edit } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { TransportDeps } from '../deps.ts';
import type { Pipe, PipeEnd } from '../exec/pipe.ts';

/** Starts the system's ssh, which ends with fcops. Fails only where there is none. */
export const startSsh = async (
  deps: Pick<TransportDeps, 'env' | 'atExit'>,
  args: readonly string[],
): Promise<Result<Pipe, PipeEnd>> => {
  const { execa } = await import('execa');
  const child = execa('ssh', args, {
    // Its messages are read, so they must not come in another language.
    env: { ...deps.env, LC_ALL: 'C' },
    extendEnv: false,
    stdin: 'pipe',
    buffer: false,
    reject: false,
    // Ctrl-C on a terminal goes to its whole process group: fcops still needs ssh, to have the host stop.
    detached: true,
  });
  const abandon = () => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    try {
      // The group: an ssh to a bastion, which this one has started, may be waiting for an answer there.
      process.kill(-child.pid, 'SIGTERM');
    } catch {
      // It has ended by itself just now.
    }
  };
  // execa leaves detached processes alone.
  const forget = deps.atExit(abandon);
  child.finally(forget);
  const ended = child.then(
    ({ exitCode, signal }): PipeEnd => ({ status: exitCode ?? null, signal: signal ?? null, lost: false }),
  );
  if (child.pid === undefined) {
    const problem: Problem = {
      kind: 'connect',
      what: 'the system has no ssh',
      next: [edit('install the OpenSSH client, or take the default transport: --transport ssh2')],
    };
    return err({ ...(await ended), problem });
  }
  const { stdin, stdout, stderr } = child;
  return ok({ stdin, stdout, stderr, ended, abandon });
};
