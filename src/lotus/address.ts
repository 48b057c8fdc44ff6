import { readAnswer } from './answer.ts';
import type { Answer } from './failure.ts';
import { saying } from './plain-text.ts';
import { known, type Reading, unclear } from './reading.ts';

const ADDRESS = /^[ft](?:0\d{1,20}|[12][a-z2-7]{39}|3[a-z2-7]{84})$/;

/** An address of any kind; null where it is none. Test networks begin theirs with a t. */
export const addressOf = (text: string | undefined): string | null =>
  text !== undefined && ADDRESS.test(text) ? text : null;

/** The id of a miner: `f01234`; null where it is none. */
export const minerId = (text: string | undefined): string | null =>
  text !== undefined && /^[ft]0\d{1,20}$/.test(text) ? text : null;

/** Reads the one address of `lotus wallet new` or `lotus wallet default`. */
export const readAddress = (answer: Answer): Reading<string> =>
  readAnswer(answer, (lines) => {
    const [line, ...more] = saying(lines);
    if (more.length > 0) unclear('there is more than one line', line);
    return known(addressOf(line), 'this is no address', line ?? '');
  });
