import type { ChainFacts } from './chain-time.ts';
import { chainTime } from './chain-time.ts';
import type { DeadlinePartitions } from './deadline-partitions.ts';
import type { Deadline, Deadlines } from './deadlines.ts';
import { EPOCH, epochsOf, WINDOW } from './epochs.ts';
import type { Done, Heard, Work } from './proving-heard.ts';
import { contradictionIn, IDLE, isByProof, workIn } from './proving-heard.ts';
import type { ProvingInfo } from './proving-info.ts';
import type { Gap, LiveWindow } from './proving-schedule.ts';
import { confirmedAt, gapsOf, missedRecoveries, nextLive, windowAt } from './proving-schedule.ts';
import type { Reading } from './reading.ts';

/** What a miner and its node were heard to say at one moment. */
export interface WindowFacts extends Omit<ChainFacts, 'epoch'> {
  readonly info: Reading<ProvingInfo>;
  readonly deadlines: Reading<Deadlines>;
  /** Those of the current deadline; null where they were not asked for, as all of it is proven. */
  readonly partitions: Reading<DeadlinePartitions> | null;
}

/** Why lotus-miner must not be stopped. Deadlines, epochs and seconds. */
export type ClosedBy =
  /** The window that is open needs proofs of so many partitions: they are being computed, or on their way. */
  | {
      readonly why: 'unproven';
      readonly deadline: number;
      readonly partitions: number;
      readonly closes: number;
    }
  /** It is proven, and not for long enough to rely on. */
  | { readonly why: 'unconfirmed'; readonly deadline: number; readonly until: number }
  /** The proofs of the next window are being computed. */
  | { readonly why: 'computing'; readonly deadline: number; readonly opens: number }
  /** They begin to be before lotus-miner would be back. */
  | {
      readonly why: 'too near';
      readonly deadline: number;
      readonly computes: number;
      readonly seconds: number;
    }
  /** Faulty sectors of a deadline are not declared to be recovered yet, and now is when that is done, or from an epoch on. */
  | { readonly why: 'recoveries'; readonly deadline: number; readonly faults: number; readonly from?: number }
  /** The node is so many epochs behind. */
  | { readonly why: 'out of sync'; readonly behind: number };

/** What was seen, whatever it means. Epochs. */
export interface WindowSeen {
  readonly now: number;
  readonly deadline: number;
  /** Null: no window is open. */
  readonly closes: number | null;
  readonly sectors: number;
  readonly partitions: number;
  readonly proven: number;
  readonly next: LiveWindow | null;
}

/** Whether lotus-miner, or its node, may be stopped now. Only `open` is safe. */
export type ProvingWindow =
  | {
      readonly type: 'open';
      readonly seen: WindowSeen;
      readonly done: Done;
      /** Seconds until the next proofs begin to be computed; null: none are in the coming day. */
      readonly slack: number | null;
      /** The last epoch at which it may be stopped; null where nothing ends it. */
      readonly until: number | null;
      /** The times of the coming day that are long enough, this one first. */
      readonly gaps: readonly Gap[];
    }
  | {
      readonly type: 'closed';
      /** One at least. */
      readonly by: readonly ClosedBy[];
      /** Null where the node is out of sync: what it shows is of another time. */
      readonly seen: WindowSeen | null;
      readonly gaps: readonly Gap[] | null;
    }
  | { readonly type: 'unknown'; readonly why: string };

/**
 * Whether lotus-miner may be down for so many seconds, from what was heard. What is not understood, or contradicts
 * itself, is unknown, and that is not safe. A window is proven by what stands on the chain at the head.
 */
export const provingWindow = (facts: WindowFacts, needed: number): ProvingWindow => {
  const { info, deadlines, partitions } = facts;
  if (!Number.isFinite(needed) || needed < 0) return unknown(`nobody can be down for ${needed} seconds`);
  if (info.type !== 'understood') return unknown(`lotus-miner proving info: ${info.why}`);
  if (deadlines.type !== 'understood') return unknown(`lotus-miner proving deadlines: ${deadlines.why}`);
  if (partitions && partitions.type !== 'understood')
    return unknown(`lotus-miner proving deadline: ${partitions.why}`);
  const heard = { info: info.value, deadlines: deadlines.value, partitions: partitions?.value ?? null };
  // A node that is behind contradicts itself in many ways, all of them for this reason.
  const time = chainTime({ ...facts, epoch: heard.info.epoch });
  if (time.type === 'unknown') return unknown(time.why);
  if (time.type === 'out of sync')
    return { type: 'closed', by: [{ why: 'out of sync', behind: time.behind }], seen: null, gaps: null };
  const contradiction = contradictionIn(heard);
  if (contradiction !== null) return unknown(contradiction);
  return judged(heard, time.now, needed);
};

