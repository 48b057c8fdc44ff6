import type { Host } from '../../inventory/cluster.ts';
import type { StageContext } from '../deploy-stages.ts';
import type { Operation } from '../process-work.ts';
import type { WorkerHost } from '../registrations.ts';
import type { RoleWork } from '../role-work.ts';
import type { WindowGuard } from '../window/guard.ts';
import type { StopMode } from './at-risk.ts';
import type { Miner } from './miner.ts';

/** Workers of a host that are no more, and that its miner may list for some seconds still. */
export interface Gone {
  /** By which the miner knew them. */
  readonly ids: ReadonlySet<string>;
  /** Processes of which it did not tell by which id it knew them: it was silent, or tells hosts alone. */
  readonly untold: ReadonlySet<string>;
}

/** What the stages that stop processes have in common. */
export interface StopContext extends StageContext {
  readonly miner: Miner;
  readonly mode: StopMode;
  /** Keeps lotus and lotus-miner from being stopped while a proof would be lost. */
  readonly guard: WindowGuard;
  /** Seconds that tasks are waited for; null: as long as they take. */
  readonly drainTimeout: number | null;
  /** Work that starts what was stopped; null: it stays so. */
  readonly startWork: (() => Promise<RoleWork>) | null;
  /** Work on these processes alone. */
  readonly workOn: (
    operation: Extract<Operation, 'stop' | 'start'>,
    names: readonly string[],
  ) => Promise<RoleWork>;
  /** All hosts of the request, as the miner knows them. */
  readonly workerHosts: () => Promise<readonly WorkerHost[]>;
  /** Workers that this run has paused, by host and process. */
  readonly paused: Map<Host, ReadonlyMap<string, readonly string[]>>;
  /** Kinds of tasks that somebody had kept from workers before this run paused them for all, by their ids. */
  readonly partly: Map<string, readonly string[]>;
  /** Which start of the miner was told to pause those of a host, where that is known. */
  readonly pausedBy: Map<Host, string>;
  /** Workers whose processes this run has ended, or has found dead. */
  readonly gone: Map<Host, Gone>;
  /** Waits for so many milliseconds, or until somebody interrupts. */
  readonly pause: (ms: number) => Promise<void>;
}
