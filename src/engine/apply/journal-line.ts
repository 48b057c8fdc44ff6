import type { LockHolder } from '../../core/problem.ts';
import { holderOf } from '../lock/holder.ts';

/** A line of a run's journal on its host, as runner.sh writes it. */
export type JournalLine =
  | { readonly type: 'begin'; readonly step: number; readonly at: number }
  | { readonly type: 'out'; readonly step: number; readonly line: string }
  /** The step waits so many seconds for its turn before it is begun. */
  | { readonly type: 'waits'; readonly step: number; readonly seconds: number }
  /** The step did not end in time, and was ended; its `end` follows. */
  | { readonly type: 'late'; readonly step: number; readonly seconds: number }
  | { readonly type: 'end'; readonly step: number; readonly at: number; readonly status: number }
  /** The step could not be begun. */
  | { readonly type: 'broken'; readonly step: number; readonly why: string }
  | { readonly type: 'stopped'; readonly step: number }
  /** It was not begun, as it needs the step `cause`, which failed. */
  | { readonly type: 'skipped'; readonly step: number; readonly cause: number }
  /** The run has ended at this step, and not all went well. */
  | { readonly type: 'over'; readonly step: number }
  | { readonly type: 'locked'; readonly holder: LockHolder }
  /** All steps ended with success. */
  | { readonly type: 'done' }
  /** Something that the runner itself said: a defect or a full disk. */
  | { readonly type: 'noise'; readonly line: string };

/** Reads one line. Times are seconds of the host's uptime: good for differences only. */
export const parseJournalLine = (text: string): JournalLine => {
  const [word = '', number = '', ...rest] = text.split('\t');
  const step = Number(number);
  switch (word) {
    case 'begin':
      return { type: 'begin', step, at: Number(rest[0]) };
    case 'out':
      return { type: 'out', step, line: rest.join('\t') };
    case 'waits':
      return { type: 'waits', step, seconds: Number(rest[0]) };
    case 'late':
      return { type: 'late', step, seconds: Number(rest[0]) };
    case 'end':
      // A status that is no number is no success.
      if (!/^\d+$/.test(rest[1] ?? '')) return { type: 'noise', line: text };
      return { type: 'end', step, at: Number(rest[0]), status: Number(rest[1]) };
    case 'broken':
      return { type: 'broken', step, why: rest.join(' ') };
    case 'stopped':
      return { type: 'stopped', step };
    case 'skipped':
      return { type: 'skipped', step, cause: Number(rest[0]) };
    case 'over':
      return { type: 'over', step };
    case 'locked':
      return { type: 'locked', holder: holderOf(rest) };
    case 'done':
      return { type: 'done' };
    default:
      return { type: 'noise', line: text };
  }
};
