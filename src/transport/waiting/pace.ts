import type { TransportDeps } from '../deps.ts';

/** Calls back in the order of asking, `ms` milliseconds apart at least; at once where the last call is longer ago. */
export const pace = (deps: Pick<TransportDeps, 'after'>, ms: number): (() => Promise<void>) => {
  let next = Promise.resolve();
  return () => {
    const turn = next;
    next = turn.then(
      () =>
        new Promise((resolve) => {
          deps.after(ms, resolve);
        }),
    );
    return turn;
  };
};
