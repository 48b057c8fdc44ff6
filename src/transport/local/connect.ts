import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { messageOf } from '../../core/problem.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Connect } from '../connection.ts';
import type { TransportDeps } from '../deps.ts';
import { rootCommand } from '../exec/command.ts';
import type { Pipe, PipeEnd } from '../exec/pipe.ts';
import { runScript } from '../exec/run-script.ts';
import { elevation } from '../exec/sudo.ts';

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** Manages this machine: the same protocol as over SSH, with bash as a child process; by sudo where fcops is not root. */
export const localConnect =
  (deps: Pick<TransportDeps, 'after' | 'isRoot' | 'env' | 'atExit'>): Connect =>
  async (target, signal, onAsked) => {
    signal.throwIfAborted();
    onAsked?.();
    const mode = elevation(deps.isRoot ? { user: 'root' } : { ...target, user: 'not root' });
    const children = new Set<ChildProcess>();
    return {
      exec: (script, payload = new Uint8Array()) => {
        const bytes = Buffer.from(script);
        const [program, ...args] = rootCommand(bytes.length, mode.kind);
        const open = async () => {
          const child = spawn(program, args, {
            stdio: ['pipe', 'pipe', 'pipe'],
            env: deps.env,
            cwd: '/',
            // Ctrl-C on a terminal goes to its whole process group: what runs here stops when it is told to.
            detached: true,
          });
          children.add(child);
          const forget = deps.atExit(() => abandon(child));
          child.once('close', () => {
            children.delete(child);
            forget();
          });
          return pipe(child);
        };
        return runScript(deps, open, { script: bytes, payload, ...mode.input });
      },
      close: async () => {
        for (const child of children) abandon(child);
      },
    };
  };

const abandon = (child: ChildProcess): void => {
  // sudo passes the end of its input on; a signal from another user would not reach it.
  child.stdin?.destroy();
  child.kill('SIGTERM');
  // What bash has started finds its outputs closed, as over SSH: nobody waits for it, and it notices.
  child.stdout?.destroy();
  child.stderr?.destroy();
};

const pipe = (child: Child): Promise<Result<Pipe, PipeEnd>> =>
  new Promise((resolve) => {
    child.once('error', (error) =>
      resolve(
        err({
          status: null,
          signal: null,
          lost: false,
          problem: { kind: 'connect', what: `${child.spawnfile} cannot be started`, why: messageOf(error) },
        }),
      ),
    );
    const ended = new Promise<PipeEnd>((resolveEnd) => {
      child.once('close', (status, signal) => resolveEnd({ status, signal, lost: false }));
    });
    child.once('spawn', () => {
      const { stdin, stdout, stderr } = child;
      resolve(ok({ stdin, stdout, stderr, ended, abandon: () => abandon(child) }));
    });
  });
