/** Chances that come again with the same seed. */
export interface Random {
  /** In [0, 1). */
  readonly fraction: () => number;
  /** 0 … below - 1. */
  readonly below: (below: number) => number;
  readonly chance: (probability: number) => boolean;
  /** One of a list that is not empty. */
  readonly pick: <T>(list: readonly T[]) => T;
  /** The list in another order. */
  readonly shuffled: <T>(list: readonly T[]) => T[];
}

/** mulberry32: small, and good enough to choose by. The same numbers give the same chances. */
export const randomOf = (...numbers: readonly number[]): Random => {
  let state = numbers.reduce((sum, number) => Math.imul(sum ^ number, 0x9e3779b1) + 0x85ebca6b, 0x1234567);
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end: number): number => Math.floor(fraction() * end);
  return {
    fraction,
    below,
    chance: (probability) => fraction() < probability,
    pick: (list) => {
      const found = list[below(list.length)];
      if (found === undefined) throw new RangeError('nothing to pick from');
      return found;
    },
    shuffled: (list) => {
      const order = list.map((item) => ({ item, at: fraction() }));
      return order.sort((a, b) => a.at - b.at).map(({ item }) => item);
    },
  };
};
