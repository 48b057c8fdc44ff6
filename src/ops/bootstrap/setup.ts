import type { Cluster, Host } from '../../inventory/cluster.ts';

/** What a miner is set up with. */
export interface Setup {
  readonly cluster: Cluster;
  readonly host: Host;
  /** A snapshot may be imported over a chain that is there: somebody has confirmed it by the host's name. */
  readonly importOver: boolean;
}

export const STEP_NAMES = [
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
export type StepName = (typeof STEP_NAMES)[number];

/** How far something long has come. */
export interface Progress {
  readonly done: number;
  /** Null where nobody knows. */
  readonly total: number | null;
  readonly unit: 'bytes' | 'epochs' | 'percent';
}
