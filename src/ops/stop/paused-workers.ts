import type { Next } from '../../core/next.ts';
import { again, edit, fcopsCommand, look } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import { FcopsError } from '../../core/problem.ts';
import type { HostResult } from '../../engine/events.ts';
import { changesOf } from '../../engine/plan.ts';
import type { SealingWorker } from '../../lotus/workers.ts';
import { isPaused, isPausedFor } from '../../lotus/workers.ts';
import type { DeployHost } from '../deploy-host.ts';
import type { MinerSays } from '../miner-says.ts';
import type { WorkerHost } from '../registrations.ts';
import type { StopContext } from './context.ts';
import type { Paused } from './pause.ts';
import { resumeCommand } from './pause.ts';
import { registeredIds } from './work-at-miner.ts';

/** Whether a change ends a worker; lotus and lotus-miner are none. */
export const isOfWorker = ({ change }: ReturnType<typeof changesOf>[number]): boolean =>
  change.steps.some((step) => step.step === 'stop-process' && step.known.by === 'argument');

/** Names of the workers that are to be stopped. */
export const workersOf = ({ plan }: DeployHost): readonly string[] =>
  plan === null ? [] : changesOf(plan).flatMap((item) => (isOfWorker(item) ? [item.title] : []));

/** A host as the miner knows it, and all hosts of the request. */
export const ownOf = async (
  host: DeployHost,
  context: StopContext,
): Promise<[WorkerHost, readonly WorkerHost[]]> => {
  const hosts = await context.workerHosts();
  const own = hosts.find(({ name }) => name === host.name);
  if (!own) throw new RangeError(`${host.name} is none of the hosts of this request`);
  return [own, hosts];
};

/** Pauses those workers of a host that are to be stopped; a result where they cannot be. */
export const pauseWorkers = async (host: DeployHost, context: StopContext): Promise<HostResult | null> => {
  if (context.signal.aborted) return host.result('stopped', [stoppedDrain(host, context)]);
  // Nobody tells what they are at, nor keeps them from tasks: whoever goes on has given those up.
  if (context.miner.host === null && context.mode.loseTasks) return null;
  return pauseListed(
    host,
    { names: workersOf(host), says: await context.miner.says(), isSame: true },
    context,
  );
};

/** Whom a miner lists of some workers. */
interface Listed {
  readonly names: readonly string[];
  readonly says: MinerSays;
  /** Whether it has not been silent since it was told to pause them. */
  readonly isSame: boolean;
}

/**
 * Pauses whom the miner has of some workers of a host, but for those that it was told to and has not forgotten: one that is
 * started anew does not know of it. Nobody else of the host counts as paused from now on.
 */
export const pauseListed = async (
  host: DeployHost,
  { names, says, isSame: isThere }: Listed,
  context: StopContext,
): Promise<HostResult | null> => {
  const [known, hosts] = await ownOf(host, context);
  const isSame = isThere && !isAnother(says, context.pausedBy.get(host.host));
  if (says.start !== undefined) context.pausedBy.set(host.host, says.start);
  const before = context.paused.get(host.host) ?? new Map<string, readonly string[]>();
  const ids = (isMeant: (worker: SealingWorker) => boolean) => registeredIds(says, known, hosts, isMeant);
  const listed = ids(() => true);
  const untold = ids((worker) => worker.paused === 'unknown');
  const own = new Set([...before.values()].flat());
  const free = ids((worker) => getsTasks(worker, own));
  if (says.workers.type === 'understood') noteKinds(says.workers.value, [...free.values()].flat(), context);
  const found = names.map((name) => {
    const told = before.get(name) ?? [];
    const mayBe = (untold.get(name) ?? []).filter((id) => !isSame || !told.includes(id));
    const since = [...(free.get(name) ?? []), ...mayBe];
    const left = told.filter((id) => listed.get(name)?.includes(id) && !since.includes(id));
    return { name, since, left, all: [...left, ...since] };
  });
  // Before it is asked: what is not known to be done may be.
  const all = found.flatMap((one) => (one.all.length > 0 ? [[one.name, one.all] as const] : []));
  context.paused.set(host.host, new Map(all));
  const paused = await context.miner.pause(
    'worker-pause',
    found.flatMap(({ since }) => since),
  );
  if (paused.type === 'none') {
    const left = found.flatMap((one) => (one.left.length > 0 ? [[one.name, one.left] as const] : []));
    context.paused.set(host.host, new Map(left));
    const problem = cannotPause(host.name, paused.why, context);
    return left.length === 0 ? host.result('blocked', [problem]) : brokenOff(host, context, [problem]);
  }
  if (paused.failed.length === 0) return null;
  const why = paused.failed.map(({ id, why: said }) => `${id}: ${said}`).join('\n');
  return brokenOff(host, context, [
    {
      kind: 'check',
      what: 'the miner did not pause all workers; nothing was stopped',
      where: { host: host.name },
      why,
    },
  ]);
};

/** Whether a worker is known to get tasks of some kind; of one that was told (`own`) whatever is said counts as all. */
const getsTasks = (worker: SealingWorker, own: ReadonlySet<string>): boolean =>
  worker.paused !== 'unknown' && (!isPaused(worker) || !(own.has(worker.id) || isPausedFor(worker, ['all'])));

