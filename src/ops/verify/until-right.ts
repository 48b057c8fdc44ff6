import type { OpsDeps } from '../deps.ts';
import { pause } from '../pause.ts';
import type { Verified, Verifier } from './verify.ts';
import { isRight } from './verify.ts';

/** How long is waited. Seconds. */
export interface Wait {
  /** From the first look on; 0: it is looked once. */
  readonly wait: number;
  /** Between the end of a look and the next one. */
  readonly interval: number;
  /** Hosts at a time. */
  readonly width: number;
}

/**
 * Looks until all is right, or the time is over; the last look is at its end. `said` is told what each look came to.
 * Null: it was interrupted.
 */
export const verifyUntilRight = async (
  { verify }: Pick<Verifier, 'verify'>,
  { wait, interval, width }: Wait,
  { now, after, signal }: Pick<OpsDeps, 'now' | 'after' | 'signal'>,
  said: (verified: Verified) => void,
): Promise<Verified | null> => {
  const end = now() + wait * 1000;
  for (;;) {
    const verified = await verify(width);
    if (signal.aborted) return null;
    said(verified);
    const left = end - now();
    if (isRight(verified) || left <= 0) return verified;
    await pause(Math.min(interval * 1000, left), { after, signal });
    if (signal.aborted) return null;
  }
};
