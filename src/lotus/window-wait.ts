import { isByProof } from './proving-heard.ts';
import { CONFIRMED } from './proving-schedule.ts';
import type { ProvingWindow } from './proving-window.ts';

/** The window that was seen to be proven, and since which epoch. */
export interface Standing {
  readonly closes: number | null;
  readonly since: number;
}

/** What who waits for a gap has to keep in mind between two looks, and whether the gap is there. */
export interface Waited {
  readonly standing: Standing | null;
  readonly isReady: boolean;
}

/**
 * A look of who waits for a gap: one that opens because of a proof has to stay open for some epochs, as the chain that
 * the proof is on may yet be another one.
 */
export const waited = (before: Standing | null, window: ProvingWindow): Waited => {
  if (window.type !== 'open') return { standing: null, isReady: false };
  const { closes, now, proven } = window.seen;
  if (!isByProof(window.done, proven)) return { standing: null, isReady: true };
  const since = before !== null && before.closes === closes ? before.since : now;
  return { standing: { closes, since }, isReady: now - since >= CONFIRMED };
};
