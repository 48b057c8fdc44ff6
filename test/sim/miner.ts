import { randomOf } from '../abuse/random.ts';
import type { PartitionState, ProvingState } from '../support/lotus/proving-text.ts';
import type { Shape } from './shape.ts';

/** A time in which lotus-miner is away: from `from` to before `to`. */
export interface Down {
  readonly from: number;
  readonly to: number;
  /** Epochs that it was reckoned to take. */
  readonly reckoned: number;
}

/** A batch of partitions in a window: when its proof is on the chain as it is seen at the time. */
interface Batch {
  readonly partitions: number;
  readonly seen: readonly (readonly [from: number, to: number])[];
  /** From when on it stays there; infinite where it never is. */
  readonly landed: number;
}

export interface Window {
  readonly deadline: number;
  readonly opens: number;
  readonly batches: readonly Batch[];
}

const FOREVER = Number.POSITIVE_INFINITY;

/**
 * A miner as it is, whatever its texts say: it begins to compute 10 epochs before a window opens, sends from 4 epochs
 * after on, loses what is in its memory when it is stopped, and begins anew when it is back. Its node stands still at
 * times; the chain takes a message back now and then.
 */
export class SimulatedMiner {
  readonly shape: Shape;
  readonly seed: number;
  readonly downs: Down[] = [];
  readonly #windows = new Map<number, Window>();

  constructor(shape: Shape, seed: number) {
    this.shape = shape;
    this.seed = seed;
  }

  /** Takes it away for a time; what it would have done since then is another thing. */
  stop(down: Down): void {
    this.downs.push(down);
    for (const [opens] of this.#windows) if (opens + 60 > down.from) this.#windows.delete(opens);
  }

  /** Epochs that the head of its node is old. */
  behind(epoch: number): number {
    const lag = this.shape.lags.find(([from, to]) => from <= epoch && epoch < to);
    if (lag) return epoch - lag[0];
    // An epoch may have no block.
    return randomOf(this.seed, epoch).chance(0.1) ? 1 : 0;
  }

  /** When the window of an epoch opened. */
  opensAt(epoch: number): number {
    const { periodStart } = this.shape;
    return periodStart + Math.floor((epoch - periodStart) / 60) * 60;
  }

  deadlineOf(opens: number): number {
    return ((((opens - this.shape.periodStart) / 60) % 48) + 48) % 48;
  }

  /** What happens in a window. */
  window(opens: number): Window {
    const known = this.#windows.get(opens);
    if (known) return known;
    const deadline = this.deadlineOf(opens);
    const window = {
      deadline,
      opens,
      batches: this.#batches(opens, provable(this.shape.deadlines[deadline] ?? [])),
    };
    this.#windows.set(opens, window);
    return window;
  }

  /** What its node would print at a head. */
  state(epoch: number): ProvingState {
    const { name, periodStart, deadlines } = this.shape;
    const { opens, batches } = this.window(this.opensAt(epoch));
    const proven = batches
      .filter(({ seen }) => seen.some(([from, to]) => from <= epoch && epoch < to))
      .reduce((sum, { partitions }) => sum + partitions, 0);
    const sick = this.#sick(epoch);
    return {
      miner: name,
      epoch,
      periodStart,
      deadlines: deadlines.map((partitions, deadline) =>
        partitions.map((one, number) => {
          const more = sick.filter((hiccup) => number === 0 && hiccup.deadline === deadline);
          return { ...one, faults: one.faults + more.reduce((sum, { sectors }) => sum + sectors, 0) };
        }),
      ),
      proven: opens <= epoch ? proven : 0,
      recovering: sick.reduce((sum, { declared, sectors }) => sum + (declared <= epoch ? sectors : 0), 0),
    };
  }

  /** Epoch at which the recovery of a hiccup is declared: while lotus-miner works on the deadline two before its own. */
  declaredAt({ deadline, since }: Shape['hiccups'][number], downs: readonly Down[] = this.downs): number {
    let opens = this.opensAt(since);
    while (this.deadlineOf(opens) !== (deadline + 46) % 48 || opens - 10 < since) opens += 60;
    for (; ; opens += 2880) {
      const at = upFrom(opens - 10, downs) + 2;
      if (at < opens + 50) return at;
    }
  }

  #sick(epoch: number) {
    return this.shape.hiccups.flatMap((hiccup) => {
      if (epoch < hiccup.since) return [];
      const declared = this.declaredAt(hiccup);
      let opens = this.opensAt(declared);
      while (this.deadlineOf(opens) !== hiccup.deadline) opens += 60;
      return epoch < opens + 20 ? [{ ...hiccup, declared }] : [];
    });
  }

