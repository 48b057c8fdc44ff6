import { groupBy } from '../../core/group-by.ts';
import type { SealingJob } from '../../lotus/jobs.ts';
import type { SealingWorker } from '../../lotus/workers.ts';
import type { MinerSays } from '../miner-says.ts';
import type { Registration } from '../registrations.ts';
import { hostsByAddress, isAt, namesOf, registrationsOf } from '../registrations.ts';
import type { ClusterHost } from './asked.ts';

/** What the miner has of one process. */
export type Registered =
  | Pick<Extract<Registration, { type: 'registered' }>, 'type' | 'workers'>
  | Exclude<Registration, { type: 'registered' }>;

/** What the miner has of a host and its processes. */
export interface HostAtMiner {
  readonly host: ClusterHost;
  /** Its processes in the order of the inventory. */
  readonly processes: readonly {
    readonly name: string;
    readonly group: string;
    readonly registration: Registered;
  }[];
  /** Workers of this host that are at none of its processes, as far as that is told. */
  readonly beside: readonly SealingWorker[];
}

/** Where a task is: at which host of the inventory, and at which of its processes; null: nobody knows. */
export interface JobPlace {
  readonly host: string | null;
  readonly process: string | null;
  readonly workers: readonly SealingWorker[];
}

/** All that the miner lists, by host. */
export interface AtMiner {
  readonly hosts: readonly HostAtMiner[];
  /** Workers of no host of the inventory. */
  readonly strangers: readonly SealingWorker[];
  /** The host of the inventory that has an address; null: none has. */
  readonly hostAt: (address: string) => string | null;
  readonly placeOf: (job: SealingJob) => JobPlace;
  /** Tasks of a worker; null: nobody knows them. */
  readonly jobsOf: (worker: SealingWorker) => readonly SealingJob[] | null;
}

/** Digits of a worker's id that the list of tasks shows at the least; up to lotus 1.1 an id is a shorter number. */
const ID_LENGTH = 8;

/** Puts workers and tasks to the hosts of a cluster. */
export const atMiner = (says: MinerSays, hosts: readonly ClusterHost[]): AtMiner => {
  // Tasks are put to workers here, all of them at once: there may be thousands of both.
  const registrations = registrationsOf({ ...says, jobs: { type: 'understood', value: [] } }, hosts);
  const all = says.workers.type === 'understood' ? says.workers.value : [];
  const claimed = new Set<SealingWorker>();
  const places = new Map<SealingWorker, Pick<JobPlace, 'host' | 'process'>>();
  const processes = hosts.map((host) =>
    host.processes.map(({ name, group }) => {
      const registration = registrations.of(host.name, name);
      if (registration.type === 'registered')
        for (const worker of registration.workers) {
          claimed.add(worker);
          places.set(worker, { host: host.name, process: name });
        }
      return { name, group, registration };
    }),
  );
  const byName = new Map(hosts.flatMap((host) => namesOf(host).map((name) => [name, host] as const)));
  const byAddress = hostsByAddress(hosts);
  const ownerOf = ({ host, url }: SealingWorker): ClusterHost | undefined =>
    (url && byAddress.get(url.host)) ?? byName.get(host);
  const byStart = groupBy(all, ({ id }) => id.slice(0, ID_LENGTH));
  const workersOf = (job: SealingJob): readonly SealingWorker[] =>
    (byStart.get(job.worker.slice(0, ID_LENGTH)) ?? []).filter((worker) => isAt(job, worker));
  const jobs = says.jobs.type === 'understood' ? new Map<SealingWorker, SealingJob[]>() : null;
  if (jobs && says.jobs.type === 'understood')
    for (const job of says.jobs.value)
      for (const worker of workersOf(job)) jobs.set(worker, [...(jobs.get(worker) ?? []), job]);
  const left = all.filter((worker) => !claimed.has(worker));
  for (const worker of left) {
    const owner = ownerOf(worker);
    if (owner) places.set(worker, { host: owner.name, process: null });
  }
  return {
    hosts: hosts.map((host, index) => ({
      host,
      processes: processes[index] ?? [],
      beside: left.filter((worker) => ownerOf(worker) === host),
    })),
    strangers: left.filter((worker) => ownerOf(worker) === undefined),
    hostAt: (address) => byAddress.get(address)?.name ?? null,
    placeOf: (job) => {
      const workers = workersOf(job);
      const [first, second] = workers;
      const place = first && places.get(first);
      if (first && second === undefined && place) return { ...place, workers };
      return { host: byName.get(job.host)?.name ?? null, process: null, workers };
    },
    jobsOf: (worker) => (jobs ? (jobs.get(worker) ?? []) : null),
  };
};
