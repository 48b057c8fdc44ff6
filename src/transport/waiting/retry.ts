import type { TransportDeps } from '../deps.ts';
import { sleep } from './sleep.ts';

export interface RetryPolicy {
  /** Tries in all. */
  readonly attempts: number;
  /** Longest wait before the second try, in milliseconds; doubled for each further one. */
  readonly base: number;
  /** Longest wait of all, in milliseconds. */
  readonly cap: number;
  /** Whether this error, of the try with this number (from 1), deserves another try. */
  readonly retriable: (error: unknown, attempt: number) => boolean;
}

/** Milliseconds before the next try: half fixed, half random, so that hosts dropped together come back apart. */
export const backoff = (policy: RetryPolicy, attempt: number, random: () => number): number => {
  const longest = Math.min(policy.cap, policy.base * 2 ** (attempt - 1));
  return (longest * (1 + random())) / 2;
};

/** Runs `task` until it succeeds, fails for good, or the tries are used up; then it rejects with the last error. */
export const retry = async <T>(
  deps: Pick<TransportDeps, 'after' | 'random'>,
  policy: RetryPolicy,
  signal: AbortSignal,
  task: () => Promise<T>,
): Promise<T> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await task();
    } catch (error) {
      if (attempt >= policy.attempts || signal.aborted || !policy.retriable(error, attempt)) throw error;
      await sleep(deps, backoff(policy, attempt, deps.random), signal);
    }
  }
};
