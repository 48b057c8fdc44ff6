import { count, formatSeconds } from '../../core/units.ts';
import { EPOCH } from '../../lotus/epochs.ts';
import type { Done } from '../../lotus/proving-heard.ts';
import type { Gap } from '../../lotus/proving-schedule.ts';
import type { ClosedBy } from '../../lotus/proving-window.ts';
import type { Downtime } from './downtime.ts';

/** `in 12 min 30 s (epoch 1031580)` */
export const whenText = (epoch: number, now: number): string =>
  epoch <= now ? `now (epoch ${epoch})` : `in ${formatSeconds((epoch - now) * EPOCH)} (epoch ${epoch})`;

/** Why the window that is open lets lotus-miner be stopped. */
export const doneText = (done: Done, deadline: number): string => {
  switch (done) {
    case 'no sectors':
      return 'the miner has no sectors to prove';
    case 'nothing due':
      return `deadline ${deadline} has no sectors to prove`;
    case 'proven':
      return `all of deadline ${deadline} is proven`;
    case 'only faulty':
      return `all of deadline ${deadline} is proven but for partitions with faulty sectors alone, which nobody proves`;
  }
};

/** One reason against a stop, as a sentence without its full stop. */
export const closedText = (by: ClosedBy, now: number): string => {
  switch (by.why) {
    case 'unproven':
      return `${count(by.partitions, 'partition')} of deadline ${by.deadline} ${by.partitions === 1 ? 'is' : 'are'} not proven yet: that goes on in the memory of lotus-miner, and its window closes ${whenText(by.closes, now)}`;
    case 'unconfirmed':
      return `the proof of deadline ${by.deadline} is only just on the chain: it counts ${whenText(by.until, now)}`;
    case 'computing':
      return `lotus-miner is computing the proofs of deadline ${by.deadline}, whose window opens ${whenText(by.opens, now)}`;
    case 'too near':
      return `lotus-miner begins with the proofs of deadline ${by.deadline} ${whenText(by.computes, now)}, before it would be back`;
    case 'recoveries':
      return `deadline ${by.deadline} has ${count(by.faults, 'faulty sector')}, and ${by.from === undefined ? 'now is when lotus-miner declares which of them recover' : `lotus-miner declares which of them recover ${whenText(by.from, now)}, before it would be back`}`;
    case 'out of sync':
      return `lotus is ${count(by.behind, 'epoch')} behind: what it says of windows is of another time`;
  }
};

/** What a gap has to be long enough for. */
export const downtimeText = ({ seconds, margin, needed, ...downtime }: Downtime): string =>
  `lotus-miner is reckoned to be away for ${formatSeconds(needed)}: ${formatSeconds(seconds)} ${sourceText(downtime)}, and ${formatSeconds(margin)} are added`;

const sourceText = ({ by, restarts }: Pick<Downtime, 'by' | 'restarts'>): string => {
  switch (by) {
    case 'measured':
      return `by the last ${restarts === 1 ? 'restart' : `${restarts} restarts`}`;
    case 'stated':
      return `as was said (${DOWNTIME_FLAG})`;
    case 'assumed':
      return `are assumed, as fcops has measured no such restart here (${DOWNTIME_FLAG} says it better)`;
  }
};

/** What says on the command line how long lotus-miner is away. */
export const DOWNTIME_FLAG = '--downtime';

/** When the next gap is that is long enough, as far as it can be told. */
export const gapsText = (gaps: readonly Gap[], now: number): string => {
  const [first] = gaps;
  if (!first) return 'there is no gap of that length in the coming day';
  const sure = gaps.find((gap) => gap.sure !== null);
  const surely = sure === undefined ? null : (sure.sure ?? sure.from);
  if (first.sure === first.from) return `the next gap of that length begins ${whenText(first.from, now)}`;
  const within = formatSeconds((first.until - Math.max(first.from, now)) * EPOCH);
  const early =
    first.from <= now
      ? `the next gap of that length begins as soon as this window is proven, where that is within ${within} (up to epoch ${first.until})`
      : `the next gap of that length may begin ${whenText(first.from, now)}, where the window of then is proven within ${within} of it`;
  return surely === null
    ? `${early}; none is there whatever comes`
    : `${early}; the next that is there whatever comes begins ${whenText(surely, now)}`;
};
