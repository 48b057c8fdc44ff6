/** Edits (insert, delete, replace, swap two neighbours) that turn `a` into `b`: optimal string alignment. */
export const editDistance = (a: string, b: string): number => {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replace = (above[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current[column] = Math.min(
        replace,
        (above[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        swapped ? (before[column - 2] ?? 0) + 1 : replace,
      );
    }
    before = above;
    above = current;
  }
  return above[b.length] ?? 0;
};

/** The candidate that `word` was most likely meant to be: at most a third of its letters wrong, case apart. */
export const closest = (word: string, candidates: Iterable<string>): string | undefined => {
  const wanted = word.toLowerCase();
  const allowed = Math.max(1, Math.floor(word.length / 3));
  return [...candidates]
    .map((candidate) => ({ candidate, edits: editDistance(wanted, candidate.toLowerCase()) }))
    .filter(({ candidate, edits }) => edits <= allowed && edits < candidate.length)
    .sort((a, b) => a.edits - b.edits)[0]?.candidate;
};

/** `did you mean "x"?`, or the list of what there is where nothing is near. */
export const didYouMean = (word: string, candidates: Iterable<string>): string => {
  const all = [...new Set(candidates)];
  const near = closest(word, all);
  if (near !== undefined) return `did you mean "${near}"?`;
  const shown = all.slice(0, 12).join(', ');
  return all.length > 12 ? `one of: ${shown} … (${all.length} in all)` : `one of: ${shown}`;
};
