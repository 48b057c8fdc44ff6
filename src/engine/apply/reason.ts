/** Why a step failed: what it says of that by itself, or the last lines that it printed. */
export type Reason =
  | { readonly type: 'said'; readonly what: string; readonly why: string; readonly next: readonly string[] }
  | { readonly type: 'printed'; readonly lines: readonly string[] };

/** Reads what `because` of base.sh printed at the end of a step, if it did. */
export const reasonIn = (lines: readonly string[]): Reason => {
  const from = lines.lastIndexOf('because:');
  const [what, ...rest] = from < 0 ? [] : lines.slice(from + 1);
  if (what === undefined) return { type: 'printed', lines };
  const next = rest.indexOf('next:');
  return {
    type: 'said',
    what,
    why: (next < 0 ? rest : rest.slice(0, next)).join('\n'),
    next: next < 0 ? [] : rest.slice(next + 1),
  };
};
