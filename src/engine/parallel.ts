/** Runs `work` for every item, at most `width` at a time, in order of the list; the results keep that order. */
export const inParallel = async <Item, Result>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> => {
  const results: Promise<Result>[] = [];
  const running = new Set<Promise<unknown>>();
  for (const item of items) {
    while (running.size >= width) await Promise.race(running);
    const result = work(item);
    const settled: Promise<void> = result.then(
      () => void running.delete(settled),
      () => void running.delete(settled),
    );
    running.add(settled);
    results.push(result);
  }
  return Promise.all(results);
};
