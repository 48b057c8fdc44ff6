import { fcopsCommand, look } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import { problemsOf } from '../../core/problem.ts';
import { count, formatSeconds } from '../../core/units.ts';
import type { HostResult } from '../../engine/events.ts';
import { isGood } from '../../engine/events.ts';
import type { HostPlan } from '../../engine/plan.ts';
import { changesOf } from '../../engine/plan.ts';
import type { DeployHost } from '../deploy-host.ts';
import type { RoleWork } from '../role-work.ts';
import type { AtRisk } from '../stop/at-risk.ts';
import { atRiskIn, riskLines } from '../stop/at-risk.ts';
import { startEndedStage, stopStage } from '../stop/stages.ts';
import { OPEN_GUARD } from '../window/guard.ts';
import { versionCheck } from './check.ts';
import type { UpgradeContext } from './context.ts';
import { withoutFetch } from './context.ts';
import { freshIn } from './fresh.ts';
import { versionsFor } from './programs.ts';
import { upgradedProcesses } from './tasks.ts';
import type { Versions } from './versions.ts';
import { versionsText } from './versions.ts';

/**
 * A host whose upgrade has failed gets the versions of before, and is checked by them; its result is that it failed
 * all the same. One that cannot be reached, or that somebody interrupts, is left for the next run. One that this run has
 * found on the version is left as it is, unless all of it was started minutes ago: it may have run by it for days, and be at
 * tasks.
 */
export const goBack = async (
  host: DeployHost,
  failed: HostResult,
  context: UpgradeContext,
): Promise<HostResult> => {
  if (failed.state !== 'failed' || context.signal.aborted) return failed;
  const before = context.had.get(host.host) ?? new Map();
  const ended = (problems: readonly Problem[]) => host.result('failed', [...failed.problems, ...problems]);
  const isBrought = context.moved.has(host.host);
  if (before.size === 0 || [...before.values()].includes(null))
    return ended([isBrought ? noWayBack(host.name) : notBrought(host.name)]);
  const text = versionsText(before);
  try {
    const way = await wayFor(host, before, context);
    if ('stays' in way) return ended([way.stays]);
    const { work, isMoved, own, lost } = way;
    const back = isMoved ? backContext(context, work, own) : await startContext(host, context, before);
    if (back === null) {
      // It never left them.
      await context.settled(host.host, before);
      return failed;
    }
    context.emit({ type: 'waits', host: host.name, text: `goes back to ${text}` });
    context.standing.delete(host.host);
    const stages = [startEndedStage(back), versionCheck(back, () => before)];
    for (const stage of isMoved ? [stopStage(back), ...stages] : stages) {
      const result = await stage.work(host);
      if (!result || isGood(result)) continue;
      return ended([notSeenBack(stage.name, result, text, lost), ...result.problems]);
    }
    return ended([isBack(host.name, text, lost)]);
  } catch (error) {
    const left = isBrought ? notBack(host.name, text) : notBrought(host.name);
    return ended([left, ...problemsOf(error, host.name)]);
  }
};

/** What the way back takes, or why a host stays where it is. */
type Way =
  | { readonly stays: Problem }
  | {
      readonly work: RoleWork;
      /** Whether a link was moved that is to be moved back. */
      readonly isMoved: boolean;
      /** Processes that may be ended, whatever they are at. */
      readonly own: ReadonlySet<string>;
      /** What ends with them, a line each. */
      readonly lost: string;
    };

const wayFor = async (host: DeployHost, before: Versions, context: UpgradeContext): Promise<Way> => {
  const work = await context.workAt(before);
  host.turnTo(work);
  const { plan } = await host.look(work, await context.atWork?.(host.host));
  const fresh = await freshIn(host, plan);
  if (!context.moved.has(host.host) && !endsOnly(plan, fresh)) return { stays: notBrought(host.name) };
  const isMoved = isSwitched(plan);
  const own = new Set([...(context.started.get(host.host) ?? []), ...fresh]);
  const atRisk = isMoved ? atRiskIn(plan) : [];
  const kept = atRisk.filter(({ process }) => !own.has(process));
  if (kept.length === 0) return { work, isMoved, own, lost: riskLines(atRisk) };
  const now = versionsFor(host.host, context.upgrade);
  await context.settled(host.host, now);
  return { stays: stays(host.name, kept, now, wayBack(host.name, before, context)) };
};

/** Whether a plan ends these processes, and no others. */
const endsOnly = (plan: HostPlan, names: ReadonlySet<string>): boolean =>
  names.size > 0 && !endsOthers(plan, names);

/** Whether a link of a host leads to another version than it is to have. */
const isSwitched = (plan: HostPlan): boolean => changesOf(plan).some(({ kind }) => kind === 'link');

/**
 * Where no link was moved yet: what has ended is started by the version that is there. What runs goes on, by whichever
 * version it does: what kept it from being stopped, a task or a window, still does. Null: nothing has ended.
 */
