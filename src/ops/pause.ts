import type { OpsDeps } from './deps.ts';

/** Waits so many milliseconds; an interrupt ends the wait. */
export const pause = (ms: number, { after, signal }: Pick<OpsDeps, 'after' | 'signal'>): Promise<void> =>
  new Promise((resolve) => {
    const over = () => {
      cancel();
      signal.removeEventListener('abort', over);
      resolve();
    };
    const cancel = after(ms, over);
    signal.addEventListener('abort', over, { once: true });
    if (signal.aborted) over();
  });
