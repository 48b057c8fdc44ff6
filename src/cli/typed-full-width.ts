import { edit } from '../core/next.ts';
import { FcopsError, type Problem } from '../core/problem.ts';
import { fullWidthMark } from '../inventory/full-width.ts';

/** What an input method puts in the place of the one or two `-` of an option: `－－miner`, `—miner`, `–miner`. */
const OTHER_DASH = /^[－–—―]+-*|^-[－–—―]+/;

/**
 * Puts the true reason in place of a mistake on the command line that a mark of a Chinese input method has caused: a word
 * that begins with another dash, a comma or a bracket that is none here. What stands behind `--` is a command of hosts;
 * what stands behind one of `withValues` is its value, and may begin with any dash.
 */
export const tellTypedFullWidth = (
  error: unknown,
  argv: readonly string[],
  withValues: ReadonlySet<string>,
): unknown => {
  if (!(error instanceof FcopsError) || !error.problems.every(({ kind }) => isOfWords(kind))) return error;
  const end = argv.indexOf('--');
  const words = end < 0 ? argv : argv.slice(0, end);
  const dashed = words.find(
    (word, index) => OTHER_DASH.test(word) && !withValues.has(words[index - 1] ?? ''),
  );
  if (dashed !== undefined) return new FcopsError(wrongDash(dashed));
  return new FcopsError(
    error.problems.map((problem) => {
      const word = words.find((one) => problem.what.includes(one) && fullWidthMark(one) !== null);
      const mark = word === undefined ? null : fullWidthMark(word);
      return mark === null
        ? problem
        : {
            ...problem,
            next: [edit(`${mark.instead.replace(' and a space', '')}, not full-width "${mark.mark}"`)],
          };
    }),
  );
};

/** An option that names no host is a mistake about the cluster file. */
const isOfWords = (kind: Problem['kind']): boolean => kind === 'usage' || kind === 'inventory';

const wrongDash = (word: string): Problem => ({
  kind: 'usage',
  what: `"${word}" begins with another dash than an option does`,
  next: [
    edit(
      `write ${/^-*[－–—―]+-*$/.test(word) ? '--' : `--${word.replace(OTHER_DASH, '')}`} (switch the input method to English)`,
    ),
  ],
});
