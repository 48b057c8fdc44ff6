import type { Random } from '../abuse/random.ts';
import type { PartitionState } from '../support/lotus/proving-text.ts';

/** What a miner is like for a year. Epochs, and seconds where it is said. */
export interface Shape {
  readonly name: string;
  readonly periodStart: number;
  /** Of each of the 48 deadlines. */
  readonly deadlines: readonly (readonly PartitionState[])[];
  /** Epochs that the proofs of a partition take to be computed, on the whole. */
  readonly proofEpochs: number;
  /** Seconds that a restart takes, on the whole. */
  readonly restartSeconds: number;
  /** Whether fcops has restarted it before the year begins. */
  readonly isMeasured: boolean;
  /** Times in which its node stands still: from the first to before the second. */
  readonly lags: readonly (readonly [number, number])[];
  /** Faulty sectors that a disk has lost for a while and that recover: since when. */
  readonly hiccups: readonly {
    readonly deadline: number;
    readonly sectors: number;
    readonly since: number;
  }[];
}

export const YEAR = 365 * 2880;
export const START = 6_000_000;

const partition = (random: Random): PartitionState => {
  const sectors = 1 + random.below(2349);
  const kind = random.fraction();
  if (kind < 0.03) return { sectors, faults: sectors, terminated: 0 };
  if (kind < 0.05) return { sectors, faults: 0, terminated: sectors };
  if (kind < 0.08) return { sectors, faults: Math.min(sectors - 1, random.below(5)), terminated: 0 };
  return { sectors, faults: 0, terminated: kind < 0.2 ? random.below(sectors) : 0 };
};

/** A miner by chance: from one with a few deadlines to one that proves in all 48. */
export const shapeOf = (random: Random, number: number): Shape => {
  const liveShare = random.pick([0.05, 0.15, 0.3, 0.5, 0.7, 0.9, 1]);
  const most = random.pick([1, 1, 2, 3]);
  const deadlines = Array.from({ length: 48 }, () =>
    random.chance(liveShare) ? Array.from({ length: 1 + random.below(most) }, () => partition(random)) : [],
  );
  const lags = Array.from({ length: 40 + random.below(60) }, () => {
    const from = START + random.below(YEAR);
    // Most are short; some nodes are away for hours.
    return [from, from + (random.chance(0.5) ? 3 + random.below(20) : 20 + random.below(400))] as const;
  }).sort(([a], [b]) => a - b);
  const live = deadlines.flatMap((partitions, index) =>
    partitions[0] && partitions[0].sectors - partitions[0].terminated - partitions[0].faults > 4
      ? [index]
      : [],
  );
  const hiccups =
    live.length === 0
      ? []
      : Array.from({ length: random.below(8) }, () => ({
          deadline: random.pick(live),
          sectors: 1 + random.below(3),
          since: START + random.below(YEAR - 4 * 2880),
        }));
  return {
    name: `f0${10_000 + number}`,
    periodStart: START - random.below(2880),
    deadlines,
    proofEpochs: 5 + random.below(22),
    restartSeconds: 120 + random.below(900),
    isMeasured: random.chance(0.7),
    lags,
    hiccups,
  };
};
