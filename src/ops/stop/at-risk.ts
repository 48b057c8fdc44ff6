import { groupBy } from '../../core/group-by.ts';
import { edit, look } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import { count } from '../../core/units.ts';
import type { HostPlan } from '../../engine/plan.ts';
import { changesOf } from '../../engine/plan.ts';
import type { AtWork, RunningTask } from '../../resources/process/at-work.ts';
import { taskText } from '../../resources/process/at-work.ts';

/** What is done about tasks that would end with their process. */
export interface StopMode {
  /** They may: whoever asked has said so. */
  readonly loseTasks: boolean;
  /** Their end is waited for; `finalize`: that of FinalizeSector alone (handbook 4.1.3). Null: nothing is. */
  readonly drain: 'all' | 'finalize' | null;
  /** With a drain: each process is stopped when its own tasks have ended, and does not wait for others of its host. */
  readonly each?: boolean;
}

/** What is done about tasks, where nothing is said of it: they keep their process from being stopped. */
export const modeOf = ({
  loseTasks = false,
  drain = null,
  each = false,
}: Partial<StopMode> = {}): StopMode => ({
  loseTasks,
  drain,
  each,
});

/** Tasks that a drain waits for. */
export const isWaitedFor = ({ task }: RunningTask, drain: StopMode['drain']): boolean =>
  drain === 'all' || (drain === 'finalize' && task === 'FIN');

/** A process whose end may lose something. */
export interface AtRisk {
  readonly process: string;
  readonly work: AtWork;
}

/** Those of a plan, in its order. */
export const atRiskIn = (plan: HostPlan): readonly AtRisk[] =>
  changesOf(plan).flatMap(({ title, change: { atWork } }) =>
    atWork ? [{ process: title, work: atWork }] : [],
  );

/**
 * What keeps processes from being stopped, before anybody is asked: tasks that nobody has given up and nobody waits
 * for. What cannot be told may be a task; `comingBack`: of whom it will be told, and who is waited for until then.
 */
export const refusedAtFirst = (
  plan: HostPlan,
  { loseTasks, drain }: StopMode,
  comingBack: ReadonlySet<string> = new Set(),
): readonly Problem[] => {
  if (loseTasks) return [];
  const unknown = atRiskIn(plan).filter(
    ({ process, work }) => work.type === 'unknown' && !comingBack.has(process),
  );
  if (drain !== null) return unknown.length === 0 ? [] : [undrainable(plan.host, unknown)];
  const risks = atRiskIn(plan);
  return risks.length === 0 ? [] : [notStopped(plan.host, risks)];
};

/** The same right before they are stopped: nothing that has begun since, and nothing that was waited for. */
export const refusedAtLast = (
  before: HostPlan,
  now: HostPlan,
  { loseTasks, drain }: StopMode,
): readonly Problem[] => {
  const said = new Set(atRiskIn(before).flatMap(keysOf));
  const risks = atRiskIn(now).flatMap(({ process, work }): AtRisk[] => {
    if (work.type === 'unknown') {
      const isSaid = loseTasks && said.has(process);
      return isSaid ? [] : [{ process, work }];
    }
    const tasks = work.tasks.filter((task) => {
      const mayGo = (loseTasks || drain === 'finalize') && said.has(keyOf(process, task));
      return loseTasks && said.has(process) ? false : !mayGo || isWaitedFor(task, loseTasks ? null : drain);
    });
    return tasks.length === 0 ? [] : [{ process, work: { type: 'tasks', tasks } }];
  });
  return risks.length === 0 ? [] : [notStopped(now.host, risks, true)];
};

/** Whether tasks would be lost that nobody was told of when a plan was agreed to: those that have begun since. */
export const losesMore = (
  before: HostPlan | undefined,
  now: HostPlan,
  mode: Pick<StopMode, 'loseTasks' | 'drain'>,
): boolean => {
  const said = new Set((before ? atRiskIn(before) : []).flatMap(keysOf));
  return atRiskIn(now).some(
    ({ process, work }) =>
      !said.has(process) &&
      (work.type === 'unknown'
        ? !isAwaitedBy(mode)
        : work.tasks.some((task) => !isWaitedFor(task, mode.drain) && !said.has(keyOf(process, task)))),
  );
};

