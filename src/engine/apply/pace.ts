import type { ChangeItem } from '../plan.ts';

/** How the starts of one run on one host follow each other. */
export interface Pace {
  /** Hundredths of a second from one turn to the next, counted from the beginning of the run; 0: whenever they may. */
  readonly every: number;
  /** Seconds between a change and the next one that waits for a turn; null: it waits for none. */
  readonly pauseOf: (item: ChangeItem) => number | null;
}
