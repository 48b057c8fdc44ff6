import { COMPUTES_BEFORE, DEADLINES, deadlineAfter, PERIOD, SUBMITS_AFTER, WINDOW } from './epochs.ts';

/** Epochs that a proof has to stand on the chain before it counts: until then the chain may yet be another one. */
export const CONFIRMED = 5;

/** What the rows of the deadlines tell of the day ahead, from which the windows of it follow. */
export interface Schedule {
  /** The epoch that it is. */
  readonly now: number;
  /** A deadline, and the epoch at which its window opens: in it the others have their places. */
  readonly anchor: { readonly deadline: number; readonly opens: number };
  /** By deadline: whether it has sectors. Terminated ones count, which errs on the safe side. */
  readonly live: readonly boolean[];
  /** By deadline: whether it has faulty sectors that nobody has declared to be recovered. */
  readonly unrecovered: readonly boolean[];
  /** What the window of this moment still needs: nothing, that its proofs stand for a while, or these themselves. */
  readonly current: 'nothing' | 'time' | 'proofs';
}

/** A window that something is to be proven in. */
export interface LiveWindow {
  readonly deadline: number;
  readonly opens: number;
  /** Epoch at which lotus-miner begins with its proofs. */
  readonly computes: number;
}

/** A time in which lotus-miner may be down for as long as is needed. Epochs. */
export interface Gap {
  /** When it begins at the earliest. */
  readonly from: number;
  /** From when on nothing depends on when proofs are on the chain; null: it is only there where they come in time. */
  readonly sure: number | null;
  /** The last epoch at which lotus-miner may be stopped. */
  readonly until: number;
  /** What ends it; null: nothing within the day. */
  readonly before: LiveWindow | null;
}

/** The deadline whose window is open at an epoch, and when it opened. */
export const windowAt = (
  { anchor }: Pick<Schedule, 'anchor'>,
  epoch: number,
): { readonly deadline: number; readonly opens: number } => {
  const more = Math.floor((epoch - anchor.opens) / WINDOW);
  return { deadline: deadlineAfter(anchor.deadline, more), opens: anchor.opens + more * WINDOW };
};

/** The first window after that of an epoch in which something is to be proven; null where there is none in a day. */
export const nextLive = (schedule: Pick<Schedule, 'anchor' | 'live'>, epoch: number): LiveWindow | null => {
  const { deadline, opens } = windowAt(schedule, epoch);
  for (let more = 1; more <= DEADLINES; more++) {
    const index = deadlineAfter(deadline, more);
    if (schedule.live[index] === true) {
      const at = opens + more * WINDOW;
      return { deadline: index, opens: at, computes: at - COMPUTES_BEFORE };
    }
  }
  return null;
};

/** The first epoch at which a proof of a window can have stood for long enough. */
export const confirmedAt = (opens: number): number => opens + SUBMITS_AFTER + CONFIRMED;

/** Recoveries of a deadline's faulty sectors are declared two windows before its own. */
const RECOVERS_BEFORE = 2;
/** Epochs after that window has opened until which they can be: ten before the fault cutoff, for their message to land. */
const RECOVERS_UNTIL = 40;

/**
 * A deadline whose recoveries would not be declared where lotus-miner is stopped at an epoch and away for so many: they are
 * being so in that window, or have to be in one that comes before it is back. Null: there is none.
 */
export const missedRecoveries = (
  { anchor, unrecovered }: Pick<Schedule, 'anchor' | 'unrecovered'>,
  epoch: number,
  needed: number,
): { readonly deadline: number; readonly opens: number } | null => {
  const { deadline, opens } = windowAt({ anchor }, epoch);
  for (let more = 0; more < DEADLINES; more++) {
    const at = opens + more * WINDOW;
    if (more > 0 && epoch + needed <= at + RECOVERS_UNTIL) return null;
    const of = deadlineAfter(deadline, more + RECOVERS_BEFORE);
    if (unrecovered[of] === true) return { deadline: of, opens: at };
  }
  return null;
};

/** What stands against a stop; `proofs`: nothing, once those of its window have come. */
type State = 'free' | 'proofs' | 'taken';

/** The times of the coming day in which lotus-miner may be down for so many epochs, in order. */
export const gapsOf = (schedule: Schedule, needed: number): readonly Gap[] => {
  const gaps: Gap[] = [];
  let gap: Gap | null = null;
  const end = schedule.now + PERIOD;
  for (let opens = windowAt(schedule, schedule.now).opens; opens < end; opens += WINDOW) {
    const next = nextLive(schedule, opens);
    const stateAt = statesOf(schedule, opens, next, needed);
    const last = Math.min(end, opens + WINDOW);
    for (let epoch = Math.max(opens, schedule.now); epoch < last; epoch++) {
      const state = stateAt(epoch);
      if (state === 'taken') {
        if (gap) gaps.push(gap);
        gap = null;
      } else {
        const { from, sure }: Pick<Gap, 'from' | 'sure'> = gap ?? { from: epoch, sure: null };
        gap = { from, sure: sure ?? (state === 'free' ? epoch : null), until: epoch, before: next };
      }
    }
  }
  return gap ? [...gaps, gap] : gaps;
};

/** What stands against a stop at each epoch of a window. */
const statesOf = (
  schedule: Schedule,
  opens: number,
  next: LiveWindow | null,
  needed: number,
): ((epoch: number) => State) => {
  const { deadline } = windowAt(schedule, opens);
  const isCurrent = opens <= schedule.now;
  const needs = isCurrent ? schedule.current : schedule.live[deadline] === true ? 'proofs' : 'nothing';
  return (epoch) => {
    if (
      missedRecoveries(schedule, epoch, needed) !== null ||
      (next !== null && epoch + needed > next.computes)
    )
      return 'taken';
    if (needs === 'nothing') return 'free';
    if (epoch < confirmedAt(opens)) return 'taken';
    return needs === 'time' ? 'free' : 'proofs';
  };
};
