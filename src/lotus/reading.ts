import { escapeUnseen } from '../core/invisible.ts';

/**
 * What an output says, or why nobody can tell. What is not understood is no zero, no empty list and nothing safe:
 * whoever reads has to ask for `type` first.
 */
export type Reading<T> =
  | { readonly type: 'understood'; readonly value: T }
  | { readonly type: 'not understood'; readonly why: string };

export const notUnderstood = (why: string): Reading<never> => ({ type: 'not understood', why });

/** Ends a reading from within; `reading` makes an answer of it, so that nothing outside ever sees it. */
class Unclear extends Error {}

const LONGEST_LINE = 120;

/** Ends the reading around: why, and the line that it is about. */
export const unclear = (why: string, line?: string): never => {
  throw new Unclear(line === undefined ? why : `${why}: ${escapeUnseen(line.slice(0, LONGEST_LINE))}`);
};

/** Runs a reading that may end with `unclear`. */
export const reading = <T>(read: () => T): Reading<T> => {
  try {
    return { type: 'understood', value: read() };
  } catch (error) {
    if (error instanceof Unclear) return notUnderstood(error.message);
    throw error;
  }
};

/** The value, or the end of the reading where there is none. */
export const known = <T>(value: T | null | undefined, why: string, line?: string): T =>
  value ?? unclear(why, line);
