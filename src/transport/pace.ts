import type { TransportDeps } from './deps.ts';

/** Calls back in the order of asking, `ms` milliseconds apart at least. */
export const pace = (deps: Pick<TransportDeps, 'after'>, ms: number): (() => Promise<void>) => {
  let last = Promise.resolve();
  return () => {
    last = last.then(
      () =>
        new Promise((resolve) => {
          deps.after(ms, resolve);
        }),
    );
    return last;
  };
};
