import type { Cluster, Host } from '../../inventory/cluster.ts';

/** What a miner is set up with. */
export interface Setup {
  readonly cluster: Cluster;
  readonly host: Host;
  /** A snapshot may be imported over a chain that is there: somebody has confirmed it by the host's name. */
  readonly importOver: boolean;
  /** Of a restore. */
  readonly restore?: ChosenBackup;
}

/** What a miner is restored from: files on its host. */
export interface ChosenBackup {
  readonly metadata: string;
  readonly config: string;
  readonly storage: string;
  /** Of the metadata. */
  readonly sha256: string;
  readonly bytes: number;
  /** Seconds since 1970, by the clock of the host that made it; null: not known. */
  readonly at: number | null;
  /** Whether all of its files were what its sums say; false: it has none. */
  readonly hasSums: boolean;
}

export const SETUP_STEP_NAMES = [
  'deployed',
  'snapshot',
  'parameters',
  'import',
  'lotus',
  'sync',
  'wallets',
  'funds',
  'init',
  'miner',
  'storage',
  'backup',
  'api',
] as const;
/** Those that a restore has besides. */
export const RESTORE_STEP_NAMES = ['chosen', 'repository', 'restore'] as const;
export const STEP_NAMES = [...SETUP_STEP_NAMES, ...RESTORE_STEP_NAMES] as const;
export type StepName = (typeof STEP_NAMES)[number];

/** How far something long has come. */
export interface Progress {
  readonly done: number;
  /** Null where nobody knows. */
  readonly total: number | null;
  readonly unit: 'bytes' | 'epochs' | 'percent';
}
