import type { Host } from '../../inventory/cluster.ts';
import type { SealingWorker } from '../../lotus/workers.ts';
import type { AtWork, WorkOfProcesses } from '../../resources/process/at-work.ts';
import type { Process } from '../../resources/process/process.ts';
import type { MinerSays } from '../miner-says.ts';
import type { Registration, WorkerHost } from '../registrations.ts';
import { registrationsOf } from '../registrations.ts';

/** Whether a process takes tasks of sectors from the miner; lotus and lotus-miner do not. */
export const isWorker = ({ known }: Pick<Process, 'known'>): boolean => known.by === 'argument';

/** A host as the miner knows it. */
export const workerHost = ({ name, address, listen }: Host, processes: readonly Process[]): WorkerHost => ({
  name,
  address,
  listen,
  processes: processes.filter(isWorker).map((process) => ({ name: process.name, port: process.port })),
});

/**
 * What the workers of a host are at. Whoever is not told as being at rest may be at anything: a worker that has a task
 * while the miner is started anew is not listed until that has ended.
 */
export const workOf = (says: MinerSays, host: WorkerHost, hosts: readonly WorkerHost[]): WorkOfProcesses => {
  const registrations = registrationsOf(says, hosts);
  return new Map(
    host.processes.map(({ name }) => [name, workFrom(registrations.of(host.name, name), says)] as const),
  );
};

/** The same where the cluster has no miner host, and so nobody to ask. */
export const untoldWork = (host: WorkerHost, why: string): WorkOfProcesses =>
  new Map(host.processes.map(({ name }) => [name, { type: 'unknown', why, noMiner: true }] as const));

const workFrom = (registration: Registration, { jobs }: MinerSays): AtWork => {
  if (registration.type === 'unknown') return unknown(registration.why);
  if (registration.type === 'missing')
    return unknown(
      'the miner does not list it, which it does not either while a task goes on that was begun before it was started',
    );
  if (registration.jobs === null)
    return unknown('why' in jobs ? jobs.why : 'the miner does not tell its tasks');
  const tasks = registration.jobs.map(({ task, sector, seconds }) => ({ task, sector, seconds }));
  const counted = registration.workers.flatMap((worker) => [...worker.tasks.values()]);
  const sum = counted.reduce((all, one) => all + one, 0);
  return tasks.length === 0 && sum > 0
    ? unknown(`the miner counts ${sum} at it, and lists none of them`)
    : { type: 'tasks', tasks };
};

const unknown = (why: string): AtWork => ({ type: 'unknown', why });

/** Ids of the registered workers of a host, by process. */
export const registeredIds = (
  says: MinerSays,
  host: WorkerHost,
  hosts: readonly WorkerHost[],
  isMeant: (worker: SealingWorker) => boolean = () => true,
): ReadonlyMap<string, readonly string[]> => {
  const registrations = registrationsOf(says, hosts);
  return new Map(
    host.processes.flatMap(({ name }) => {
      const found = registrations.of(host.name, name);
      if (found.type !== 'registered') return [];
      return [[name, found.workers.filter(isMeant).map(({ id }) => id)] as const];
    }),
  );
};
