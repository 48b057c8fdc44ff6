import { momentOf } from '../../core/moment.ts';
import { edit, fcopsCommand, look } from '../../core/next.ts';
import type { Observation } from '../look.ts';
import type { PathAsk } from '../path/look.ts';
import { askPath, askSumAlone, pathLook } from '../path/look.ts';
import type { Diff, DiffContext, Resource, Violation } from '../resource.ts';
import { detail, SAME } from '../resource.ts';
import { runAsWanted } from './as-wanted.ts';
import { logOf, logText } from './log.ts';
import { askProcess, runningOf } from './look.ts';
import type { Process } from './process.ts';
import { mayStart } from './requirement.ts';
import { restartReasons } from './restart-owed.ts';
import { startStep } from './start-step.ts';

/** What is said of a process besides what it is. */
export interface ProcessContext {
  /** Whether it is to be started where it does not run. */
  readonly start: boolean;
  /** All processes of its role on the host, itself included. */
  readonly siblings: readonly Process[];
  /** What starts those that do not run: `['deploy', 'p1', '--start', '--limit', 'p1-50']`. */
  readonly startCommand: readonly string[];
}

/** What it is started from; a configuration is not there before its first start. */
export const filesOf = ({ program, reads, unit }: Process): readonly string[] => [
  program,
  reads.profile,
  reads.script,
  ...(unit ? [unit.file] : []),
  ...(reads.config === undefined ? [] : [reads.config]),
];

/** What is asked of these: those that it has its variables from are compared. */
export const askFiles = (process: Process): readonly PathAsk[] => [
  ...filesOf(process).map((path) => askPath(path)),
  ...process.environmentFrom.map(({ path }) => askSumAlone(path)),
];

/**
 * A process as a resource: whether it runs, with what, and so what is owed to it. It is never stopped. Not to be
 * able to tell keeps nobody from changing files.
 */
export const processResource = (process: Process, context: ProcessContext): Resource => {
  const { name, after = [] } = process;
  const read = filesOf(process);
  // They may be none of those that a command is about.
  const needed = context.siblings.filter((one) => after.includes(one.name));
  return {
    kind: 'process',
    id: `process:${name}`,
    title: name,
    asks: [
      askProcess(process),
      ...(context.start ? needed.map(askProcess) : []),
      ...askFiles(process),
      ...(context.start ? process.requires.flatMap(({ asks }) => asks) : []),
    ],
    provides: [{ type: 'process', name }],
    leaves: (host) => runAsWanted(host, process),
    manages: [`process ${name}`],
    needs: [
      ...read.map((path) => ({ type: 'path' as const, path })),
      ...after.map((other) => ({ type: 'process' as const, name: other })),
      ...process.requires.flatMap(({ needs = [] }) => needs),
    ],
    diff: (seen, given) => {
      const running = runningOf(seen, process.repository);
      if (running === null) {
        const violation = {
          message: `it cannot be told whether ${name} runs`,
          next: [look('log in and see')],
        };
        return context.start ? mayNotStart(name, violation) : warning(violation.message, violation.next);
      }
      const [first, second] = running;
      if (!first)
        return context.start ? started(process, context, seen, given) : stopped(process, context, seen);
      if (second) {
        const ones = running
          .map(({ pid, since: at }) => `process ${pid} (since ${momentOf(at) ?? 'it is not known when'})`)
          .join(' and ');
        return warning(`${name} runs more than once, as ${ones}`, [look(whichToEnd(process))]);
      }
      const reasons = restartReasons(process, first, seen, given);
      if (reasons.length === 0) return SAME;
      const { pid, since } = first;
      return { state: 'restart', restart: { process: name, pid, since, reasons } };
    },
  };
};

const whichToEnd = ({ known, repository }: Process): string =>
  known.by === 'argument'
    ? 'find out on the miner which of them has a task (sealing jobs), and end one that has none: the hours of its task are lost with a process'
    : `find out which of them has ${repository}/repo.lock open (fuser), and end one that has not: it only waits`;

/** What is to be started; what may not be yet is told by what it waits for. */
const started = (
  process: Process,
  { siblings }: ProcessContext,
  seen: Observation,
  context: DiffContext,
): Diff => {
  const { name, reads, after = [] } = process;
  const missing = filesOf(process).filter(
    (path) =>
      path !== reads.config &&
      pathLook.seen(seen, path)?.type === 'absent' &&
      !context.pending({ type: 'path', path }),
  );
  if (missing.length > 0) {
    return mayNotStart(name, {
      message: `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not there`,
      next: [edit('deploy without --tags')],
    });
  }
  if (!mayStart(process, seen, context)) return SAME;
  const without = siblings.filter(
    (one) =>
      after.includes(one.name) &&
      !context.pending({ type: 'process', name: one.name }) &&
      (runningOf(seen, one.repository) ?? []).length === 0,
  );
  if (without.length > 0) {
    const names = without.map((one) => one.name).join(' and ');
    return mayNotStart(name, { message: `it needs ${names}, which does not run and is not started either` });
  }
  return {
    state: 'change',
    change: {
      action: 'run',
      details: [
        ...detail('state', 'not running', 'running'),
        ...(process.unit ? detail('run by', null, process.unit.name) : []),
      ],
      steps: [startStep(process)],
    },
  };
};

const mayNotStart = (name: string, violation: Pick<Violation, 'message' | 'next'>): Diff => ({
  state: 'violated',
  violation: { ...violation, severity: 'start', processes: [name] },
});

const stopped = (process: Process, { siblings, startCommand }: ProcessContext, seen: Observation): Diff => {
  const { name } = process;
  const isDead = (one: Process) => (runningOf(seen, one.repository) ?? []).length === 0;
  // All that do not run are one thing to tell, told by the first of them; where none does, it is no trouble yet.
  if (siblings.find(isDead) !== process) return SAME;
  const dead = siblings.filter(isDead);
  if (dead.length === siblings.length) {
    const next = [fcopsCommand(startCommand, dead.length === 1 ? 'to start it' : 'to start them')];
    return { state: 'idle', idle: { processes: dead.map((one) => one.name), next } };
  }
  const message =
    dead.length === 1
      ? `${name} does not run, though ${others(siblings.length - 1)}`
      : `${dead.length} of ${siblings.length} processes of this host do not run: ${dead.map((one) => one.name).join(', ')}`;
  return warning(message, [
    look(`see the end of ${logText(logOf(process))}`),
    fcopsCommand(startCommand, 'then start what does not run, and that alone'),
  ]);
};

/** The other processes of a host, which run. */
const others = (number: number): string =>
  number === 1 ? 'the other process of this host does' : `the other ${number} processes of this host do`;

const warning = (
  message: string,
  next: NonNullable<Extract<Diff, { state: 'violated' }>['violation']['next']>,
): Diff => ({
  state: 'violated',
  violation: { message, next, severity: 'warn' },
});
