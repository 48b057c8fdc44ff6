import type { Result } from './result.ts';
import { err, ok } from './result.ts';

/**
 * The rows of an answer of a host, in fields, `over` as the last one; an answer without it broke off, and is not used at
 * all.
 */
export const toldRows = (text: string): Result<readonly (readonly string[])[], string> => {
  const rows = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'));
  return rows.at(-1)?.[0] === 'over' ? ok(rows) : err('the answer of the host broke off before its end');
};
