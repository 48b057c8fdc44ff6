import type { Observation } from '../look.ts';
import type { Detail, Diff, DiffContext, Resource } from '../resource.ts';
import { SAME } from '../resource.ts';
import { askUnit, unitLook } from '../systemd/look.ts';
import { SYSTEMD_DEADLINE } from '../systemd/step.ts';
import { isUp } from '../systemd/unit.ts';
import { mayLose, taskText, type WorkOfProcesses } from './at-work.ts';
import type { RunningProcess } from './look.ts';
import { askProcess, runningOf } from './look.ts';
import type { Process } from './process.ts';
import { hasOtherSecret } from './restart-owed.ts';
import { stopDeadline } from './stop-step.ts';

/** How processes are ended. */
export interface StopContext {
  /** Seconds after which one that has not ended is killed; null: none is. */
  readonly killAfter: number | null;
  /** All processes of the host; those that need one are ended before it. */
  readonly siblings: readonly Process[];
  /** Those that are to be ended. */
  readonly chosen: readonly Process[];
  /** Which of those that run are meant; the others are left alone. All where left out. */
  readonly isMeant?: IsMeant;
}

/** Whether a running process is one that is to be ended. */
export type IsMeant = (
  process: Process,
  running: RunningProcess,
  seen: Observation,
  context: DiffContext,
) => boolean;

/** What a process of a host is known by for sure, between two boots. */
export const processKey = ({ pid, ticks }: Pick<RunningProcess, 'pid' | 'ticks'>): string =>
  `${pid} ${ticks}`;

/**
 * Those that are meant: of a stop that is taken up only these (`processKey`), as what was started since is left alone;
 * and only those that run with another value of this secret, by its name, than they would be given now. Undefined: all.
 */
export const meantBy = ({
  only,
  withOther,
}: {
  readonly only?: ReadonlySet<string> | undefined;
  readonly withOther?: string | undefined;
}): IsMeant | undefined =>
  only || withOther !== undefined
    ? (process, running, seen, context) =>
        (only?.has(processKey(running)) ?? true) &&
        (withOther === undefined || hasOtherSecret(process, running, withOther, seen, context))
    : undefined;

/**
 * That a process does not run, as a resource. What runs is ended by its number, its start time and its repository; what
 * its end loses stands in the change. What another one needs that goes on is left alone.
 */
export const stopResource = (process: Process, context: StopContext): Resource => {
  const { name } = process;
  const needing = context.siblings.filter(({ after = [] }) => after.includes(name));
  return {
    kind: 'stop',
    id: `stop:${name}`,
    title: name,
    asks: [
      askProcess(process),
      ...needing.map(askProcess),
      ...(process.unit ? [askUnit(process.unit.name)] : []),
    ],
    provides: [{ type: 'ended', process: name }],
    after: needing.map((other) => ({ type: 'ended', process: other.name })),
    diff: (seen, given) => {
      const found = runningOf(seen, process.repository);
      if (found === null) return { state: 'unknown', reason: `it cannot be told whether ${name} runs` };
      const { isMeant } = context;
      const running = isMeant ? found.filter((one) => isMeant(process, one, seen, given)) : found;
      if (running.length === 0) return found.length === 0 ? startsAgain(process, seen) : SAME;
      const left = needing.filter(
        (other) => !context.chosen.includes(other) && (runningOf(seen, other.repository) ?? []).length > 0,
      );
      if (left.length > 0) return needed(name, left);
      return stopping(process, running, context, seen);
    },
  };
};

/** A process that systemd is about to start again: it would not stay ended. */
const startsAgain = ({ unit }: Process, seen: Observation): Diff => {
  if (!unit) return SAME;
  const state = unitLook.seen(seen, unit.name)?.active ?? 'inactive';
  if (!isUp(state)) return SAME;
  return {
    state: 'change',
    change: {
      action: 'run',
      details: [{ name: unit.name, before: `${state}: systemd is about to start it`, after: 'inactive' }],
      steps: [
        { step: 'put-unit', name: unit.name, enabled: null, active: 'stopped', deadline: SYSTEMD_DEADLINE },
      ],
    },
  };
};

const needed = (name: string, others: readonly Process[]): Diff => {
  const names = others.map((other) => other.name).join(' and ');
  return {
    state: 'violated',
    violation: {
      message: `${names} ${others.length === 1 ? 'needs' : 'need'} ${name} and ${others.length === 1 ? 'runs' : 'run'}: without it ${others.length === 1 ? 'it' : 'they'} may not even end`,
      next: [
        {
          type: 'edit',
          text: `stop both: --process ${[...others.map((other) => other.name), name].join(',')}`,
        },
      ],
      severity: 'enforce',
    },
  };
};

const stopping = (
  { name, repository, known, start, stop }: Process,
  running: readonly RunningProcess[],
  { killAfter }: StopContext,
  { atWork }: Observation,
): Diff => {
  const work = atWork?.get(name);
  const pids = running.map(({ pid }) => pid);
  const units = new Set(running.flatMap(({ unit }) => unit ?? []));
  return {
    state: 'change',
    change: {
      action: 'run',
      details: [
        {
          name: 'state',
          before: pids.length === 1 ? 'running' : `running as processes ${pids.join(' and ')}`,
          after: 'not running',
        },
        ...tasksOf(name, atWork),
        ...(stop.atStake === undefined ? [] : [{ name: 'at stake:', before: null, after: stop.atStake }]),
        ...[...units].map((unit) => ({ name: 'by', before: null, after: `systemctl stop ${unit}` })),
        ...(killAfter === null ? [] : [{ name: 'killed', before: null, after: `after ${killAfter} s` }]),
      ],
      ...(mayLose(work) && { atWork: work }),
      steps: running.map(({ pid, ticks, unit }) => ({
        step: 'stop-process' as const,
        name,
        repository,
        known,
        pid,
        ticks,
        beside: pids.slice(pids.indexOf(pid) + 1),
        wait: stop.deadline,
        killAfter,
        leftovers: start.leftovers ?? null,
        ...(unit !== null && { unit }),
        deadline: stopDeadline(stop.deadline, killAfter),
      })),
    },
  };
};

/** What it is at, and would lose. */
const tasksOf = (name: string, atWork: WorkOfProcesses | undefined): Detail[] => {
  const work = atWork?.get(name);
  if (!mayLose(work)) return [];
  return work.type === 'unknown'
    ? [{ name: 'may be at', before: null, after: `a task: ${work.why}` }]
    : work.tasks.map((task) => ({ name: 'at', before: null, after: taskText(task) }));
};