/** What somebody has paused is as it was when this goes no further. */
const noteKinds = (
  workers: readonly SealingWorker[],
  ids: readonly string[],
  { partly }: Pick<StopContext, 'partly'>,
): void => {
  for (const { id, paused } of workers)
    if (ids.includes(id) && paused !== 'unknown' && paused.length > 0) partly.set(id, paused);
};

/** Whether it was started anew since: it may have been away for less than the time between two questions. */
const isAnother = ({ start }: MinerSays, told: string | undefined): boolean =>
  start !== undefined && told !== undefined && start !== told;

/** It has not come to the end: the workers get tasks again, or it is said which do not. */
export const brokenOff = async (
  host: DeployHost,
  context: StopContext,
  problems: readonly Problem[],
): Promise<HostResult> => {
  const isStopped = context.signal.aborted;
  const left = isStopped ? stayPaused(host, context) : await resumeWorkers(host, context);
  return host.result(isStopped ? 'stopped' : 'failed', [...problems, ...left]);
};

/** Lets the paused workers of a host have tasks again; what could not be, as problems. */
export const resumeWorkers = async (host: DeployHost, context: StopContext): Promise<readonly Problem[]> => {
  const ids = idsOf(host, context);
  if (ids.length === 0) return [];
  if (!(await isDone(() => context.miner.pause('worker-resume', ids)))) return stayPaused(host, context);
  const paused = context.paused.get(host.host) ?? new Map();
  context.paused.delete(host.host);
  return pausedAsBefore(host, paused, context);
};

const isDone = async (telling: () => Promise<Paused>): Promise<boolean> => {
  try {
    const told = await telling();
    return told.type === 'told' && told.failed.length === 0;
  } catch (error) {
    if (!(error instanceof FcopsError)) throw error;
    return false;
  }
};

/** Keeps those tasks from workers that somebody had kept from them; what could not be, as problems. */
const pausedAsBefore = async (
  { name: host }: DeployHost,
  paused: ReadonlyMap<string, readonly string[]>,
  { partly, miner }: StopContext,
): Promise<readonly Problem[]> => {
  const problems: Problem[] = [];
  for (const [name, ids] of paused)
    for (const id of ids)
      for (const kind of partly.get(id) ?? []) {
        if (await isDone(() => miner.pause('worker-pause', [id], kind))) continue;
        problems.push({
          kind: 'check',
          what: `somebody had paused ${name} for ${kind} at the miner, and it gets these tasks again`,
          where: { host },
          next: [look(`on ${miner.host?.name ?? 'the miner host'}: ${pauseCommand(kind, id)}`)],
        });
      }
  return problems;
};

const idsOf = ({ host }: DeployHost, { paused }: StopContext): readonly string[] => [
  ...[...(paused.get(host) ?? new Map<string, readonly string[]>()).values()].flat(),
];

/** What a person types to keep a worker from these tasks again. */
const pauseCommand = (kind: string, id: string): string =>
  `lotus-miner worker-pause --tt ${kind} --uuid ${id}`;

/** What somebody had paused some of these workers for, which their resuming ends too. */
const pausedBefore = (ids: readonly string[], { partly }: StopContext): readonly Next[] => {
  const commands = ids.flatMap((id) => (partly.get(id) ?? []).map((kind) => pauseCommand(kind, id)));
  return commands.length === 0
    ? []
    : [look(`then, as somebody had paused it before: ${commands.join('; ')}`)];
};

/** Workers that get no tasks until somebody says so. */
export const stayPaused = (host: DeployHost, context: StopContext): readonly Problem[] => {
  const ids = idsOf(host, context);
  if (ids.length === 0) return [];
  const names = [...(context.paused.get(host.host)?.keys() ?? [])].join(', ');
  return [
    {
      kind: 'check',
      what: `${names} ${ids.length === 1 ? 'stays' : 'stay'} paused at the miner, and ${ids.length === 1 ? 'gets' : 'get'} no new tasks`,
      where: { host: host.name },
      next: [
        look(`on ${context.miner.host?.name ?? 'the miner host'}: ${resumeCommand(ids)}`),
        ...pausedBefore(ids, context),
        again('or run the same again, to go on waiting'),
      ],
    },
  ];
};

/** The interrupt and what it leaves, as one. */
export const stoppedDrain = (host: DeployHost, context: StopContext, isBegun = false): Problem => {
  const [paused] = stayPaused(host, context);
  const what = isBegun ? 'the others go on as they are' : 'nothing was stopped on the host';
  return {
    kind: 'stopped',
    what: `stopped while tasks were waited for, as asked; ${what}${paused ? `, and ${paused.what}` : ''}`,
    where: { host: host.name },
    next: paused?.next ?? [again('run again to do it')],
  };
};

const cannotPause = (host: string, why: string, { mode: { each } }: StopContext): Problem => ({
  kind: 'check',
  what: 'nothing was stopped: this lotus-miner cannot keep workers from new tasks (worker-pause)',
  where: { host },
  why,
  next: each
    ? [
        fcopsCommand(
          ['restart', host, '--process', 'NAME'],
          'restart its workers one by one, each when it is at no task',
        ),
      ]
    : [edit('without --drain, when its tasks have ended')],
});