const judged = (heard: Heard, now: number, needed: number): ProvingWindow => {
  const { info, deadlines } = heard;
  const { index, open, sectors } = info.deadline;
  const rows = deadlines.deadlines;
  const isOpen = open <= info.epoch;
  const live = rows.map((row) => row.sectors > 0);
  const anchor = { deadline: index, opens: open };
  const at = windowAt({ anchor }, now);
  const contradiction = isOpen ? null : closedWithSectors(heard, at.deadline);
  if (contradiction !== null) return unknown(contradiction);
  const isOfHead = isOpen && at.opens === open;
  const row = rows[at.deadline] ?? NO_ROW;
  const work = isOfHead ? workIn(heard) : turned(row);
  const isDone = 'done' in work;
  const fresh = isDone && isByProof(work.done, row.proven) ? unconfirmed(at, now) : [];
  const hasUnrecovered = info.recovering < info.faults;
  const unrecovered = rows.map(({ faults }) => hasUnrecovered && faults > 0);
  const needs = fresh.length > 0 ? 'time' : 'nothing';
  const current = isDone ? needs : 'proofs';
  const next = nextLive({ anchor, live }, now);
  const seen: WindowSeen = {
    now,
    deadline: at.deadline,
    closes: isOpen ? at.opens + WINDOW : null,
    sectors: isOfHead ? sectors : row.sectors,
    partitions: row.partitions,
    proven: isOfHead ? row.proven : 0,
    next,
  };
  const by: readonly ClosedBy[] = [
    ...(isDone ? [] : [unproven(at, work.outstanding)]),
    ...fresh,
    ...(next === null ? [] : nearness(next, now, needed)),
    ...recoveries(missedRecoveries({ anchor, unrecovered }, now, epochsOf(needed)), now, rows),
  ];
  const gaps = gapsOf({ now, anchor, live, unrecovered, current }, epochsOf(needed));
  if (!isDone || by.length > 0) return { type: 'closed', by, seen, gaps };
  return {
    type: 'open',
    seen,
    done: live.includes(true) ? work.done : 'no sectors',
    slack: next === null ? null : slackOf(next, now),
    until: next === null ? null : (gaps[0]?.until ?? now),
    gaps,
  };
};

/** Without an open window a miner has no sectors that live: those of a row are not known to be terminated. */
const closedWithSectors = ({ info, deadlines: { deadlines } }: Heard, now: number): string | null => {
  const { index, open, sectors } = info.deadline;
  const wrong = sectors > 0 ? index : now;
  if (sectors === 0 && deadlines[now]?.sectors === 0) return null;
  return `deadline ${wrong} has sectors, but proving info says that no window is open until deadline ${index} is in ${open - info.epoch} epochs`;
};

const NO_ROW: Deadline = { partitions: 0, sectors: 0, faults: 0, proven: 0 };
/** Of the window of this moment, where it is not that of the head: nothing of it is known to be proven. */
const turned = (row: Deadline): Work => (row.sectors > 0 ? { outstanding: row.partitions } : IDLE);

interface OpenWindow {
  readonly deadline: number;
  readonly opens: number;
}

const unproven = ({ deadline, opens }: OpenWindow, partitions: number): ClosedBy => ({
  why: 'unproven',
  deadline,
  partitions,
  closes: opens + WINDOW,
});

/** A proof that is there already when the first can be sent is no older than that. */
const unconfirmed = ({ deadline, opens }: OpenWindow, now: number): readonly ClosedBy[] => {
  const until = confirmedAt(opens);
  return now < until ? [{ why: 'unconfirmed', deadline, until }] : [];
};

const nearness = (next: LiveWindow, now: number, needed: number): readonly ClosedBy[] => {
  const { deadline, opens, computes } = next;
  if (now >= computes) return [{ why: 'computing', deadline, opens }];
  const seconds = slackOf(next, now);
  return seconds < needed ? [{ why: 'too near', deadline, computes, seconds }] : [];
};

const slackOf = ({ computes }: LiveWindow, now: number): number => (computes - now) * EPOCH;

/** While lotus-miner works on a deadline it declares the recoveries of the one after the next. */
const recoveries = (
  missed: OpenWindow | null,
  now: number,
  rows: readonly Deadline[],
): readonly ClosedBy[] =>
  missed === null
    ? []
    : [
        {
          ...{ why: 'recoveries', deadline: missed.deadline, faults: rows[missed.deadline]?.faults ?? 0 },
          ...(missed.opens > now && { from: missed.opens }),
        },
      ];

const unknown = (why: string): ProvingWindow => ({ type: 'unknown', why });
