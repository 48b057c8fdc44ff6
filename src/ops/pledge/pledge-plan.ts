import type { LockHolder, Problem } from '../../core/problem.ts';
import type { SectorSize } from '../../core/profile.ts';
import type { LastPledge } from './look.ts';
import type { ApxPlace } from './places.ts';

/** Where sectors would go, and what is in the way. */
export interface PledgePlan {
  readonly miner: string;
  readonly minerHost: string;
  readonly sectorSize: SectorSize;
  /** Sectors that are to be pledged. */
  readonly asked: number;
  readonly places: readonly ApxPlace[];
  /** Sectors that were pledged and have no piece yet; null: not known. */
  readonly packing: number | null;
  /** Places that are free of those that take sectors, without what is in Packing; null: not known. */
  readonly free: number | null;
  /** P1 tasks that may be at work at the same time, and those that are. */
  readonly p1: { readonly slots: number; readonly running: number };
  /** Seconds until the last is sealed, at the least; null: it cannot be said. */
  readonly seconds: number | null;
  /** Bytes that are free where sectors are kept; null: not known. */
  readonly store: number | null;
  /** Directories of which that is not told: there may be more room. */
  readonly silentStores: number;
  /** attoFIL of the miner; null: not known. */
  readonly available: bigint | null;
  readonly last: LastPledge | null;
  readonly holder: LockHolder | null;
  /** Why nothing is pledged, whoever says yes. */
  readonly refusals: readonly Problem[];
  readonly warnings: readonly string[];
}
