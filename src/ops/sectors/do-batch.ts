import type { Host } from '../../inventory/cluster.ts';
import type { Target } from '../../transport/connection.ts';
import type { ApplyDeps } from '../at-miner/apply.ts';
import type { AskedCluster } from '../at-miner/asked.ts';
import type { Came } from '../at-miner/carry-out.ts';
import type { SeenEvent, SeenOutcomes } from '../at-miner/carry-out-seen.ts';
import { carryOutSeen } from '../at-miner/carry-out-seen.ts';
import { sectorChanges } from './batch.ts';
import { knownSector } from './known.ts';
import type { StatusLook } from './look.ts';
import { statusQuery } from './look.ts';
import type { BatchSector, SectorAction, SectorBatch } from './sector-batch.ts';

/** What came of a sector, as it was seen when it was looked at again. */
export interface SectorOutcome {
  readonly number: number;
  readonly type:
    | 'done'
    /** It is being removed. */
    | 'under way'
    /** lotus-miner took it, and has not been seen to do it. */
    | 'taken'
    | 'not done'
    /** Nobody knows whether lotus-miner took it. */
    | 'unknown'
    | 'not begun';
  /** Null: it was not seen again. */
  readonly state: string | null;
  readonly why: string | null;
}

export type BatchResult = SeenOutcomes<SectorOutcome>;

/**
 * How long is looked: a failed sector takes nothing up in the minute in which lotus-miner waits before it tries again,
 * and the miner is asked for its state in between.
 */
const LOOKS = { every: 3_000, longest: 100_000 };

/** Does what a batch says, and looks what came of it. Meant for one without refusals. */
export const doBatch = (
  asked: AskedCluster,
  batch: Pick<SectorBatch, 'action' | 'chosen'>,
  targetOf: (host: Host) => Target,
  deps: ApplyDeps,
  onEvent: (event: SeenEvent) => void,
): Promise<BatchResult> =>
  carryOutSeen(
    asked,
    {
      items: batch.chosen,
      changes: sectorChanges(batch),
      query: (mayBe) => statusQuery(mayBe.map(({ number }) => number)),
      outcome: (sector, came, look: StatusLook | null) => outcomeOf(batch.action, sector, came, look),
      isSettled: ({ type }) => ['done', 'not done', 'not begun'].includes(type),
      looks: LOOKS,
    },
    targetOf,
    deps,
    onEvent,
  );

/** What came of a sector, of what its host said and what is seen of it now; only that is done which is seen to be. */
export const outcomeOf = (
  action: SectorAction,
  sector: Pick<BatchSector, 'number' | 'state' | 'lastEvent'>,
  { type, why }: Came,
  look: StatusLook | null,
): SectorOutcome => {
  const { number } = sector;
  if (type === 'refused') return { number, type: 'not done', state: null, why };
  if (type === 'not begun') return { number, type, state: null, why };
  const told = look?.statuses.get(number);
  const { state, says } = knownSector(number, undefined, told, look?.now ?? 0);
  const newest = told?.type === 'understood' ? (told.value.events.at(-1)?.index ?? null) : null;
  const seen = state === null ? null : seenAs(action, sector, state, newest);
  if (seen === 'not done') return { number, type: seen, state, why: says };
  if (seen !== null) return { number, type: seen, state, why: null };
  return type === 'asked' ? { number, type: 'taken', state, why: null } : { number, type, state, why };
};

const seenAs = (
  action: SectorAction,
  before: Pick<BatchSector, 'state' | 'lastEvent'>,
  state: string,
  newest: number | null,
): 'done' | 'under way' | 'not done' | null => {
  switch (action) {
    case 'retry': {
      const isNewer = newest !== null && before.lastEvent !== null && newest > before.lastEvent;
      return state !== before.state || isNewer ? 'done' : null;
    }
    case 'discard':
      return state === 'Removed' ? 'done' : null;
    case 'remove':
      if (state === 'Removing') return 'under way';
      if (state === 'RemoveFailed' && before.state !== 'RemoveFailed') return 'not done';
      // What is given up already is so before its files have gone.
      return state === 'Removed' && (before.state !== 'Removed' || (newest ?? 0) > (before.lastEvent ?? 0))
        ? 'done'
        : null;
  }
};
