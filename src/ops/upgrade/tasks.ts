import type { VersionKey } from '../../inventory/check-versions.ts';
import type { Observation } from '../../resources/look.ts';
import { runningOf } from '../../resources/process/look.ts';
import type { Process } from '../../resources/process/process.ts';
import { runsAnother } from '../../resources/process/restart-owed.ts';
import type { IsMeant } from '../../resources/process/stop.ts';
import type { DiffContext, Resource, Task } from '../../resources/resource.ts';
import { programOf } from './programs.ts';

/** Kinds of resources that bring a version to a host, and leave alone what runs. */
const FETCHING: readonly string[] = ['archive', 'directory'];

export const isFetching = ({ kind }: Pick<Resource, 'kind'>): boolean => FETCHING.includes(kind);

/** Processes of a host that run programs with these keys, and those that cannot do without them. */
export const upgradedProcesses = (
  processes: readonly Process[],
  keys: readonly VersionKey[],
): readonly Process[] => {
  const names = keys.map(programOf);
  const own = processes.filter(({ program }) => names.includes(program.slice(program.lastIndexOf('/') + 1)));
  return processes.filter(
    (process) => own.includes(process) || own.some(({ name }) => (process.after ?? []).includes(name)),
  );
};

/** What of the tasks of a role puts programs in place, as parts that are done at different times. */
export interface ProgramTasks {
  /** Brings the versions; what runs goes on. */
  readonly fetch: readonly Task[];
  /** Switches the links over, when everything that runs by them has ended. */
  readonly switchOver: readonly Task[];
  /** Which of the processes have to end for that, and those that run another program than is linked. */
  readonly isMeant: IsMeant;
}

export const programTasks = (
  tasks: readonly Task[],
  keys: readonly VersionKey[],
  chosen: readonly Process[],
): ProgramTasks => {
  const names = keys.map(programOf);
  const own = tasks.filter(({ name }) => names.includes(name));
  const links = own.flatMap(({ resources }) => resources.filter((one) => !isFetching(one)));
  const linkOf = ({ program }: Process): Resource | undefined =>
    links.find(({ provides = [] }) => provides.some((one) => one.type === 'path' && one.path === program));
  const runsOld: IsMeant = (process, running, seen, context) => {
    const link = linkOf(process);
    return (
      (link !== undefined && link.diff(seen, context).state !== 'same') || runsAnother(process, running, seen)
    );
  };
  /** lotus-miner ends with the lotus that it needs. */
  const isMeant: IsMeant = (process, running, seen, context) =>
    runsOld(process, running, seen, context) ||
    neededBy(process, chosen).some((one) => anyOld(one, seen, context));
  const anyOld = (process: Process, seen: Observation, context: DiffContext) =>
    (runningOf(seen, process.repository) ?? []).some((one) => runsOld(process, one, seen, context));
  const ended = chosen.map(({ name }) => ({ type: 'ended', process: name }) as const);
  return {
    fetch: own.map((task) => ({ ...task, resources: task.resources.filter(isFetching) })),
    switchOver: own.map((task) => ({
      ...task,
      resources: task.resources
        .filter((one) => !isFetching(one))
        .map((one) => ({ ...one, after: [...(one.after ?? []), ...ended] })),
    })),
    isMeant,
  };
};

const neededBy = ({ after = [] }: Process, processes: readonly Process[]): readonly Process[] =>
  processes.filter(({ name }) => after.includes(name));
