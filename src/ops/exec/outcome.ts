import { constants } from 'node:os';
import type { Problem } from '../../core/problem.ts';
import type { Exit } from '../../transport/connection.ts';
import type { Frame } from './output.ts';

/** What became of a line on a host. */
export type Outcome =
  /** It ended by itself; only 0 is well. */
  | { readonly type: 'exited'; readonly status: number }
  /** A signal ended it, or what it ran last: shells do not tell the two apart. */
  | { readonly type: 'killed'; readonly status: number; readonly signal: string }
  /** It was ended after its time. */
  | { readonly type: 'timed out' }
  /** Its time is over, and the host does not say that it has ended: it may go on there. */
  | { readonly type: 'hangs' }
  /** The connection was lost: nobody knows whether it ran to its end. */
  | { readonly type: 'lost'; readonly problem: Problem }
  /** It was not run at all. */
  | { readonly type: 'not run'; readonly problems: readonly Problem[] }
  /** Whoever asked for it did not wait for its end, and it was ended; or it was not begun. */
  | { readonly type: 'interrupted'; readonly begun: boolean };

/** What is known when nothing more comes of a host. */
export interface Known {
  readonly host: string;
  readonly frame: (word: string) => Frame | undefined;
  readonly exit: Exit;
  /** Seconds that it had. */
  readonly seconds: number;
  /** Its time was over by our clock, and nothing was heard. */
  readonly late: boolean;
  readonly interrupted: boolean;
}

const numbers = (text: string | undefined): readonly number[] =>
  text !== undefined && /^\d+( \d+)*$/.test(text) ? text.split(' ').map(Number) : [];

/** What `timeout` ends with where it had to end, or to kill, what it ran. */
const LATE: readonly number[] = [124, 137];
const SIGNALS = new Map(Object.entries(constants.signals).map(([name, number]) => [128 + number, name]));

/** What became of a line, from all that was heard of it. */
export const outcomeOf = ({ host, frame, exit, seconds, late, interrupted }: Known): Outcome => {
  const [status] = numbers(frame('ended')?.rest);
  const [over, took = 0] = numbers(frame('over')?.rest);
  const begun = frame('began') !== undefined;
  if (over !== undefined && LATE.includes(over) && took >= seconds) return { type: 'timed out' };
  if (status !== undefined) return ended(status);
  if (over !== undefined)
    return begun && over !== 0 ? ended(over) : { type: 'not run', problems: [endedEarly(host, over)] };
  if (interrupted) return { type: 'interrupted', begun };
  if (late) return { type: 'hangs' };
  const problem = { ...(exit.problem ?? silent(exit)), where: { host, ...exit.problem?.where } };
  // Before it began nothing can have run but the profile.
  if (!exit.lost && !begun) return { type: 'not run', problems: [problem] };
  return { type: 'lost', problem };
};

const ended = (status: number): Outcome => {
  const signal = SIGNALS.get(status);
  return signal === undefined ? { type: 'exited', status } : { type: 'killed', status, signal };
};

const endedEarly = (host: string, status: number): Problem => ({
  kind: 'run',
  what: 'the shell ended before the command began',
  where: { host },
  why: `status ${status}: the profile of the role has an exit in it, or bash could not be started`,
  next: [{ type: 'look', text: 'log in and read the profile in a bash of its own' }],
});

const silent = ({ status, signal, stderr }: Exit): Problem => ({
  kind: 'run',
  what: 'the shell on the host ended without a word',
  why: stderr.trim() || (signal ? `it was killed by ${signal}` : `status ${status ?? 'unknown'}`),
});
