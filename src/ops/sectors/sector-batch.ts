import type { Problem } from '../../core/problem.ts';
import type { SectorSize } from '../../core/profile.ts';
import type { StageDuration } from '../../lotus/stage-durations.ts';
import type { KnownSector } from './known.ts';

/** `retry`: has lotus-miner try again. `discard`: gives up, and leaves the files. `remove`: gives up with the files. */
export type SectorAction = 'retry' | 'discard' | 'remove';

/** A sector with what is to be done with it. */
export interface BatchSector extends KnownSector {
  /** The state that lotus-miner is told; null: it is removed, or nothing is done. */
  readonly to: string | null;
  /** Index of its last event, to tell a new one by. */
  readonly lastEvent: number | null;
  /** What sealing it so far has taken by the handbook (5.1.1), at the least and the most; null: nobody says. */
  readonly spent: StageDuration | null;
  /** Stages that were done. */
  readonly done: readonly string[];
  /** Why nothing is done with it. */
  readonly refusal: string | null;
}

/** What is to be done with sectors, and what stands against it. */
export interface SectorBatch {
  readonly action: SectorAction;
  readonly miner: string;
  readonly minerHost: string;
  readonly sectorSize: SectorSize;
  /** Those that it would be done with. */
  readonly chosen: readonly BatchSector[];
  /** Those that were looked at, and are left alone. */
  readonly left: readonly BatchSector[];
  /** Sectors in these states that were not looked at, or are more than the limit. */
  readonly beyond: number;
  readonly limit: number;
  /** Why nothing is done at all, whoever says yes. */
  readonly refusals: readonly Problem[];
}

/** What is asked for: sectors by their numbers, or by a state. */
export type SectorChoice =
  | { readonly type: 'numbers'; readonly numbers: readonly number[] }
  | { readonly type: 'state'; readonly state: string };
