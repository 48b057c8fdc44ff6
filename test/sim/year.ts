import type { TimedRun } from '../../src/engine/runs/step-times.ts';
import { EPOCH, epochsOf } from '../../src/lotus/epochs.ts';
import type { ProvingWindow } from '../../src/lotus/proving-window.ts';
import type { Standing } from '../../src/lotus/window-wait.ts';
import { waited } from '../../src/lotus/window-wait.ts';
import { downtimeOf } from '../../src/ops/window/downtime.ts';
import { pollOf } from '../../src/ops/window/gate.ts';
import type { Random } from '../abuse/random.ts';
import { randomOf } from '../abuse/random.ts';
import type { Rule } from './asked.ts';
import { askedAt } from './asked.ts';
import type { Down } from './miner.ts';
import { SimulatedMiner } from './miner.ts';
import { START, shapeOf, YEAR } from './shape.ts';

/** One upgrade, and how it went. */
export interface Upgrade {
  /** What the gate said when it was asked for: `open`, or the first reason against it. */
  readonly first: string;
  /** Hours until lotus-miner was stopped; null: it never was. */
  readonly hours: number | null;
  /** Why it never was. */
  readonly gaveUp: 'no gap in the day' | 'no gap within two days' | null;
  /** Why it should not have been stopped when it was; null: it was right. */
  readonly unsafe: string | null;
  /** The restart took longer than was reckoned. */
  readonly isLonger: boolean;
}

export interface MissedWindow {
  readonly why: string;
  /** Whether the gate has to answer for it. */
  readonly isOurs: boolean;
}

export interface MinerYear {
  readonly upgrades: readonly Upgrade[];
  readonly windows: number;
  readonly missed: readonly MissedWindow[];
  /** Looks, by what they came to: `open`, `closed: unproven`, `unknown: …`. */
  readonly looks: ReadonlyMap<string, number>;
  /** Recoveries that a restart has put off by a day. */
  readonly recoveriesLate: number;
}

/** Epochs after which who waits gives up. */
const PATIENCE = 2 * 2880;

/** A year of a miner that is upgraded so many times, whenever somebody likes. */
export const yearOf = (seed: number, number: number, upgrades: number, broken: Rule | null): MinerYear => {
  const random = randomOf(seed, number, 1);
  const miner = new SimulatedMiner(shapeOf(randomOf(seed, number, 2), number), seed + number * 7919);
  const history: TimedRun[] = miner.shape.isMeasured
    ? [restartRun(miner.shape.restartSeconds * (0.8 + random.fraction() * 0.5))]
    : [];
  const looks = new Map<string, number>();
  const look = (epoch: number, needed: number): ProvingWindow => {
    const window = askedAt(miner, epoch, needed, random, broken);
    const key = keyOf(window);
    looks.set(key, (looks.get(key) ?? 0) + 1);
    return window;
  };
  const requests = Array.from({ length: upgrades }, () => requestOf(miner, random)).sort((a, b) => a - b);
  let free = START;
  const done = requests.map((request): Upgrade => {
    const begin = Math.max(request, free);
    const { needed } = downtimeOf(history, 'miner');
    const { first, at, gaveUp } = waitFrom(begin, (epoch) => look(epoch, needed), broken);
    if (at === null) {
      free = begin + 1;
      return { first, hours: null, gaveUp, unsafe: null, isLonger: false };
    }
    const seconds = restartSeconds(miner.shape.restartSeconds, random);
    const down: Down = { from: at, to: at + epochsOf(seconds), reckoned: epochsOf(needed) };
    const unsafe = wrongAt(miner, down);
    miner.stop(down);
    history.unshift(restartRun(seconds));
    free = down.to + 20;
    return {
      first,
      hours: ((at - begin) * EPOCH) / 3600,
      gaveUp: null,
      unsafe,
      isLonger: down.to - down.from > down.reckoned,
    };
  });
  const recoveriesLate = miner.shape.hiccups.filter(
    (hiccup) => miner.declaredAt(hiccup) - miner.declaredAt(hiccup, []) > 60,
  ).length;
  return { upgrades: done, ...windowsOf(miner), looks, recoveriesLate };
};

/** Any time; and rather more often when the node is in trouble, as that is when people restart things. */
const requestOf = (miner: SimulatedMiner, random: Random): number => {
  if (random.chance(0.8)) return START + random.below(YEAR);
  const [from, to] = random.pick(miner.shape.lags);
  return from + random.below(to - from);
};

