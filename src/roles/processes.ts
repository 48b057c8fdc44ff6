import type { Host } from '../inventory/cluster.ts';
import { initResource } from '../resources/init/init.ts';
import type { Process } from '../resources/process/process.ts';
import { requirementResources } from '../resources/process/requirement.ts';
import { processResource } from '../resources/process/resource.ts';
import type { IsMeant } from '../resources/process/stop.ts';
import { stopResource } from '../resources/process/stop.ts';
import type { Task } from '../resources/resource.ts';
import { task } from './role.ts';
import type { DeployableRole } from './role-names.ts';

/** Seconds that a worker has to end after SIGTERM. */
export const STOP_DEADLINE = 60;

/** The end of processes, those that were started last before the others: lotus-miner before lotus. */
export const stopTask = (
  processes: readonly Process[],
  chosen: readonly Process[],
  killAfter: number | null,
  isMeant?: IsMeant,
): Task => ({
  name: 'stop',
  tags: ['stop'],
  resources: chosen
    .map((process) =>
      stopResource(process, { killAfter, siblings: processes, chosen, ...(isMeant && { isMeant }) }),
    )
    .toReversed(),
  // One that does not end keeps only those from it that it needs.
  areApart: true,
});

/** What the processes of a host stand on when they are started. */
export const requirementTask = (processes: readonly Process[]): Task =>
  task('what processes need', ['data', 'start'], requirementResources(processes));

/**
 * The processes of a host as the last of its tasks: what runs with something old, what is dead beside others, and,
 * where `start` is set, what is to be started, in the handbook's order (2.2.8): each with its init after it. `chosen`:
 * only these of them are told of.
 */
export const processTask = (
  role: DeployableRole,
  host: Host,
  processes: readonly Process[],
  start: boolean,
  chosen: readonly Process[] = processes,
): Task => ({
  name: 'processes',
  tags: ['start'],
  resources: chosen.flatMap((process) => {
    const context = {
      start,
      siblings: processes,
      startCommand: ['deploy', role, '--start', '--limit', host.name],
    };
    const { init } = process;
    return [processResource(process, context), ...(init ? [initResource(process, init, context)] : [])];
  }),
  // One that does not start keeps none of the others from it.
  areApart: true,
});
