import type { HostPlan } from '../../engine/plan.ts';
import { changesOf } from '../../engine/plan.ts';
import { uptimeQuery } from '../../engine/query.ts';
import type { SealingWorker } from '../../lotus/workers.ts';
import type { Observation } from '../../resources/look.ts';
import { ageOf, runningOf } from '../../resources/process/look.ts';
import type { DeployHost } from '../deploy-host.ts';
import type { MinerSays } from '../miner-says.ts';
import type { WorkerHost } from '../registrations.ts';
import { namesOf, registrationsOf } from '../registrations.ts';
import type { Gone, StopContext } from './context.ts';
import { isWorker } from './work-at-miner.ts';

/** Milliseconds after which the miner has lost a worker that is no more: it looks for each every ten seconds. */
export const LOST = 30_000;

/**
 * Ids by which the miner knows these processes of a host. It goes on to list a worker that has ended for some seconds:
 * who comes after has another id.
 */
export const goneBy = (
  says: MinerSays,
  own: WorkerHost,
  hosts: readonly WorkerHost[],
  processes: ReadonlySet<string>,
): Gone => {
  const registrations = registrationsOf(says, hosts);
  const areAll = own.processes.every(({ name }) => processes.has(name));
  const ids = new Set(areAll ? onHost(says, own).map(({ id }) => id) : []);
  const untold = new Set<string>();
  for (const { name } of own.processes.filter((one) => processes.has(one.name))) {
    const found = registrations.of(own.name, name);
    if (found.type === 'registered') for (const { id } of found.workers) ids.add(id);
    // Where all of a host are meant, it need not be told which is which.
    if (found.type === 'unknown' && !(areAll && found.onHost !== undefined)) untold.add(name);
  }
  return { ids, untold };
};

/** Who the miner has of what is ended or dead: it may list them for a while after they were started anew. */
export const rememberWorkers = async (
  host: DeployHost,
  plan: HostPlan,
  context: StopContext,
): Promise<void> => {
  const hosts = await context.workerHosts();
  const own = hosts.find(({ name }) => name === host.name);
  if (!own || context.startWork === null) return;
  const moved = changesOf(plan).flatMap(({ kind, title }) =>
    kind === 'stop' || kind === 'process' ? [title] : [],
  );
  const { ids, untold } = goneBy(await context.miner.says(), own, hosts, new Set(moved));
  const before = context.gone.get(host.host) ?? NOBODY;
  context.gone.set(host.host, {
    // Who has gone before stays gone, and is listed by a miner that does not answer at this moment.
    ids: new Set([...before.ids, ...ids]),
    untold: new Set([...[...before.untold].filter((name) => !moved.includes(name)), ...untold]),
  });
};

/**
 * Those that this run has not ended, and that were started moments ago, as by one that was killed and is taken up at once:
 * the miner may list the ones of before still.
 */
export const doubtWorkers = async (
  host: DeployHost,
  seen: Observation,
  context: StopContext,
): Promise<void> => {
  if (context.gone.has(host.host)) return;
  const { processesOf } = await context.work();
  const running = processesOf(host.host)
    .filter(isWorker)
    .flatMap(({ name, repository }) => (runningOf(seen, repository) ?? []).map((one) => ({ name, one })));
  if (running.length === 0) return;
  const up = await host.session.ask(uptimeQuery);
  const untold = running.flatMap(({ name, one }) => (ageOf(one, up) * 1000 < LOST ? [name] : []));
  if (untold.length > 0) context.gone.set(host.host, { ids: new Set(), untold: new Set(untold) });
};

export const NOBODY: Gone = { ids: new Set(), untold: new Set() };

/** Whom of those that a miner lists nobody takes for those that were started. */
interface Discounted {
  readonly ids: ReadonlySet<string>;
  /** When all that was untold is known, by the clock of the caller; null: it is. */
  readonly until: number | null;
}

/**
 * Whom the miner does not mean by those that were started, answer by answer. Where it did not tell whom it had, those that
 * it lists when it tells again may be of before: they count when it lists them as alive still after it must have lost those.
 */
export const discounting = (
  { ids, untold }: Gone,
  own: WorkerHost,
  hosts: readonly WorkerHost[],
): ((says: MinerSays, now: number) => Discounted) => {
  let first: { readonly ids: ReadonlySet<string>; readonly until: number } | null = null;
  return (says, now) => {
    if (untold.size === 0) return { ids, until: null };
    if (first === null && says.workers.type === 'understood')
      first = { ids: listed(says, own, hosts, untold), until: now + LOST };
    if (first === null || first.ids.size === 0 || first.until <= now) return { ids, until: null };
    return { ids: new Set([...ids, ...first.ids]), until: first.until };
  };
};

/** Ids of all that may be these processes. */
const listed = (
  says: MinerSays,
  own: WorkerHost,
  hosts: readonly WorkerHost[],
  processes: ReadonlySet<string>,
): ReadonlySet<string> => {
  const { ids, untold } = goneBy(says, own, hosts, processes);
  return new Set([...ids, ...(untold.size > 0 ? onHost(says, own).map(({ id }) => id) : [])]);
};

/** Workers that only tell the name of their machine. */
export const onHost = ({ workers }: MinerSays, own: WorkerHost): readonly SealingWorker[] =>
  workers.type === 'understood'
    ? workers.value.filter(({ url, host }) => url === null && namesOf(own).includes(host))
    : [];