const startContext = async (
  host: DeployHost,
  context: UpgradeContext,
  before: Versions,
): Promise<UpgradeContext | null> => {
  const { processesOf } = await context.work();
  const own = upgradedProcesses(processesOf(host.host), [...versionsFor(host.host, context.upgrade).keys()]);
  const work = await context.startAt(
    before,
    own.map(({ name }) => name),
  );
  host.turnTo(work);
  const { plan } = await host.look(work);
  return changesOf(plan).length === 0 ? null : backContext(context, work, new Set());
};

/**
 * Steps of its own name, and nothing that keeps from being ended what this run has started, or what was minutes ago (`own`): a
 * version that does not run is no place for a task, and no miner proves by it. What has begun on it, some minutes at most, is
 * told afterwards.
 * What has run since before is ended only where it is at no task, and no proof is due.
 */
const backContext = (
  { atWork, guard, ...context }: UpgradeContext,
  work: RoleWork,
  own: ReadonlySet<string>,
): UpgradeContext => ({
  ...withoutFetch({ ...context, guard }),
  run: `${context.run}b`,
  work: async () => work,
  guard: {
    ...OPEN_GUARD,
    atLast: async (plan, host) => (endsOthers(plan, own) ? guard.atLast(plan, host) : []),
  },
  mode: { loseTasks: false, drain: null },
  ...(atWork && {
    atWork: async (host) => new Map([...(await atWork(host))].filter(([name]) => !own.has(name))),
  }),
});

/** Whether a plan ends something besides what is its own. */
const endsOthers = (plan: HostPlan, own: ReadonlySet<string>): boolean =>
  changesOf(plan).some(({ kind, title }) => kind === 'stop' && !own.has(title));

/** A host that is not brought back, for what its workers are at; `next`: how it is all the same. */
const stays = (
  host: string,
  kept: readonly AtRisk[],
  versions: Versions,
  next: NonNullable<Problem['next']>,
): Problem => {
  const tasks = kept.flatMap(({ work }) => (work.type === 'tasks' ? work.tasks : []));
  const unknown = kept.filter(({ work }) => work.type === 'unknown').length;
  const seconds = tasks.reduce((sum, task) => sum + task.seconds, 0);
  const lost = [
    ...(tasks.length > 0
      ? [
          `${count(tasks.length, 'task')} that ${tasks.length === 1 ? 'has' : 'have'} begun since, ${formatSeconds(seconds)} of work`,
        ]
      : []),
    ...(unknown > 0 ? [`what ${count(unknown, 'process', 'processes')} may be at`] : []),
  ].join(', and ');
  return {
    kind: 'verify',
    what: `it is left on ${versionsText(versions)}: to bring it back would lose ${lost}`,
    where: { host },
    why: riskLines(kept),
    next,
  };
};

/** What brings a host to versions when its tasks have ended, and at once. */
const wayBack = (
  host: string,
  versions: Versions,
  { cluster }: Pick<UpgradeContext, 'cluster'>,
): NonNullable<Problem['next']> => {
  const commands = [...versions].flatMap(([key, version]) =>
    version === null
      ? []
      : [['upgrade', '--role', key, '--ver', version, '--limit', host, '--miner', cluster]],
  );
  return [
    ...commands.map((words) => fcopsCommand(words, 'to bring it back when they have ended')),
    ...commands.map((words) =>
      fcopsCommand([...words, '--lose-tasks'], 'to bring it back now, and lose them'),
    ),
  ];
};

const isBack = (host: string, versions: string, lost: string): Problem => ({
  kind: 'verify',
  what: `it went back to ${versions}: all of it runs by that again, and is registered`,
  where: { host },
  ...(lost !== '' && { why: `ended for that: ${lost}` }),
});

/** All is started and seen before the check: what a silent miner does not tell says nothing against that. */
const notSeenBack = (
  stage: string,
  { host, problems }: HostResult,
  versions: string,
  lost: string,
): Problem =>
  stage === 'check' && problems.every(({ kind }) => kind === 'unseen')
    ? backUntold(host, versions, lost)
    : notBack(host, versions);

const backUntold = (host: string, versions: string, lost: string): Problem => ({
  ...isBack(host, versions, lost),
  what: `it went back to ${versions}: all of it was started by that, and it is not known whether it is registered`,
  next: [fcopsCommand(['verify', host], 'to see who is registered, when the miner answers')],
});

const notBack = (host: string, versions: string): Problem => ({
  kind: 'verify',
  what: `it could not be brought back to ${versions}`,
  where: { host },
  next: [look('see what runs: fcops status tells; run the same again when that is mended')],
});

const notBrought = (host: string): Problem => ({
  kind: 'verify',
  what: 'this run has found it on the version, and did not bring it there: it is left as it is',
  where: { host },
  next: [
    look('see what runs, and what it is at: fcops status tells; fcops upgrade brings it to any version'),
  ],
});

const noWayBack = (host: string): Problem => ({
  kind: 'verify',
  what: 'it is not known which version it had before, so it is left as it is',
  where: { host },
});
