import { groupBy } from '../../core/group-by.ts';
import type { SectorCounts } from '../../lotus/miner-info.ts';
import { countIn } from '../../lotus/miner-info.ts';
import type { QueuedTask } from '../../lotus/sched-diag.ts';
import { isPausedFor } from '../../lotus/workers.ts';
import type { AtMiner, HostAtMiner } from '../at-miner/whose.ts';
import type { ClusterJob } from '../jobs/jobs.ts';

/** A stage of sealing: who does it, and in which state its sectors are. */
interface StageSpec {
  readonly group: string;
  /** As `worker-pause --tt` calls it. */
  readonly paused: string;
  /** State of `lotus-miner info` that has the sectors of this stage, and no others. */
  readonly state?: string;
}

/** Stages of which somebody of the inventory takes care (handbook 3.5.4, 3.6.4). */
export const STAGE_SPECS = {
  AP: { group: 'APx', paused: 'ap', state: 'Packing' },
  PC1: { group: 'P1', paused: 'p1', state: 'PreCommit1' },
  PC2: { group: 'P2', paused: 'p2', state: 'PreCommit2' },
  C2: { group: 'C2', paused: 'c2' },
  FIN: { group: 'APx', paused: 'fin', state: 'FinalizeSector' },
} as const satisfies Readonly<Record<string, StageSpec>>;
export type Stage = keyof typeof STAGE_SPECS;

/** Workers of one stage, as the miner lists them. */
export interface StageWorkers {
  /** Names of processes that take tasks. */
  readonly working: readonly string[];
  /** Those that do not, and why: `P2: the miner does not list it`. */
  readonly out: readonly { readonly name: string; readonly why: string }[];
  /** Of so many it is not told. */
  readonly untold: number;
}

/** What one host has of a stage. */
export interface HostStage {
  readonly host: string;
  readonly workers: StageWorkers;
  readonly running: readonly ClusterJob[];
  /** Given to a worker of this host, and not begun. */
  readonly waiting: readonly ClusterJob[];
}

/** A stage of the whole cluster. */
export interface ClusterStage {
  readonly stage: Stage;
  /** Hosts that have workers or tasks of it, in the order of the inventory. */
  readonly hosts: readonly HostStage[];
  readonly running: number;
  /** Sectors that wait for it: given to a worker and not begun, or to none yet; null: nobody tells the latter. */
  readonly waiting: number | null;
  /** Those of them that no worker has been given. */
  readonly unassigned: number | null;
  readonly working: number;
  readonly out: number;
  readonly untold: number;
}

export interface Sealing {
  readonly jobs: readonly ClusterJob[];
  readonly at: AtMiner;
  /** Null: not told. */
  readonly sectors: SectorCounts | null;
  /** Null: not told. */
  readonly queued: readonly QueuedTask[] | null;
}

const isWaiting = ({ job: { state } }: ClusterJob): boolean =>
  state.type === 'assigned' || state.type === 'prepared';

/** How a stage stands. */
export const clusterStage = ({ jobs, at, sectors, queued }: Sealing, stage: Stage): ClusterStage => {
  const spec: StageSpec = STAGE_SPECS[stage];
  const own = jobs.filter(({ job }) => job.task === stage);
  const byHost = groupBy(own, ({ place }) => place.host);
  const hosts = at.hosts.flatMap((one): HostStage[] => {
    const workers = workersOf(one, spec);
    const tasks = byHost.get(one.host.name) ?? [];
    if (workers.working.length + workers.out.length + workers.untold + tasks.length === 0) return [];
    const running = tasks.filter(({ job }) => job.state.type === 'running');
    return [{ host: one.host.name, workers, running, waiting: tasks.filter(isWaiting) }];
  });
  const having = (type: string) => own.filter(({ job }) => job.state.type === type).length;
  const running = having('running');
  const assigned = own.filter(isWaiting).length;
  const unassigned =
    queued?.filter(({ task }) => task === stage).length ??
    (sectors && spec.state !== undefined
      ? // What the state has, and no task is known of.
        Math.max(0, countIn(sectors, spec.state) - own.length)
      : null);
  const sum = (of: (workers: StageWorkers) => number) =>
    hosts.reduce((all, { workers }) => all + of(workers), 0);
  return {
    ...{ stage, hosts, running, unassigned },
    waiting: unassigned === null ? null : assigned + unassigned,
    working: sum(({ working }) => working.length),
    out: sum(({ out }) => out.length),
    untold: sum(({ untold }) => untold),
  };
};

const workersOf = ({ processes, beside }: HostAtMiner, { group, paused }: StageSpec): StageWorkers => {
  // The official program tells no ports: where as many are there as the host has, all of them are.
  const alive = beside.filter(({ url, disabled }) => url === null && !disabled).length;
  const areAllThere = alive >= processes.length;
  const own = processes.filter((process) => process.group === group);
  const states = own.map(({ name, registration }): { name: string; why: string | null | 'untold' } => {
    if (registration.type === 'unknown') return { name, why: areAllThere ? null : 'untold' };
    if (registration.type === 'missing') return { name, why: 'the miner does not list it' };
    const enabled = registration.workers.filter(({ disabled }) => !disabled);
    if (enabled.length === 0) return { name, why: 'the miner has lost it' };
    if (enabled.every((worker) => isPausedFor(worker, [paused, 'all'])))
      return { name, why: 'it is paused at the miner' };
    return { name, why: null };
  });
  return {
    working: states.flatMap(({ name, why }) => (why === null ? [name] : [])),
    out: states.flatMap(({ name, why }) => (why === null || why === 'untold' ? [] : [{ name, why }])),
    untold: states.filter(({ why }) => why === 'untold').length,
  };
};

/** Seconds that the oldest of some tasks has; 0 where there is none. */
export const oldest = (jobs: readonly ClusterJob[]): number =>
  Math.max(0, ...jobs.map(({ job }) => job.seconds));

/** Whether something is known to take too long. */
export const isLate = ({ troubles }: ClusterJob): boolean => troubles.some(({ kind }) => kind === 'late');
