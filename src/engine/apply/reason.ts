/** Why a step failed: what it says of that by itself, or the last lines that it printed. */
export type Reason =
  | {
      readonly type: 'said';
      readonly what: string;
      readonly why: string;
      readonly next: readonly string[];
      /** When to run the same again, and what that does; null: it is as with any step. */
      readonly again: string | null;
    }
  | { readonly type: 'printed'; readonly lines: readonly string[] };

/** Reads what `because` of base.sh printed at the end of a step, if it did. */
export const reasonIn = (lines: readonly string[]): Reason => {
  const from = lines.lastIndexOf('because:');
  const [what, ...rest] = from < 0 ? [] : lines.slice(from + 1);
  if (what === undefined) return { type: 'printed', lines };
  const [said, again] = splitAt(rest, 'again:');
  const [why, next] = splitAt(said, 'next:');
  return {
    type: 'said',
    what,
    why: why.join('\n'),
    next,
    again: again.length > 0 ? again.join('\n') : null,
  };
};

/** The lines before the first that is this one, and those behind it. */
const splitAt = (
  lines: readonly string[],
  mark: string,
): readonly [before: readonly string[], behind: readonly string[]] => {
  const at = lines.indexOf(mark);
  return at < 0 ? [lines, []] : [lines.slice(0, at), lines.slice(at + 1)];
};
