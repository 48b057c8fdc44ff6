import { readAnswer } from './answer.ts';
import type { Answer } from './failure.ts';
import { countOf, secondsOf } from './numbers.ts';
import { saying } from './plain-text.ts';
import { known, type Reading, unclear } from './reading.ts';

export type JobState =
  | { readonly type: 'running' }
  /** Given to a worker, not begun; `window` of its plan. */
  | { readonly type: 'assigned'; readonly window: number }
  | { readonly type: 'prepared' }
  /** A call is outstanding, and nobody knows at which worker. */
  | { readonly type: 'ret-wait' }
  | { readonly type: 'returned' }
  | { readonly type: 'ret-done' };

/** A task of a sector as `lotus-miner sealing jobs` lists it. */
export interface SealingJob {
  /** Start of the call's UUID: eight or twelve hex digits, a number up to lotus 1.1. All zeros where it is assigned. */
  readonly id: string;
  readonly sector: number;
  /** Start of the worker's UUID; all zeros where it is not known. */
  readonly worker: string;
  /** Empty where the worker does not tell. */
  readonly host: string;
  /** AP PC1 PC2 C1 C2 FIN GET UNS, or one of another version. */
  readonly task: string;
  readonly state: JobState;
  readonly seconds: number;
}

/**
 * Reads `lotus-miner sealing jobs`. The header is always there, so an empty output is not understood. A task that
 * is being prepared shows in none of it before lotus 1.13, nor does a proof of spacetime.
 */
export const readJobs = (answer: Answer): Reading<readonly SealingJob[]> =>
  readAnswer(answer, (lines) => {
    const [header = '', ...rows] = saying(lines);
    if (!/^ID\s+Sector\s+Worker\s+Hostname\s+Task\s+State\s+Time$/.test(header))
      unclear('this is no list of jobs', header);
    return rows.map(readJob);
  });

/** A host's name may be missing: then there is one word less, wherever the columns are. */
const ROW = /^([\da-f]+)\s+(\d+)\s+([\da-f]+)(?:\s+(\S+))?\s+([A-Z][A-Z\d]*)\s+(\S+)\s+(\S+)$/;

const readJob = (line: string): SealingJob => {
  const [, id, sector, worker, host = '', task, state, time] = ROW.exec(line) ?? [];
  if (id === undefined || worker === undefined || task === undefined) return unclear('this is no job', line);
  return {
    id,
    sector: known(countOf(sector), 'this is no sector', line),
    worker,
    host,
    task,
    state: known(readState(state ?? ''), 'nobody knows the state of this job', line),
    seconds: known(secondsOf(time ?? ''), 'the time of this job is unclear', line),
  };
};

const readState = (text: string): JobState | null => {
  const window = countOf(/^assigned\((\d+)\)$/.exec(text)?.[1]);
  if (window !== null) return { type: 'assigned', window };
  switch (text) {
    case 'running':
    case 'prepared':
    case 'ret-wait':
    case 'returned':
    case 'ret-done':
      return { type: text };
    default:
      return null;
  }
};
