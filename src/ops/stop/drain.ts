import { again, edit, fcopsCommand, look } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import { FcopsError, problemsOf } from '../../core/problem.ts';
import type { HostResult } from '../../engine/events.ts';
import type { Stage } from '../../engine/flow.ts';
import { changesOf } from '../../engine/plan.ts';
import type { SealingWorker } from '../../lotus/workers.ts';
import { isPaused } from '../../lotus/workers.ts';
import type { WorkOfProcesses } from '../../resources/process/at-work.ts';
import { mayLose } from '../../resources/process/at-work.ts';
import { runningOf } from '../../resources/process/look.ts';
import type { DeployHost } from '../deploy-host.ts';
import { stage } from '../deploy-stages.ts';
import type { MinerSays } from '../miner-says.ts';
import type { WorkerHost } from '../registrations.ts';
import { registrationsOf } from '../registrations.ts';
import type { AtRisk } from './at-risk.ts';
import { isWaitedFor } from './at-risk.ts';
import type { StopContext } from './context.ts';
import { resumeCommand } from './pause.ts';
import { givenUp, isUnknown, POLL, QUIET, SILENT, teller } from './waiting.ts';
import { registeredIds, workOf } from './work-at-miner.ts';

/** Pauses the workers of a host at the miner, and waits for their tasks to end. */
export const drainStage = (context: StopContext): Stage<DeployHost> =>
  stage(context, {
    name: 'drain',
    width: null,
    concerns: ({ plan }) => plan !== null && changesOf(plan).some(isOfWorker),
    work: async (host) => {
      try {
        // It may take hours, and the host is not needed for it.
        await host.session.close();
        const refused = await pauseWorkers(host, context);
        return refused ?? (await untilAtRest(host, context));
      } catch (error) {
        return brokenOff(host, context, problemsOf(error, host.name));
      }
    },
  });

const isOfWorker = ({ change }: ReturnType<typeof changesOf>[number]): boolean =>
  change.steps.some((step) => step.step === 'stop-process' && step.known.by === 'argument');

/** Names of the workers that are to be stopped. */
export const workersOf = ({ plan }: DeployHost): readonly string[] =>
  plan === null ? [] : changesOf(plan).flatMap((item) => (isOfWorker(item) ? [item.title] : []));

export const ownOf = async (
  host: DeployHost,
  context: StopContext,
): Promise<[WorkerHost, readonly WorkerHost[]]> => {
  const hosts = await context.workerHosts();
  const own = hosts.find(({ name }) => name === host.name);
  if (!own) throw new RangeError(`${host.name} is none of the hosts of this request`);
  return [own, hosts];
};

export const pauseWorkers = async (host: DeployHost, context: StopContext): Promise<HostResult | null> => {
  if (context.signal.aborted) return host.result('stopped', [stoppedDrain(host, context)]);
  return pauseListed(host, await context.miner.says(), context);
};

/**
 * Pauses whom the miner has of the workers of a host, but for those that it was told to and has not forgotten: one that is
 * started anew does not know of it. `isSame`: it has not been silent since.
 */
