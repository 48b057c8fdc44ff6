import { groupBy } from '../core/group-by.ts';
import type { SealingJob } from '../lotus/jobs.ts';
import type { SealingWorker } from '../lotus/workers.ts';
import type { MinerSays } from './miner-says.ts';

/** A machine as far as it tells whose worker one is. */
export interface WorkerHost {
  readonly name: string;
  /** That SSH connects to: workers that were started before it had another one to listen on are registered there. */
  readonly address: string;
  /** That its workers listen on (`--listen`). */
  readonly listen: string;
  /** What the machine calls itself, where that is known and is not its name. */
  readonly hostname?: string;
  /** Its workers; lotus and lotus-miner are none. */
  readonly processes: readonly { readonly name: string; readonly port: number }[];
}

/** What the miner has of one process. */
export type Registration =
  | {
      readonly type: 'registered';
      readonly workers: readonly SealingWorker[];
      /** Its tasks; null where nobody knows them. */
      readonly jobs: readonly SealingJob[] | null;
    }
  /** The miner told all of its workers, and it is none of them. */
  | { readonly type: 'missing' }
  | {
      readonly type: 'unknown';
      readonly why: string;
      /** How many workers of its host are registered and not lost, where the program does not tell which they are. */
      readonly onHost?: number;
    };

/** What the miner has of all processes of some hosts. */
export interface Registrations {
  /** Of the process of a host by their names. */
  readonly of: (host: string, process: string) => Registration;
  /**
   * Tasks of a host of which nobody knows at which of its processes they are: calls that are outstanding (`ret-wait`),
   * tasks of a worker that is not listed, and all where several of its workers cannot be told apart. Null: not known.
   */
  readonly jobsBeside: (host: string) => readonly SealingJob[] | null;
}

/**
 * Whose are the workers and tasks that the miner lists? The fork tells address and port of each worker; the official
 * program only the name of its host, which tells nothing where some of the host's workers are registered and some not.
 */
export const registrationsOf = (says: MinerSays, hosts: readonly WorkerHost[]): Registrations => {
  const { workers, jobs } = says;
  const byName = new Map(hosts.map((host) => [host.name, host]));
  const whoIsAt = hostsByAddress(hosts);
  const of = (host: string, process: string): Registration => {
    if (workers.type !== 'understood') return { type: 'unknown', why: workers.why };
    const one = byName.get(host);
    const port = one?.processes.find(({ name }) => name === process)?.port;
    if (!one || port === undefined) return { type: 'unknown', why: 'the miner was not asked about it' };
    const found = workersAt(workers.value, whoIsAt, one, port);
    if ('why' in found) return found;
    if (found.length === 0) return { type: 'missing' };
    return { type: 'registered', workers: found, jobs: jobsAt(found) };
  };
  const jobsAt = (found: readonly SealingWorker[]): readonly SealingJob[] | null =>
    jobs.type === 'understood' ? jobs.value.filter((job) => found.some((one) => isAt(job, one))) : null;
  const jobsBeside = (host: string): readonly SealingJob[] | null => {
    const one = byName.get(host);
    if (jobs.type !== 'understood' || !one) return null;
    const told = new Set(
      one.processes.flatMap(({ name }) => {
        const registration = of(host, name);
        return registration.type === 'registered' ? (registration.jobs ?? []) : [];
      }),
    );
    return jobs.value.filter((job) => !told.has(job) && namesOf(one).includes(job.host));
  };
  return { of, jobsBeside };
};

/**
 * Whose an address is that a worker is registered with. Hosts behind one address that SSH reaches by its ports are told
 * apart by what they listen on alone.
 */
export const hostsByAddress = <H extends WorkerHost>(hosts: readonly H[]): ReadonlyMap<string, H> => {
  const shared = [...groupBy(hosts, ({ address }) => address).values()];
  return new Map([
    ...shared.flatMap(([host, other]) => (host && !other ? [[host.address, host] as const] : [])),
    ...hosts.map((host) => [host.listen, host] as const),
  ]);
};

/** What the miner may call a host. */
export const namesOf = ({ name, hostname }: WorkerHost): readonly string[] =>
  hostname === undefined ? [name] : [name, hostname];

/** The workers at one port of a host, or why they cannot be told from its others. */
const workersAt = (
  workers: readonly SealingWorker[],
  whoIsAt: ReadonlyMap<string, WorkerHost>,
  host: WorkerHost,
  port: number,
): readonly SealingWorker[] | Extract<Registration, { type: 'unknown' }> => {
  const named = (worker: SealingWorker) => namesOf(host).includes(worker.host);
  const told = workers.filter(({ url }) => url?.port === port);
  const there = told.filter(({ url }) => url?.host === host.listen);
  if (there.some(({ disabled }) => !disabled)) return there;
  // It may have been started when it was to listen on another address of its machine.
  const own = told.filter((worker) => {
    const whose = whoIsAt.get(worker.url?.host ?? '');
    return there.includes(worker) || (whose ? whose === host : named(worker));
  });
  if (own.length > 0) return own;
  const onlyNamed = workers.filter((worker) => worker.url === null && named(worker));
  if (onlyNamed.length === 0 || host.processes.length === 1) return onlyNamed;
  const alive = onlyNamed.filter(({ disabled }) => !disabled).length;
  return {
    type: 'unknown',
    onHost: alive,
    why: `this version of lotus-miner tells hosts, not ports: ${alive} of the ${host.processes.length} workers of this host are registered`,
  };
};

/** Whether a task is at a worker: its id begins with what the list of tasks shows, and up to lotus 1.1 is the same. */
export const isAt = (job: SealingJob, worker: SealingWorker): boolean =>
  /[^0]/.test(job.worker) &&
  (worker.id === job.worker || (job.worker.length >= 8 && worker.id.startsWith(job.worker))) &&
  (job.host === '' || worker.host === '' || job.host === worker.host);
