/** Starts a process that tries made-up inputs, again after each that it does not survive, and adds up what came of it. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { MiB } from '../../src/core/units.ts';
import type { FuzzMessage } from './fuzz.ts';
import type { Tally } from './kills.ts';

const program = fileURLToPath(new URL('fuzz.ts', import.meta.url));
const loader = fileURLToPath(new URL('../typescript.mjs', import.meta.url));
/** Milliseconds after which an input hangs, on a machine with other work too. */
const PATIENCE = 30_000;
/** MiB of memory that is not enough for what grows without bounds. */
const MOST_MEMORY = 700;
/** Bytes that may be in use at the end beyond those after the first rounds. */
const MOST_GROWTH = 24 * MiB;

interface Progress {
  /** The input that is tried. */
  number: number;
  passed: number;
  readonly failures: string[];
  readonly memory: number[];
}

/** Tries inputs from `progress.number` on; resolves with why the process ended before their end, or nothing. */
const go = (
  subject: string,
  seed: number,
  count: number,
  own: readonly string[],
  progress: Progress,
): Promise<string | undefined> =>
  new Promise((resolve) => {
    const child = fork(program, [subject, `${seed}`, `${count}`, `${progress.number}`, ...own], {
      execArgv: ['--import', loader, '--expose-gc', `--max-old-space-size=${MOST_MEMORY}`],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    let hangs = false;
    const late = () => {
      hangs = true;
      child.kill('SIGKILL');
    };
    let timer = setTimeout(late, 2 * PATIENCE);
    child.on('message', (message: FuzzMessage) => {
      clearTimeout(timer);
      timer = setTimeout(late, PATIENCE);
      if (message.type === 'begin') progress.number = message.number;
      else if (message.type === 'memory') progress.memory.push(message.bytes);
      else if (message.faults.length === 0) progress.passed += 1;
      else {
        progress.failures.push(`${subject} ${message.number}\n  ${message.faults.slice(0, 5).join('\n  ')}`);
      }
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const why = hangs
        ? `it did not end within ${PATIENCE / 1000} s`
        : `it ended the process (${signal ?? code})`;
      resolve(code === 0 ? undefined : why);
    });
  });

const growth = (memory: readonly number[]): readonly string[] => {
  // The first rounds fill what is kept for good: compiled code, templates.
  const [, , early] = memory;
  const late = memory.at(-1);
  if (early === undefined || late === undefined || late - early < MOST_GROWTH) return [];
  return [`memory grew from ${(early / MiB).toFixed(0)} to ${(late / MiB).toFixed(0)} MiB`];
};

/** So many made-up inputs of a subject. */
export const fuzzing = async (
  subject: 'inputs' | 'answers',
  seed: number,
  count: number,
  own: readonly string[],
): Promise<Tally> => {
  const progress: Progress = { number: 0, passed: 0, failures: [], memory: [] };
  while (progress.number < count) {
    const why = await go(subject, seed, count, own, progress);
    if (why === undefined) break;
    progress.failures.push(`${subject} ${progress.number}\n  ${why}`);
    progress.number += 1;
  }
  const missing = count - progress.passed - progress.failures.length;
  if (missing !== 0) progress.failures.push(`${subject}: nothing was heard of ${missing}`);
  const failures = [...progress.failures, ...growth(progress.memory).map((what) => `${subject}: ${what}`)];
  return { passed: progress.passed, failures };
};
