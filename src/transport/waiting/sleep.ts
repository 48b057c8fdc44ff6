import type { TransportDeps } from '../deps.ts';

/** Waits; rejects with the signal's reason as soon as it aborts. */
export const sleep = (deps: Pick<TransportDeps, 'after'>, ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const onAbort = () => {
      cancel();
      reject(signal.reason);
    };
    const cancel = deps.after(ms, () => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
    signal.addEventListener('abort', onAbort, { once: true });
  });
