import type { Host } from '../../inventory/cluster.ts';
import type { Target } from '../../transport/connection.ts';
import type { ApplyDeps } from '../at-miner/apply.ts';
import type { AskedCluster } from '../at-miner/asked.ts';
import type { Came } from '../at-miner/carry-out.ts';
import type { SeenEvent, SeenOutcomes } from '../at-miner/carry-out-seen.ts';
import { carryOutSeen } from '../at-miner/carry-out-seen.ts';
import type { MinerSays } from '../miner-says.ts';
import { minerSaysQuery } from '../miner-says.ts';
import type { AbortItem } from './abort.ts';
import { abortChanges } from './abort.ts';

/** What came of a task, as it was seen when it was looked for again. */
export interface AbortOutcome {
  readonly id: string;
  readonly sector: number;
  /** `gone`: lotus-miner waits for it no more. `taken`: it took the order, and still does. */
  readonly type: 'gone' | 'taken' | 'not done' | 'unknown' | 'not begun';
  readonly why: string | null;
}

export type AbortResult = SeenOutcomes<AbortOutcome>;

const LOOKS = { every: 2_000, longest: 30_000 };

/** Aborts tasks, and looks whether they have gone. */
export const doAbort = (
  asked: AskedCluster,
  chosen: readonly AbortItem[],
  targetOf: (host: Host) => Target,
  deps: ApplyDeps,
  onEvent: (event: SeenEvent) => void,
): Promise<AbortResult> =>
  carryOutSeen(
    asked,
    {
      items: chosen,
      changes: abortChanges(chosen),
      query: () => minerSaysQuery,
      outcome: abortOutcome,
      isSettled: ({ type }) => ['gone', 'not done', 'not begun'].includes(type),
      looks: LOOKS,
    },
    targetOf,
    deps,
    onEvent,
  );

/** What came of a task, of what its host said and what lotus-miner lists now; a list that is not understood tells nothing. */
export const abortOutcome = (
  { job }: Pick<AbortItem, 'job'>,
  { type, why }: Came,
  says: MinerSays | null,
): AbortOutcome => {
  const about = { id: job.id, sector: job.sector };
  if (type === 'refused') return { ...about, type: 'not done', why };
  if (type === 'not begun') return { ...about, type, why };
  const jobs = says?.jobs.type === 'understood' ? says.jobs.value : null;
  const isThere = jobs?.some(
    ({ id, state }) => id === job.id && (state.type === 'running' || state.type === 'ret-wait'),
  );
  if (isThere === false) return { ...about, type: 'gone', why: null };
  return type === 'asked' ? { ...about, type: 'taken', why: null } : { ...about, type, why };
};
