import { count } from '../../core/units.ts';
import { hostRanges } from '../text/host-ranges.ts';
import type { Paint } from '../text/paint.ts';
import { printable, wrap } from '../text/width.ts';
import type { ProblemDocument } from './problem-document.ts';
import { problemLines } from './problem-text.ts';

/** A host that a command could not be carried out for. */
export interface Failure {
  readonly host: string;
  readonly state: string;
  readonly problems: readonly ProblemDocument[];
  /** Changes that are not shown, as they wait until the problems are gone. */
  readonly waiting?: number;
}

/** Hosts that failed alike, each group once, with the problems of its first host. */
export const failureLines = (failures: readonly Failure[], width: number, paint: Paint): string[] => {
  const several = hostsToTrust(failures).length > 1;
  const alike = new Map<string, { readonly failure: Failure; readonly hosts: string[] }>();
  for (const failure of failures) {
    const key = likeness(failure);
    const group = alike.get(key);
    if (group) group.hosts.push(failure.host);
    else alike.set(key, { failure, hosts: [failure.host] });
  }
  return [...alike.values()].flatMap(({ failure: { host, state, problems, waiting = 0 }, hosts }) => {
    const task = problems[0]?.where?.task;
    const at = task ? `, task "${printable(task)}"` : '';
    const known = { host, ...(task !== undefined && { task }) };
    const wait = `${count(waiting, 'change waits', 'changes wait')} for that (--full shows ${waiting === 1 ? 'it' : 'them'})`;
    return [
      '',
      ...wrap(`${paint.bad(state.toUpperCase())} ${paint.strong(hostRanges(hosts))}${at}`, width, 2),
      ...problems
        // One command for all of them stands below.
        .map((problem) => (several && problem.kind === 'unknown-host-key' ? withoutAdvice(problem) : problem))
        .flatMap((problem) => problemLines(problem, { paint, known, width: width - 2 }))
        .map((line) => `  ${line}`),
      ...(waiting > 0 ? wrap(`  ${wait}`, width).map(paint.quiet) : []),
    ];
  });
};

const withoutAdvice = ({ next: _, ...problem }: ProblemDocument): ProblemDocument => problem;

const likeness = ({ host, state, problems, waiting = 0 }: Failure): string =>
  JSON.stringify([
    state,
    waiting,
    problems.map(({ where, ...problem }) => ({
      ...problem,
      where: { ...where, host: where?.host === host },
    })),
  ]);

/** Hosts whose keys only have to be compared and recorded. */
const hostsToTrust = (failures: readonly Failure[]): string[] =>
  failures
    .filter(({ problems }) => problems.some(({ kind }) => kind === 'unknown-host-key'))
    .map(({ host }) => host);

/** What to type where several hosts have keys that are not known: one command, not one for each. */
export const trustAdvice = (
  failures: readonly Failure[],
  trustCommand: (hosts: readonly string[]) => string,
): string[] => {
  const hosts = hostsToTrust(failures);
  if (hosts.length < 2) return [];
  return [`compare the fingerprints with the hosts' own, then: ${trustCommand(hosts)}`];
};
