import { readAnswer } from './answer.ts';
import type { Answer } from './failure.ts';
import { attoFilOf } from './numbers.ts';
import { saying } from './plain-text.ts';
import { known, type Reading, unclear } from './reading.ts';

/** What `lotus wallet balance` says. */
export interface Balance {
  /** attoFIL. */
  readonly balance: bigint;
  /** The node itself warns that it may be out of date. */
  readonly mayBeOld: boolean;
}

/** Reads `lotus wallet balance ADDRESS`. */
export const readBalance = (answer: Answer): Reading<Balance> =>
  readAnswer(answer, (lines) => {
    const [line = '', ...more] = saying(lines);
    if (more.length > 0) unclear('there is more than one line', line);
    const [, amount = '', warning] = /^(\S+ FIL)(?: \(warning: (.+)\))?$/.exec(line) ?? [];
    const balance = known(attoFilOf(amount), 'this is no balance', line);
    return { balance, mayBeOld: warning !== undefined };
  });