const pauseListed = async (
  host: DeployHost,
  says: MinerSays,
  context: StopContext,
  isSame = true,
): Promise<HostResult | null> => {
  const [own, hosts] = await ownOf(host, context);
  const before = context.paused.get(host.host) ?? new Map<string, readonly string[]>();
  const ids = (isMeant: (worker: SealingWorker) => boolean) => registeredIds(says, own, hosts, isMeant);
  const listed = ids(() => true);
  const untold = ids((worker) => worker.paused === 'unknown');
  const free = ids((worker) => worker.paused !== 'unknown' && !isPaused(worker));
  const found = workersOf(host).map((name) => {
    const told = before.get(name) ?? [];
    const mayBe = (untold.get(name) ?? []).filter((id) => !isSame || !told.includes(id));
    const since = [...(free.get(name) ?? []), ...mayBe];
    const left = told.filter((id) => listed.get(name)?.includes(id) && !since.includes(id));
    return { name, since, all: [...left, ...since] };
  });
  // Before it is asked: what is not known to be done may be.
  const all = found.flatMap((one) => (one.all.length > 0 ? [[one.name, one.all] as const] : []));
  context.paused.set(host.host, new Map(all));
  const paused = await context.miner.pause(
    'worker-pause',
    found.flatMap(({ since }) => since),
  );
  if (paused.type === 'none') {
    context.paused.delete(host.host);
    return host.result('blocked', [cannotPause(host.name, paused.why, context)]);
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

const untilAtRest = async (host: DeployHost, context: StopContext): Promise<HostResult | null> => {
  const { now, signal } = context;
  const [own, hosts] = await ownOf(host, context);
  const tell = teller(host, context);
  const begun = now();
  let names = workersOf(host);
  let [quiet, silent, unlisted] = [0, 0, 0];
  for (let isSame = true; ; await context.pause(POLL)) {
    if (signal.aborted) return host.result('stopped', [stoppedDrain(host, context)]);
    const says = await context.miner.says();
    const isTold = says.workers.type === 'understood';
    // They have been paused just now.
    const refused = isTold && now() > begun ? await pauseListed(host, says, context, isSame) : null;
    if (refused) return refused;
    isSame = isTold;
    const left = stillAtWork(names, workOf(says, own, hosts), context);
    const missing = missingOf(left, says, own, hosts);
    quiet = left.length === 0 ? quiet + 1 : 0;
    silent = isUnknown(left.filter(({ process }) => !missing.includes(process))) ? silent + 1 : 0;
    unlisted = missing.length > 0 ? unlisted + 1 : 0;
    if (quiet >= QUIET) return null;
    const given = givenUp(host, left, { silent, waited: now() - begun }, context);
    if (given) return brokenOff(host, context, [given]);
    tell(left);
    const ended = unlisted % SILENT === 0 ? await endedOf(host, missing, context) : [];
    names = names.filter((name) => !ended.includes(name));
  }
};

/**
 * Those that a miner which tells its workers does not list. As long as one runs it may be at a task that it had begun before
 * the miner was started anew, and comes back with its end.
 */
const missingOf = (
  left: readonly AtRisk[],
  says: MinerSays,
  own: WorkerHost,
  hosts: readonly WorkerHost[],
): readonly string[] => {
  const registrations = registrationsOf(says, hosts);
  return left.flatMap(({ process }) =>
    registrations.of(own.name, process).type === 'missing' ? [process] : [],
  );
};

/** Those of some processes that run no more, as their host tells; none where it cannot be looked at. */
const endedOf = async (
  host: DeployHost,
  names: readonly string[],
  { signal }: Pick<StopContext, 'signal'>,
): Promise<readonly string[]> => {
  if (names.length === 0) return [];
  try {
    const { seen } = await host.session.look(host.tasks);
    const stops = host.plan ? changesOf(host.plan).flatMap(({ change }) => change.steps) : [];
    const running = stops.flatMap((step) =>
      step.step === 'stop-process' && runningOf(seen, step.repository)?.length !== 0 ? [step.name] : [],
    );
    return names.filter((name) => !running.includes(name));
  } catch (error) {
    if (signal.aborted || !(error instanceof FcopsError)) throw error;
    return [];
  } finally {
    await host.session.close();
  }
};

/** Those of some processes that have something to be waited for. */
export const stillAtWork = (
  names: readonly string[],
  work: WorkOfProcesses,
  { mode: { drain, loseTasks } }: StopContext,
): readonly AtRisk[] =>
  names.flatMap((process): AtRisk[] => {
    const one = work.get(process);
    if (!mayLose(one)) return [];
    if (one.type === 'unknown') return loseTasks ? [] : [{ process, work: one }];
    const tasks = one.tasks.filter((task) => isWaitedFor(task, drain));
    return tasks.length === 0 ? [] : [{ process, work: { type: 'tasks', tasks } }];
  });

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
  try {
    const resumed = await context.miner.pause('worker-resume', ids);
    if (resumed.type === 'told' && resumed.failed.length === 0) {
      context.paused.delete(host.host);
      return [];
    }
  } catch (error) {
    if (!(error instanceof FcopsError)) throw error;
  }
  return stayPaused(host, context);
};

const idsOf = ({ host }: DeployHost, { paused }: StopContext): readonly string[] => [
  ...[...(paused.get(host) ?? new Map<string, readonly string[]>()).values()].flat(),
];

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