/** Most take what they always take; a few take several times as long: a storage that is slow, parameters to be read. */
const restartSeconds = (usual: number, random: Random): number =>
  usual * (0.7 + random.fraction() * 0.6) * (random.chance(0.04) ? 2 + random.fraction() * 4 : 1);

const restartRun = (seconds: number): TimedRun => ({
  run: 'r',
  steps: [
    { host: 'miner', resource: 'stop:lotus-miner', begun: 0, ended: 1000, ok: true },
    { host: 'miner', resource: 'process:lotus-miner', begun: 1000, ended: seconds * 1000, ok: true },
  ],
});

/** Waits as `--wait-for-window` does, and asks again right before the stop. */
const waitFrom = (
  begin: number,
  look: (epoch: number) => ProvingWindow,
  broken: Rule | null,
): { readonly first: string; readonly at: number | null; readonly gaveUp: Upgrade['gaveUp'] } => {
  let standing: Standing | null = null;
  let first: string | null = null;
  for (let epoch = begin; epoch < begin + PATIENCE; ) {
    const window = look(epoch);
    first ??= keyOf(window);
    const seen = waited(standing, window);
    standing = seen.standing;
    const isReady = broken === 'confirmed' ? window.type === 'open' : seen.isReady;
    // The host is held and looked at first.
    if (isReady && look(epoch + 1).type === 'open') return { first, at: epoch + 1, gaveUp: null };
    if (window.type === 'closed' && window.gaps?.length === 0)
      return { first, at: null, gaveUp: 'no gap in the day' };
    epoch += Math.max(1, Math.round(pollOf(window) / (EPOCH * 1000)));
  }
  return { first: first ?? '', at: null, gaveUp: 'no gap within two days' };
};

/** What would be lost by a stop, by what the miner is really at. */
const wrongAt = (miner: SimulatedMiner, { from, to, reckoned }: Down): string | null => {
  const current = miner.window(miner.opensAt(from));
  if (current.batches.some(({ landed }) => landed > from))
    return `deadline ${current.deadline} was not proven at epoch ${from}`;
  for (let opens = current.opens + 60; opens - 10 < to; opens += 60) {
    const { batches, deadline } = miner.window(opens);
    if (batches.length === 0) continue;
    if (opens - 10 <= from) return `the proofs of deadline ${deadline} were being computed at epoch ${from}`;
    // A restart that takes longer than was reckoned is nobody's promise.
    if (opens - 10 < from + Math.min(reckoned, to - from))
      return `the proofs of deadline ${deadline} were to be computed before it would be back, at epoch ${from}`;
  }
  return null;
};

const windowsOf = (miner: SimulatedMiner): Pick<MinerYear, 'windows' | 'missed'> => {
  let windows = 0;
  const missed: MissedWindow[] = [];
  for (let opens = miner.opensAt(START + 2880); opens < START + YEAR; opens += 60) {
    const { batches, deadline } = miner.window(opens);
    if (batches.length === 0) continue;
    windows += 1;
    if (batches.every(({ landed }) => landed < opens + 60)) continue;
    missed.push(whyMissed(miner, opens, deadline));
  }
  return { windows, missed };
};

const whyMissed = (miner: SimulatedMiner, opens: number, deadline: number): MissedWindow => {
  const touches = (from: number, to: number) => from < opens + 60 && to > opens - 10;
  const down = miner.downs.find(({ from, to }) => touches(from, to));
  if (down) {
    const isLonger = down.to - down.from > down.reckoned;
    return isLonger
      ? { why: 'a restart took longer than was reckoned', isOurs: false }
      : { why: `a restart within its time, at epoch ${down.from} (deadline ${deadline})`, isOurs: true };
  }
  if (miner.shape.lags.some(([from, to]) => touches(from, to)))
    return { why: 'its node was behind', isOurs: false };
  const alone = new SimulatedMiner({ ...miner.shape, lags: [], hiccups: [] }, miner.seed);
  return alone.window(opens).batches.some(({ landed }) => landed >= opens + 60)
    ? { why: 'its proofs took too long, or the chain took one back too late', isOurs: false }
    : { why: `nobody knows (deadline ${deadline}, epoch ${opens})`, isOurs: true };
};

const keyOf = (window: ProvingWindow): string => {
  switch (window.type) {
    case 'open':
      return `open: ${window.done}`;
    case 'closed':
      return `closed: ${window.by[0]?.why ?? 'nobody says why'}`;
    case 'unknown':
      return `unknown: ${window.why.replaceAll(/\d+/g, 'N').slice(0, 70)}`;
  }
};
