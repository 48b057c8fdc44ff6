import type { Problem } from '../core/errors.ts';
import { count } from '../core/units.ts';
import type { Task } from '../resources/resource.ts';
import type { Connection } from '../transport/connection.ts';
import type { Applied } from './apply.ts';
import { applyChanges } from './apply.ts';
import { lockedProblem } from './apply-problems.ts';
import type { HostResult } from './events.ts';
import type { EngineDeps, HostJob, PlannedLook } from './look.ts';
import { look, problemsOf } from './look.ts';
import type { HostPlan } from './plan.ts';
import { changesOf, obstaclesOf, planHost, rebootReasonsOf } from './plan.ts';

/** How a run is called and who runs it. */
export interface RunName {
  readonly run: string;
  readonly holder: string;
}

/** Ends a host that was only looked at: nothing to do, or something in the way. Closes its connection. */
const endWithout = async (
  looked: PlannedLook,
  deps: EngineDeps,
  state: 'same' | 'blocked' | 'stopped',
  problems: readonly Problem[],
): Promise<HostResult> => {
  await looked.connection.close();
  const result: HostResult = {
    host: looked.job.target.name,
    state,
    changed: 0,
    skipped: changesOf(looked.plan).length,
    same: looked.plan.same,
    seconds: (deps.now() - looked.startedAt) / 1000,
    reboot: rebootReasonsOf(looked.plan),
    problems,
  };
  deps.emit({ type: 'host-end', result });
  return result;
};

/** What is in the way of changing a host, as problems. */
export const obstacleProblems = (plan: HostPlan): Problem[] =>
  obstaclesOf(plan).map((item) => {
    const where = { host: plan.host, task: item.task };
    if (item.state === 'violated') {
      const { message, next } = item.violation;
      return { what: message, where, ...(next !== undefined && { next }) };
    }
    return { what: `${item.resource} could not be seen`, where, why: 'reason' in item ? item.reason : '' };
  });

/**
 * Makes the planned changes of one host and looks again, so that "changed" is never said unseen. Hosts with
 * nothing to do or something in the way end here at once.
 */
export const applyTo = async (looked: PlannedLook, name: RunName, deps: EngineDeps): Promise<HostResult> => {
  const { job, tasks, plan } = looked;
  const host = job.target.name;
  const changes = changesOf(plan);
  const obstacles = obstacleProblems(plan);
  if (deps.signal.aborted && changes.length > 0) return endWithout(looked, deps, 'stopped', [notBegun(host)]);
  if (obstacles.length > 0) return endWithout(looked, deps, 'blocked', obstacles);
  if (changes.length === 0) return endWithout(looked, deps, 'same', []);
  if (looked.lockedBy !== null)
    return endWithout(looked, deps, 'blocked', [lockedProblem(host, looked.lockedBy)]);
  deps.emit({ type: 'phase', host, phase: 'apply' });
  // An interrupted run has to reach the host once more, to ask it to stop.
  const reconnect = () => deps.connect(job.target, new AbortController().signal);
  const pause = (ms: number) => new Promise<void>((resolve) => void deps.after(ms, resolve));
  const { applied, connection } = await applyChanges(
    { ...name, host, changes, reconnect, pause },
    looked.connection,
    deps.emit,
    deps.signal,
  );
  try {
    const verified = applied.state === 'done' ? await verify(job, tasks, connection, deps) : null;
    const problems = [...applied.problems, ...(verified?.problems ?? [])];
    const result: HostResult = {
      host,
      state: stateOf(applied, problems),
      changed: applied.succeeded,
      skipped: changes.length - applied.succeeded,
      same: plan.same,
      seconds: (deps.now() - looked.startedAt) / 1000,
      reboot: verified?.reboot ?? rebootReasonsOf(plan),
      problems,
    };
    deps.emit({ type: 'host-end', result });
    return result;
  } finally {
    await connection.close();
  }
};

const notBegun = (host: string): Problem => ({
  what: 'stopped before its first step, as asked; nothing was done to it',
  where: { host },
  next: 'run again to do it',
});

const stateOf = (applied: Applied, problems: readonly Problem[]): HostResult['state'] => {
  switch (applied.state) {
    case 'done':
      return problems.length === 0 ? 'changed' : 'failed';
    case 'locked':
      return 'blocked';
    case 'lost':
      return 'unreachable';
    default:
      return applied.state;
  }
};

const verify = async (
  job: HostJob,
  tasks: readonly Task[],
  connection: Connection,
  deps: EngineDeps,
): Promise<{ readonly problems: readonly Problem[]; readonly reboot: readonly string[] }> => {
  const host = job.target.name;
  deps.emit({ type: 'phase', host, phase: 'verify' });
  try {
    const plan = planHost(host, tasks, (await look(job, tasks, connection, deps)).seen);
    const left = changesOf(plan);
    const problems: Problem[] = left.map(({ task, resource }) => ({
      what: `${resource} is still not as required, though its step succeeded`,
      where: { host, task },
      next: `something else changes it, or the step does not do what it says: fcops plan shows the difference`,
    }));
    if (problems.length > 3) {
      problems.splice(3, problems.length, {
        what: `and ${count(left.length - 3, 'more resource')}`,
        where: { host },
      });
    }
    return { problems: [...problems, ...obstacleProblems(plan)], reboot: rebootReasonsOf(plan) };
  } catch (error) {
    return { problems: problemsOf(error, host), reboot: [] };
  }
};