  #batches(opens: number, partitions: number): readonly Batch[] {
    const fates = this.#fates(opens, partitions);
    const batches = fates.map(({ partitions: size }) => ({
      partitions: size,
      seen: [] as (readonly [number, number])[],
      landed: FOREVER,
    }));
    // Each life of the process works through them all, one after the other; what is in its memory ends with it.
    for (let begin = this.#ready(opens - 10); begin < opens + 60; ) {
      const end = this.downs.find(({ from }) => from >= begin)?.from ?? FOREVER;
      let at = begin;
      for (const [index, fate] of fates.entries()) {
        at += fate.cost;
        const sent = this.#synced(Math.max(at, opens + 4));
        const batch = batches[index];
        if (batch && batch.landed === FOREVER && sent < end)
          land(batch, fate, sent, Math.min(end, opens + 60), opens + 60);
      }
      begin = end === FOREVER ? FOREVER : this.#ready(end);
    }
    return batches;
  }

  /** What comes of the batches of a window by chance. */
  #fates(opens: number, partitions: number): readonly Fate[] {
    const random = randomOf(this.seed, opens);
    const slow = random.chance(0.002) ? 6 : 1;
    const fates: Fate[] = [];
    for (let left = partitions; left > 0; ) {
      const size = Math.min(left, 1 + random.below(2));
      left -= size;
      fates.push({
        partitions: size,
        cost: Math.max(1, Math.round(this.shape.proofEpochs * slow * (0.7 + random.fraction() * 0.6))),
        wait: 1 + random.below(random.chance(0.05) ? 10 : 3),
        back: random.chance(0.08) ? 1 + random.below(4) : 0,
        again: 1 + random.below(4),
      });
    }
    return fates;
  }

  /** The first epoch from one on at which it is up, and its node in sync. */
  #ready(epoch: number): number {
    for (let at = epoch; ; ) {
      const next = this.#synced(upFrom(at, this.downs));
      if (next === at) return at;
      at = next;
    }
  }

  #synced(epoch: number): number {
    return this.shape.lags.find(([from, to]) => from <= epoch && epoch < to)?.[1] ?? epoch;
  }
}

/** What comes of a batch: epochs that it takes to be computed, to land, to be taken back, and to land again. */
interface Fate {
  readonly partitions: number;
  readonly cost: number;
  readonly wait: number;
  readonly back: number;
  readonly again: number;
}

/** A batch that is sent. What the chain takes back is sent again by whoever is still there before `end`. */
const land = (
  batch: { readonly seen: (readonly [number, number])[]; landed: number },
  { wait, back, again }: Fate,
  sent: number,
  end: number,
  closes: number,
): void => {
  const there = sent + wait;
  if (there >= closes) return;
  const landed = back === 0 ? there : there + back + again;
  batch.seen.push([there, back === 0 ? FOREVER : there + back]);
  if (back > 0 && landed >= end) return;
  if (back > 0) batch.seen.push([landed, FOREVER]);
  batch.landed = landed;
};

const upFrom = (epoch: number, downs: readonly Down[]): number =>
  downs.find(({ from, to }) => from <= epoch && epoch < to)?.to ?? epoch;

/** Partitions that lotus-miner proves: those with a sector that lives and is not faulty. */
export const provable = (partitions: readonly PartitionState[]): number =>
  partitions.filter(({ sectors, faults, terminated }) => sectors - terminated - faults > 0).length;
