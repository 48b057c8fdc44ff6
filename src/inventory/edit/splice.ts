/** A piece of a text and what comes in its place. */
export interface Splice {
  readonly from: number;
  /** Where the piece ends; the same as `from`: nothing is taken out. */
  readonly to: number;
  readonly text: string;
}

/** A text with pieces of it replaced, none of which is within another; at one place the earlier comes first. */
export const spliced = (text: string, splices: readonly Splice[]): string => {
  const inOrder = splices.toSorted((a, b) => a.from - b.from || a.to - b.to);
  const parts = inOrder.map(({ from, text: put }, index) => {
    const before = inOrder[index - 1]?.to ?? 0;
    if (from < before) throw new RangeError('two edits of a text are within each other');
    return text.slice(before, from) + put;
  });
  return parts.join('') + text.slice(inOrder.at(-1)?.to ?? 0);
};
