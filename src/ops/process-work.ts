import { edit } from '../core/next.ts';
import { FcopsError } from '../core/problem.ts';
import { didYouMean } from '../core/suggest.ts';
import type { Host } from '../inventory/cluster.ts';
import type { Observation } from '../resources/look.ts';
import { runningOf, withoutProcesses } from '../resources/process/look.ts';
import type { Process } from '../resources/process/process.ts';
import type { IsMeant } from '../resources/process/stop.ts';
import { meantBy, processKey } from '../resources/process/stop.ts';
import { owedReboots, reboot, wasRebooted } from '../resources/reboot/reboot.ts';
import type { DiffContext, Task } from '../resources/resource.ts';
import { processTask, requirementTask, stopTask } from '../roles/processes.ts';
import type { DeployableRole } from '../roles/roles.ts';
import type { Upgrade } from './upgrade/programs.ts';
import { versionsFor } from './upgrade/programs.ts';
import { programTasks, upgradedProcesses } from './upgrade/tasks.ts';

/** What is done to the hosts of a role: all that they shall be, or their processes alone. */
export type Operation = 'deploy' | 'start' | 'stop' | 'restart' | 'upgrade' | 'reboot';

/** What of a request is about processes. */
interface Named {
  /** Of an upgrade: the versions that programs get. */
  readonly upgrade?: Upgrade;
  readonly processes?: readonly string[];
  readonly killAfter?: number;
  /** By host, processes that a run which is taken up was to stop: what was started since is not stopped again. */
  readonly stopOnly?: ReadonlyMap<string, ReadonlySet<string>>;
  /** Only those are stopped that run with another value of this secret, by its name. */
  readonly withOther?: string;
  /** By host, the boot that a run which is taken up was to end: a machine under another one is not rebooted again. */
  readonly boots?: ReadonlyMap<string, string>;
}

/** A name that no process has is a slip of the keyboard. */
export const checkProcesses = (named: readonly string[], processes: readonly Process[]): void => {
  const known = [...new Set(processes.flatMap(({ name, group }) => [name, group]))];
  const unknown = named.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new FcopsError(
    unknown.map((name) => ({
      kind: 'usage',
      what: `--process: none of these hosts runs "${name}"`,
      next: [edit(didYouMean(name, known))],
    })),
  );
};

/** The processes that a request is about. */
export const chosenOf = <P extends Pick<Process, 'name' | 'group'>>(
  processes: readonly P[],
  named: readonly string[] | undefined,
): readonly P[] =>
  named === undefined
    ? processes
    : processes.filter(({ name, group }) => named.includes(name) || named.includes(group));

/** What a host runs, of whichever role it is. */
interface Running {
  readonly role: DeployableRole;
  readonly host: Host;
  readonly processes: readonly Process[];
  /** All that the role puts in place. */
  readonly tasks: () => readonly Task[];
}

/**
 * The tasks that are about processes alone. Those of a restart say what is stopped, and what is started as if it had
 * been: what keeps it from starting again is known before it is stopped.
 */
export const processTasks = (
  operation: Exclude<Operation, 'deploy'>,
  { role, host, processes, tasks }: Running,
  { processes: named, killAfter, stopOnly, withOther, boots, upgrade }: Named,
): readonly Task[] => {
  const chosen = chosenOf(processes, named);
  // What guards a machine, whatever is done to it.
  const checks = () => tasks().filter((task) => task.tags.includes('checks'));
  // A host of which nobody had agreed to anything is as in a new run.
  const only = stopOnly?.get(host.name);
  const isMeant = meantBy({ only, withOther });
  const stop = stopTask(processes, chosen, killAfter ?? null, isMeant);
  const start = () => [requirementTask(chosen), processTask(role, host, processes, true, chosen)];
  switch (operation) {
    case 'stop':
      return [stop];
    case 'start':
      return [...checks(), ...start()];
    case 'restart':
      return [...checks(), stop, ...start().map(asIfStopped(chosen, isMeant))];
    // What keeps it from being started may be what it is rebooted for: that is looked at when it is back.
    case 'reboot': {
      const since = boots?.get(host.name);
      // What runs on a machine that was rebooted already has been started since.
      const ends: IsMeant = (_process, _running, seen) => !wasRebooted(seen, since);
      return [
        stopTask(processes, chosen, killAfter ?? null, ends),
        { name: 'reboot', tags: [], resources: [reboot(since, processes)] },
        ...owedReboots(tasks()),
        ...start().map(asIfStopped(chosen, ends)),
      ];
    }
    case 'upgrade': {
      const keys = upgrade ? [...versionsFor(host, upgrade).keys()] : [];
      const own = upgradedProcesses(processes, keys);
      const programs = programTasks(tasks(), keys, own);
      return [
        ...checks(),
        ...programs.fetch,
        stopTask(processes, own, killAfter ?? null, programs.isMeant),
        ...programs.switchOver,
        ...[requirementTask(own), processTask(role, host, processes, true, own)].map(
          asIfStopped(own, programs.isMeant),
        ),
      ];
    }
  }
};

/** A task that sees the host without these processes, or without those of them that are meant. */
const asIfStopped = (processes: readonly Process[], isMeant: IsMeant | undefined): ((task: Task) => Task) => {
  const repositories = new Set(processes.map(({ repository }) => repository));
  const known = new WeakMap<Observation['answer'], Observation['answer']>();
  const without = (seen: Observation, context: DiffContext): Observation => {
    const before = known.get(seen.answer);
    if (before) return { ...seen, answer: before };
    const other = withoutProcesses(seen, repositories, isMeant && keysOf(seen, context, isMeant));
    known.set(seen.answer, other.answer);
    return other;
  };
  const keysOf = (seen: Observation, context: DiffContext, isOne: IsMeant): ReadonlySet<string> =>
    new Set(
      processes.flatMap((process) =>
        (runningOf(seen, process.repository) ?? [])
          .filter((running) => isOne(process, running, seen, context))
          .map(processKey),
      ),
    );
  return (task) => ({
    ...task,
    resources: task.resources.map((resource) => ({
      ...resource,
      diff: (seen, context) => resource.diff(without(seen, context), context),
    })),
  });
};
