import type { HostResult } from '../engine/events.ts';
import type { ChangeItem } from '../engine/plan.ts';
import type { DeployableRole } from '../roles/roles.ts';
import { WORKER_DIRECTORY } from '../roles/worker.ts';
import type { RoleWork, TaskOutline } from './role-jobs.ts';
import type { OldWorkers } from './views/summary.ts';

/** Tasks whose files a worker reads only when it is started. */
const READ_AT_START: ReadonlySet<string> = new Set(['worker', 'profile', 'scripts']);

/** What starts the workers of a role on its machine (handbook 2.2.8, 2.3.4.3), as the deploy has put it there. */
const START_COMMANDS: Readonly<Record<DeployableRole, readonly string[]>> = {
  p1: [
    `bash ${WORKER_DIRECTORY}/start_apx.sh`,
    `bash ${WORKER_DIRECTORY}/start_p2.sh`,
    `bash ${WORKER_DIRECTORY}/start_p1.sh  # stops the P1 tasks first`,
  ],
  c2: ['bash /opt/start_c2.sh  # all; worker 1 alone: /opt/worker-1c2/start_1c2.sh'],
};

/**
 * Hosts on which something was changed that a running worker does not see. No deploy stops a worker, and whether
 * one runs is not looked at; only where `--start` has just started them all there is none from before.
 */
export const oldWorkers = (
  { role, tasksSoFar }: Pick<RoleWork, 'role' | 'tasksSoFar'>,
  results: readonly HostResult[],
  changes: ReadonlyMap<string, readonly ChangeItem[]>,
  startCommand: string,
): OldWorkers | null => {
  const hosts = results.flatMap(({ host, changed }) => {
    const tasks = tasksSoFar.get(host) ?? new Map<string, TaskOutline>();
    // Steps are carried out in the order of the plan, up to the first that fails.
    const done = (changes.get(host) ?? []).slice(0, changed);
    const concerns = done.some(({ task }) => tasks.get(task)?.tags.some((tag) => READ_AT_START.has(tag)));
    return concerns && !allStarted(tasks, done) ? [host] : [];
  });
  return hosts.length === 0 ? null : { hosts, commands: START_COMMANDS[role], startCommand };
};

const allStarted = (tasks: ReadonlyMap<string, TaskOutline>, done: readonly ChangeItem[]): boolean => {
  const starts = [...tasks.values()].filter(({ tags }) => tags.includes('start'));
  const started = done.filter(({ task }) => tasks.get(task)?.tags.includes('start'));
  return starts.length > 0 && started.length === starts.reduce((sum, { resources }) => sum + resources, 0);
};
