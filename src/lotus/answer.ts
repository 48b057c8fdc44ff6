import { escapeUnseen } from '../core/invisible.ts';
import { type Answer, failureOf } from './failure.ts';
import { wholeLines } from './plain-text.ts';
import { notUnderstood, type Reading, reading } from './reading.ts';

const LONGEST_REASON = 300;

/** Reads the lines of a command that ended well. What one printed before it failed says nothing: it may be a part. */
export const readAnswer = <T>(answer: Answer, read: (lines: readonly string[]) => T): Reading<T> => {
  const failure = failureOf(answer);
  if (failure) return notUnderstood(escapeUnseen(failure.why.slice(0, LONGEST_REASON)));
  return reading(() => read(wholeLines(answer.stdout)));
};
