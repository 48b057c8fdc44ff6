import type { Next } from '../../core/next.ts';
import { commandsIn, sayNext } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import { describeHolder } from '../../core/problem.ts';

/** What only the command line knows of how things are said. */
export interface Words {
  /** A command of fcops, as it can be copied: with the options that say where everything is. */
  readonly command: (words: readonly string[]) => string;
  /** Since when, from a moment such as `2026-11-22T10:30:00Z`. */
  readonly since: (stamp: string) => string;
}

/** As they are, for what is no command line. */
export const PLAIN_WORDS: Words = {
  command: (words) => ['fcops', ...words].join(' '),
  since: (stamp) => stamp,
};

/** What to do, in words. */
export interface Advice {
  /** In one sentence. */
  readonly next: string;
  /** The commands in it, in their order; left out where there are none. */
  readonly commands?: string[];
}

/** What to do, in words; undefined where there is nothing. */
export const adviceOf = (next: readonly Next[] | undefined, { command }: Words): Advice | undefined => {
  if (next === undefined || next.length === 0) return undefined;
  const commands = commandsIn(next, command);
  return { next: sayNext(next, command), ...(commands.length > 0 && { commands }) };
};

/** The reason; undefined where none is known. */
export const reasonText = ({ why, holder }: Problem, { since }: Words): string | undefined => {
  if (why !== undefined) return why === '' ? undefined : why;
  return holder && describeHolder({ ...holder, since: holder.since && since(holder.since) });
};
