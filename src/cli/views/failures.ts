import { groupBy } from '../../core/group-by.ts';
import { count } from '../../core/units.ts';
import type { Addresses } from '../text/addresses.ts';
import { hostRanges } from '../text/host-ranges.ts';
import type { Paint } from '../text/paint.ts';
import { printable, wrap, wrapAround } from '../text/width.ts';
import { withoutMeasured, withoutOwn } from './own-words.ts';
import type { ProblemDocument } from './problem-document.ts';
import { problemLines } from './problem-text.ts';
import { tellingLines } from './telling-lines.ts';

/** A host that a command could not be carried out for. */
export interface Failure extends Addresses {
  readonly host: string;
  readonly state: string;
  readonly problems: readonly ProblemDocument[];
  /** Changes that are not shown, as they wait until the problems are gone. */
  readonly waiting?: number;
}

/**
 * Hosts that failed of the same cause, each group once, in the words of its first host. Of what programs printed the
 * lines that tell are shown; `wholeCommand` shows the rest.
 */
export const failureLines = (
  failures: readonly Failure[],
  { width, paint, wholeCommand, whole = false }: FailureOptions,
): string[] => {
  const several = hostsToTrust(failures).length > 1;
  const short = failures.map((failure) => ({
    ...failure,
    problems: failure.problems.map((problem) => (whole ? { ...problem, left: 0 } : shortened(problem))),
  }));
  return [...groupBy(short, likeness).values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const { host, state, problems, waiting = 0 } = first;
    const task = problems[0]?.where?.task;
    const at = task ? `, task "${printable(task)}"` : '';
    const known = { host, ...(task !== undefined && { task }) };
    const wait = `${count(waiting, 'change waits', 'changes wait')} for that (--full shows ${waiting === 1 ? 'it' : 'them'})`;
    const names = hostRanges(group.map((one) => one.host));
    const own = new Set(group.map((one) => exactly(one.problems))).size > 1 ? `, as ${host} says it` : '';
    const left = problems.reduce((sum, problem) => sum + problem.left, 0);
    const more = `${count(left, 'more line')} of what it printed: ${wholeCommand ?? '--output json'}`;
    return [
      '',
      ...wrap(`${paint.bad(state.toUpperCase())} ${paint.strong(names)}${at}${own}`, width, 2),
      ...problems
        // One command for all of them stands below.
        .map((problem) => (several && problem.kind === 'unknown-host-key' ? withoutAdvice(problem) : problem))
        .flatMap((problem) => problemLines(problem, { paint, known, width: width - 2 }))
        .map((line) => `  ${line}`),
      ...(left > 0 ? wrapAround(`  ${more}`, [wholeCommand ?? ''], width, 2).map(paint.quiet) : []),
      ...(waiting > 0 ? wrap(`  ${wait}`, width).map(paint.quiet) : []),
    ];
  });
};

export interface FailureOptions {
  readonly width: number;
  readonly paint: Paint;
  /** All that programs printed, and not only the lines that tell. */
  readonly whole?: boolean;
  /** Shows all that programs printed; left out where only JSON does. */
  readonly wholeCommand?: string;
}

/** A problem with what tells of its reason, and how many lines were left out. */
type Shortened = ProblemDocument & { readonly left: number };

/** Only a step's reason is what a program printed; others are fcops' own words, and whole. */
const shortened = (problem: ProblemDocument): Shortened => {
  if (problem.kind !== 'step' || problem.why === undefined) return { ...problem, left: 0 };
  const lines = tellingLines(problem.why);
  return { ...problem, why: lines.join('\n'), left: problem.why.split('\n').length - lines.length };
};

const withoutAdvice = ({ next: _, commands: __, ...problem }: Shortened): Shortened => problem;

/** A key has to be compared host by host: those are never alike. */
const KEYS: ReadonlySet<ProblemDocument['kind']> = new Set(['unknown-host-key', 'refused-host-key']);

/** What the same cause has in common: not the names of hosts, nor how long it took. */
const likeness = (failure: ShortFailure): string => {
  const { state, problems, waiting = 0 } = failure;
  const own = problems.some(({ kind }) => KEYS.has(kind)) ? (text: string) => text : withoutOwn(failure);
  const causes = problems.map(({ where, left: _, next: __, commands: ___, ...problem }) => ({
    ...problem,
    where: { ...where, host: where?.host === failure.host },
  }));
  return JSON.stringify([state, waiting > 0, withoutMeasured(own(JSON.stringify(causes)))]);
};

type ShortFailure = Omit<Failure, 'problems'> & { readonly problems: readonly Shortened[] };

const exactly = (problems: readonly Shortened[]): string =>
  JSON.stringify(problems.map(({ where: _, left: __, next: ___, commands: ____, ...problem }) => problem));

/** Hosts whose keys only have to be compared and recorded. */
const hostsToTrust = (failures: readonly Failure[]): string[] =>
  failures
    .filter(({ problems }) => problems.some(({ kind }) => kind === 'unknown-host-key'))
    .map(({ host }) => host);

/** What to type where several hosts have keys that are not known: one command, not one for each. */
export const trustAdvice = (
  failures: readonly Failure[],
  trustCommand: (hosts: readonly string[]) => string,
): Typed[] => {
  const hosts = hostsToTrust(failures);
  if (hosts.length < 2) return [];
  return [{ says: "compare the fingerprints with the hosts' own, then", command: trustCommand(hosts) }];
};

/** A command to be typed, and what is said of it. */
export interface Typed {
  readonly says: string;
  readonly command: string;
}

/** `  says: command` where that fits, else the command whole on a line of its own. */
export const typedLines = ({ says, command }: Typed, width: number): string[] =>
  wrapAround(`  ${says}: ${command}`, [command], width, 2);
