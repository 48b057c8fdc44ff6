import type { SectorSize } from '../../core/profile.ts';
import { expectedDuration } from '../../lotus/stage-durations.ts';

/** Seconds between the two messages of a sector that the chain asks for: 150 epochs. */
const WAIT_SEED = 150 * 30;

/** P1 tasks of a cluster, and what they have before them. */
export interface P1Work {
  /** Tasks that may be at work at the same time. */
  readonly slots: number;
  /** Seconds that those at work have been so. */
  readonly running: readonly number[];
  /** Sectors that wait for P1, those that are asked for among them. */
  readonly waiting: number;
  /** How many the miner gives out in how many seconds; null: any. */
  readonly tickets: { readonly number: number; readonly seconds: number } | null;
}

/**
 * Seconds until the last of the waiting sectors is sealed, at the least: P1 is what takes its time, and after it come P2,
 * the wait for the seed, and C2. Null where nobody says how long P1 takes, or nothing takes it.
 */
export const sealedIn = (size: SectorSize, work: P1Work): number | null => {
  const [p1, p2, c2] = ['PC1', 'PC2', 'C2'].map((task) => expectedDuration(size, task)?.most);
  if (p1 === undefined || p2 === undefined || c2 === undefined || work.slots === 0) return null;
  return lastStart(work, p1) + p1 + p2 + WAIT_SEED + c2;
};

/** Seconds until the last P1 task begins. All take the same time, so that they end in the order in which they began. */
const lastStart = ({ slots, running, waiting, tickets }: P1Work, seconds: number): number => {
  const busy = running
    .toSorted((a, b) => b - a)
    .slice(0, slots)
    .map((age) => Math.max(0, seconds - age));
  const ends = [...Array.from({ length: slots - busy.length }, () => 0), ...busy];
  let start = 0;
  for (let index = 0; index < waiting; index++) {
    const ticket = tickets ? Math.floor(index / tickets.number) * tickets.seconds : 0;
    start = Math.max(ends[index] ?? 0, ticket);
    ends.push(start + seconds);
  }
  return start;
};
