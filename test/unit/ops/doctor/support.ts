import type { SealingJob } from '../../../../src/lotus/jobs.ts';
import type { SectorCounts } from '../../../../src/lotus/miner-info.ts';
import type { QueuedTask } from '../../../../src/lotus/sched-diag.ts';
import type { SealingWorker } from '../../../../src/lotus/workers.ts';
import type { ClusterHost } from '../../../../src/ops/at-miner/asked.ts';
import { atMiner } from '../../../../src/ops/at-miner/whose.ts';
import type { Finding } from '../../../../src/ops/doctor/finding.ts';
import type { Pipeline } from '../../../../src/ops/doctor/pipeline.ts';
import { pipelineOf } from '../../../../src/ops/doctor/pipeline.ts';
import { clusterJobs } from '../../../../src/ops/jobs/jobs.ts';
import { says } from '../jobs/support.ts';

/** A made-up cluster as a diagnosis sees its miner. */

export const ABOUT = { miner: 'f0494733', minerHost: 'miner-1', sectorSize: '64GiB' } as const;

/** A C2 machine with so many workers, number `k` of its network. */
export const c2Host = (k: number, workers = 2): ClusterHost => ({
  name: `c2-${k}`,
  address: `10.0.1.${k}`,
  listen: `10.0.1.${k}`,
  hostname: `f0494733-c2-10-0-1-${k}`,
  roles: ['c2'],
  processes: Array.from({ length: workers }, (_, index) => ({
    name: `C2-${index + 1}`,
    group: 'C2',
    port: 20_010 + 10 * index,
  })),
  problems: [],
});

/** Sectors by state, as `lotus-miner info` counts them. */
export const sectorsIn = (states: Readonly<Record<string, number>>): SectorCounts => ({
  total: Object.values(states).reduce((sum, one) => sum + one, 0),
  states: new Map(Object.entries(states)),
});

export interface Stated {
  readonly hosts: readonly ClusterHost[];
  readonly workers: readonly SealingWorker[];
  readonly jobs?: readonly SealingJob[];
  readonly sectors?: SectorCounts | null;
  readonly queued?: readonly QueuedTask[] | null;
  readonly storageTroubles?: readonly string[];
}

export const pipeline = ({
  hosts,
  workers,
  jobs = [],
  sectors = null,
  queued = [],
  storageTroubles = [],
}: Stated): Pipeline => {
  const told = says(workers, jobs);
  const at = atMiner(told, hosts);
  const every = { hosts: null, tasks: [], late: false };
  return pipelineOf(
    { jobs: clusterJobs(jobs, told.workers, at, ABOUT, every).jobs, at, sectors, queued },
    {
      miner: ABOUT.miner,
      minerHost: ABOUT.minerHost,
      size: ABOUT.sectorSize,
      storageTroubles: () => storageTroubles,
    },
  );
};

/** `critical p2 p1-50: P1 is held up …` */
export const told = (findings: readonly Finding[]): readonly string[] =>
  findings.map(({ severity, kind, host, message }) => `${severity} ${kind} ${host}: ${message}`);

/** The commands of fcops that a finding names. */
export const commandsOf = (findings: readonly Finding[]): readonly string[] =>
  findings.flatMap(({ next }) =>
    next.flatMap((one) =>
      one.type === 'fcops' ? [one.words.join(' ')] : one.type === 'shell' ? [one.command] : [],
    ),
  );
