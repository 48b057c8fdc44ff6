import { again, edit, fcopsCommand, look } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import { FcopsError, problemsOf } from '../../core/problem.ts';
import type { HostResult } from '../../engine/events.ts';
import type { Stage } from '../../engine/flow.ts';
import { changesOf } from '../../engine/plan.ts';
import { isPaused } from '../../lotus/workers.ts';
import type { WorkOfProcesses } from '../../resources/process/at-work.ts';
import { mayLose } from '../../resources/process/at-work.ts';
import type { DeployHost } from '../deploy-host.ts';
import { stage } from '../deploy-stages.ts';
import type { WorkerHost } from '../registrations.ts';
import type { AtRisk } from './at-risk.ts';
import { isWaitedFor } from './at-risk.ts';
import type { StopContext } from './context.ts';
import { resumeCommand } from './pause.ts';
import { givenUp, isUnknown, POLL, QUIET, teller } from './waiting.ts';
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
  const [own, hosts] = await ownOf(host, context);
  const names = workersOf(host);
  const all = registeredIds(await context.miner.says(), own, hosts, (worker) => !isPaused(worker));
  const ids = new Map([...all].filter(([name, found]) => names.includes(name) && found.length > 0));
  // Before it is asked: what is not known to be done may be.
  context.paused.set(host.host, ids);
  const paused = await context.miner.pause('worker-pause', [...ids.values()].flat());
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
  let [quiet, silent] = [0, 0];
  for (;;) {
    if (signal.aborted) return host.result('stopped', [stoppedDrain(host, context)]);
    const left = stillAtWork(workersOf(host), workOf(await context.miner.says(), own, hosts), context);
    quiet = left.length === 0 ? quiet + 1 : 0;
    silent = isUnknown(left) ? silent + 1 : 0;
    if (quiet >= QUIET) return null;
    const given = givenUp(host, left, { silent, waited: now() - begun }, context);
    if (given) return brokenOff(host, context, [given]);
    tell(left);
    await context.pause(POLL);
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
