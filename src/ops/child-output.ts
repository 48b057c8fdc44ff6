import { spawn } from 'node:child_process';
import { codeOf } from '../core/error-code.ts';
import { whenWeEnd } from '../transport/at-exit.ts';

/** A program that is run here, without a shell. */
export interface ChildCommand {
  readonly argv: readonly [string, ...string[]];
  /** Where it is run; left out: where fcops is. */
  readonly directory?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Its standard input; left out: none. */
  readonly input?: string;
  /**
   * It may ask a person on the terminal, which only those of its foreground group may: it stays in ours, where Ctrl-C
   * reaches it too, and is ended by itself alone. Left out: it gets a group of its own, which is ended as a whole.
   */
  readonly asks?: boolean;
}

export interface ChildLimits {
  /** Seconds. */
  readonly deadline: number;
  /** Bytes on standard output; of standard error no more is kept. */
  readonly most: number;
}

/** What a child came to. */
export type ChildEnd =
  | {
      readonly type: 'ended';
      readonly status: number | null;
      /** That has ended it; null: none. */
      readonly signal: NodeJS.Signals | null;
      readonly stdout: Buffer;
      readonly stderr: string;
    }
  /** It did not end by its deadline. */
  | { readonly type: 'late' }
  /** It printed more than it may. */
  | { readonly type: 'too much' }
  | { readonly type: 'not started'; readonly error: unknown };

/** Seconds for what a child has printed to come, once it has ended: what it has started may hold its outputs open. */
const LAST_WORDS = 1;

/**
 * Runs a program and gives what it printed. One that is late, prints too much, or runs when this process ends is ended with
 * all of its group. What it leaves behind by itself, as an agent, is not waited for.
 */
export const childOutput = (
  { argv: [program, ...words], directory, env, input, asks = false }: ChildCommand,
  { deadline, most }: ChildLimits,
): Promise<ChildEnd> =>
  new Promise((resolve) => {
    const child = spawn(program, words, {
      env,
      ...(directory !== undefined && { cwd: directory }),
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      detached: !asks,
    });
    const { stdin, stdout, stderr } = child;
    const printed: Buffer[] = [];
    const said: Buffer[] = [];
    let bytes = 0;
    let left = most;
    const kill = () => {
      if (asks) child.kill('SIGKILL');
      else if (child.pid !== undefined) killGroup(child.pid);
    };
    const forget = whenWeEnd(kill);
    let timer = setTimeout(() => killed({ type: 'late' }), deadline * 1000);
    const end = (result: ChildEnd) => {
      clearTimeout(timer);
      forget();
      stdout?.destroy();
      stderr?.destroy();
      resolve(result);
    };
    const killed = (result: ChildEnd) => {
      end(result);
      kill();
    };
    const ended = (status: number | null, signal: NodeJS.Signals | null): ChildEnd => ({
      ...{ type: 'ended', status, signal },
      stdout: Buffer.concat(printed),
      stderr: Buffer.concat(said).toString('utf8'),
    });
    stdout?.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > most) killed({ type: 'too much' });
      else printed.push(chunk);
    });
    stderr?.on('data', (chunk: Buffer) => {
      said.push(chunk.subarray(0, left));
      left = Math.max(0, left - chunk.length);
    });
    // Also where it could not be ended, of which nothing more can be said.
    child.on('error', (error) => end({ type: 'not started', error }));
    child.once('exit', (status, signal) => {
      clearTimeout(timer);
      timer = setTimeout(() => end(ended(status, signal)), LAST_WORDS * 1000);
    });
    child.once('close', (status, signal) => end(ended(status, signal)));
    // It may have ended before it read anything.
    stdin?.on('error', () => {});
    stdin?.end(input);
  });

/** Ends all of a process group. What is gone already is as well; what is another user's by now (sudo) goes on. */
const killGroup = (group: number): void => {
  try {
    process.kill(-group, 'SIGKILL');
  } catch (error) {
    const code = codeOf(error);
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
};