const keyOf = (process: string, { task, sector }: RunningTask): string => `${process} ${task} ${sector}`;

/** What was shown: each task, or that it may be any. */
const keysOf = ({ process, work }: AtRisk): string[] =>
  work.type === 'unknown' ? [process] : work.tasks.map((task) => keyOf(process, task));

/** A drain stops nobody of whom it is not told, unless tasks are given up. */
const isAwaitedBy = ({ loseTasks, drain }: Pick<StopMode, 'loseTasks' | 'drain'>): boolean =>
  drain !== null && !loseTasks;

/** How many tasks end with what is stopped, and are not waited for; what cannot be told counts as one. */
export const tasksLost = (plan: HostPlan, mode: Pick<StopMode, 'loseTasks' | 'drain'>): number =>
  atRiskIn(plan).reduce((sum, { work }) => {
    if (work.type === 'unknown') return sum + (isAwaitedBy(mode) ? 0 : 1);
    return sum + work.tasks.filter((task) => !isWaitedFor(task, mode.drain)).length;
  }, 0);

/** What processes are at, a line each, or one for all of whom the same is said. */
export const riskLines = (risks: readonly AtRisk[]): string =>
  [...groupBy(risks, ({ work }) => riskText(work))]
    .map(([text, ones]) => `${ones.map(({ process }) => process).join(', ')} ${text}`)
    .join('\n');

const riskText = (work: AtWork): string =>
  work.type === 'unknown' ? `may be at a task: ${work.why}` : `is at ${work.tasks.map(taskText).join(', ')}`;

/** What to do where it cannot be known when they are at rest, however long that is waited for; null: it can. */
const neverTold = (risks: readonly AtRisk[]): NonNullable<Problem['next']> | null =>
  hasNoMiner(risks)
    ? UNTOLD
    : risks.some(({ work }) => work.type === 'unknown' && work.isOther)
      ? OTHERS
      : null;

/** Where nobody will ever tell, a drain would wait for ever. */
const hasNoMiner = (risks: readonly AtRisk[]): boolean =>
  risks.some(({ work }) => work.type === 'unknown' && work.noMiner === true);

const UNTOLD = [
  edit('write the miner host into the cluster file (role miner): it is asked what they are at'),
  edit('or --lose-tasks stops them all the same: the hours of whatever they are at are lost'),
];

const OTHERS = [
  edit('end those yourself when they are at no task, then run again'),
  edit(
    'or --lose-tasks ends them all the same: the hours of whatever they are at are lost, and --drain waits for the others',
  ),
];

const notStopped = (host: string, risks: readonly AtRisk[], isSince = false): Problem => {
  const are = risks.length === 1 ? 'is' : 'are';
  const what = risks.some(({ work }) => work.type === 'unknown') ? 'may be' : are;
  return {
    kind: 'check',
    what: `nothing was stopped: ${count(risks.length, 'process', 'processes')} ${what} at a task, whose hours would be lost${isSince ? '; it was not when that was asked' : ''}`,
    where: { host },
    why: riskLines(risks),
    next: neverTold(risks) ?? [
      edit('add --drain to wait for tasks to end, or --lose-tasks to stop all the same'),
    ],
  };
};

const undrainable = (host: string, risks: readonly AtRisk[]): Problem => ({
  kind: 'check',
  what: `nothing was stopped: it cannot be told when ${count(risks.length, 'process', 'processes')} ${risks.length === 1 ? 'is' : 'are'} at rest`,
  where: { host },
  why: riskLines(risks),
  next: neverTold(risks) ?? [
    look('see whether lotus-miner runs and lists them: it is asked what they are at'),
    edit(
      '--process names those of which it is known; --lose-tasks stops the others all the same, and their hours with them',
    ),
  ],
});
