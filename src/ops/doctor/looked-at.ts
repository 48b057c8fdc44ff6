import type { Cluster } from '../../inventory/cluster.ts';
import type { ClusterHost } from '../at-miner/asked.ts';
import type { AtMiner } from '../at-miner/whose.ts';
import type { ClusterJob } from '../jobs/jobs.ts';
import type { ClusterStatus, LookedAtHost } from '../status/status.ts';
import type { Verified } from '../verify/verify.ts';
import type { MinerLook } from './miner-look.ts';

/** What the looks at a cluster have brought. */
export interface LookedAtCluster {
  readonly cluster: Cluster;
  readonly verified: Verified;
  readonly status: ClusterStatus;
  readonly lastLook: (host: string) => LookedAtHost | null;
  /** With the host that has said it; null: the inventory has no miner host. */
  readonly miner: {
    readonly host: string;
    readonly says: MinerLook;
    /** All hosts of the cluster, chosen or not: whose a worker is can only be told beside all others. */
    readonly workerHosts: readonly ClusterHost[];
  } | null;
  /** Names of the hosts that were looked at; null: all. */
  readonly chosen: ReadonlySet<string> | null;
  /** Seconds since 1970, by the clock of this machine. */
  readonly now: number;
}

/** Where the tasks of sectors are. */
export interface SealingSeen {
  readonly at: AtMiner;
  /** Null: nobody knows them. */
  readonly jobs: readonly ClusterJob[] | null;
}
