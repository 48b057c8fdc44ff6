import type { DeadlinePartitions } from './deadline-partitions.ts';
import type { Deadlines } from './deadlines.ts';
import { PERIOD, WINDOW } from './epochs.ts';
import type { ProvingInfo } from './proving-info.ts';

/** Why the window that is open needs nothing. */
export type Done =
  | 'no sectors'
  /** None of them is in the deadline. */
  | 'nothing due'
  | 'proven'
  /** What is not proven has only faulty sectors, which nobody proves. */
  | 'only faulty';

/** Whether it needs nothing because of a proof, which may be on the chain only just. */
export const isByProof = (done: Done, proven: number): boolean =>
  done === 'proven' || (done === 'only faulty' && proven > 0);

/** What was heard and understood. */
export interface Heard {
  readonly info: ProvingInfo;
  readonly deadlines: Deadlines;
  readonly partitions: DeadlinePartitions | null;
}

/** What cannot be so; null where it can. Answers of two moments, with a change of deadline between, are such as well. */
export const contradictionIn = ({
  info,
  deadlines: { miner, deadlines, current },
  partitions,
}: Heard): string | null => {
  const { index, open, close, sectors } = info.deadline;
  const row = deadlines[index];
  if (info.miner !== miner) return `proving info is of ${info.miner}, proving deadlines of ${miner}`;
  if (row === undefined || index !== current)
    return `proving info is at deadline ${index}, proving deadlines at ${current}: it may have changed between the two`;
  if (close - open !== WINDOW) return `a window is open for ${WINDOW} epochs, and not for ${close - open}`;
  if (info.epoch >= close) return `epoch ${info.epoch} is not before ${close}, where its window closes`;
  if (open - info.epoch > PERIOD) return `a window opens in ${open - info.epoch} epochs, more than a day`;
  if (open <= info.epoch && info.periodStart + index * WINDOW !== open)
    return `deadline ${index} of a period that starts at ${info.periodStart} does not open at ${open}`;
  if (sectors > row.sectors)
    return `deadline ${index} has ${sectors} sectors that live, and ${row.sectors} in all`;
  if (info.recovering > info.faults)
    return `${info.recovering} sectors recover, and only ${info.faults} are faulty`;
  const before = deadlines.findIndex(({ proven }, other) => proven > 0 && other !== index);
  if (before >= 0) return `deadline ${before} is not the current one, and has partitions that are proven`;
  const empty = deadlines.findIndex((one) => one.partitions === 0 && one.sectors > 0);
  if (empty >= 0) return `deadline ${empty} has sectors, and no partition`;
  if (partitions === null) return null;
  if (partitions.index !== index || !partitions.isCurrent)
    return `the partitions are those of deadline ${partitions.index}, and ${index} is the current one`;
  if (partitions.partitions.length !== row.partitions)
    return `deadline ${index} has ${row.partitions} partitions, and ${partitions.partitions.length}`;
  return null;
};

/** What a window still needs: nothing, or proofs of so many partitions. */
export type Work = { readonly done: Done } | { readonly outstanding: number };

export const IDLE = { done: 'nothing due' } as const;

/** Whether the window of the head needs anything, and of how many partitions. */
export const workIn = ({ info, deadlines, partitions }: Heard): Work => {
  const row = deadlines.deadlines[info.deadline.index];
  if (row === undefined || info.deadline.sectors === 0) return IDLE;
  // Of two answers the one that says less.
  const proven = Math.min(row.proven, partitions?.proven ?? row.proven);
  const missing = row.partitions - proven;
  if (missing === 0) return { done: 'proven' };
  // Which sectors recover is told of the miner as a whole: where any does, it may be these.
  const dead = (partitions?.partitions ?? []).filter(
    ({ sectors, faults }) => sectors === 0 || (faults === sectors && info.recovering === 0),
  ).length;
  // Where more are dead than are missing, some of the dead are proven, and what is missing may live.
  if (missing < dead) return { outstanding: missing };
  return missing === dead ? { done: 'only faulty' } : { outstanding: missing - dead };
};
