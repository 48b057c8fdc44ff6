import { groupBy } from '../../core/group-by.ts';
import { count, formatBytes, formatSeconds } from '../../core/units.ts';
import { ERRORS_LIMIT, OUTPUT_LIMIT } from '../../ops/exec/exec.ts';
import type { AddressBook } from '../text/addresses.ts';
import { addressesAt } from '../text/addresses.ts';
import { hostRanges } from '../text/host-ranges.ts';
import type { Paint } from '../text/paint.ts';
import { printable, wrap } from '../text/width.ts';
import type { ExecDocument, ExecHostDocument } from './exec-document.ts';
import { isWell } from './exec-document.ts';
import { withoutOwn } from './own-words.ts';
import { problemLines } from './problem-text.ts';

export interface ExecTextOptions {
  readonly paint: Paint;
  /** Columns. */
  readonly width: number;
  /** Of hosts, by name: what only differs by it is alike. */
  readonly addresses: AddressBook;
}

/** Hosts where the same came of it. */
export interface ExecGroup {
  readonly first: ExecHostDocument;
  readonly hosts: readonly string[];
}

/** Hosts with the same end and the same output as one; what did not end well first, then the largest. */
export const execGroups = (
  hosts: readonly ExecHostDocument[],
  addresses: AddressBook,
): readonly ExecGroup[] => {
  // Which file has the variables of a host is of its role; only that one has none would differ.
  const keyOf = ({ host, profile, problems, ...result }: ExecHostDocument): string => {
    const own = withoutOwn({ host, ...addressesAt(addresses, host) });
    return JSON.stringify([
      result.profileLoaded === false ? profile : null,
      result,
      problems.map(({ what, why = '', next = '' }) => [what, why, next].map(own)),
    ]);
  };
  const groups = [...groupBy(hosts, keyOf).values()].flatMap((group): ExecGroup[] => {
    const [first] = group;
    return first ? [{ first, hosts: group.map(({ host }) => host) }] : [];
  });
  return groups.toSorted(
    (a, b) => Number(isWell(a.first)) - Number(isWell(b.first)) || b.hosts.length - a.hosts.length,
  );
};

/** What a command came to, as lines. */
export const execLines = (document: ExecDocument, options: ExecTextOptions): string[] => {
  const groups = execGroups(document.hosts, options.addresses);
  const parts = groups.map((group) => groupLines(group, document, options));
  // Where there is one result there is nothing to count.
  const ends = groups.length === 1 ? [] : [wrap(summary(document), options.width, 2)];
  return [...parts, ...ends].flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
};

const groupLines = (
  { first, hosts }: ExecGroup,
  { timeout }: ExecDocument,
  { paint, width }: ExecTextOptions,
): string[] => {
  const well = isWell(first);
  const word = (well ? paint.good : paint.bad)(stateWords(first, timeout));
  const told = first.problems.length > 0 ? `, as ${first.host} says it` : '';
  const number = hosts.length === 1 ? '' : ` (${count(hosts.length, 'host')}${told})`;
  const { profile, profileLoaded, stdout, stderr, stdoutCut, stderrCut, problems } = first;
  const note = (text: string) => wrap(`  ${paint.careful(text)}`, width, 2);
  return [
    ...wrap(`${paint.strong(printable(hostRanges(hosts)))}: ${word}${number}`, width, 2),
    ...(profileLoaded === false && profile !== null
      ? note(`without the variables of the role: ${profile} is not there`)
      : []),
    ...problems.flatMap(({ where: _, ...problem }) => problemLines(problem, { paint, lead: '  ', width })),
    ...outputLines(stdout),
    ...(stdoutCut ? note(`(more than ${formatBytes(OUTPUT_LIMIT)}: the rest is not shown)`) : []),
    ...(stderr === '' ? [] : [`  ${paint.quiet('standard error:')}`, ...outputLines(stderr)]),
    ...(stderrCut ? note(`(more than ${formatBytes(ERRORS_LIMIT)}: the rest is not shown)`) : []),
  ];
};

const outputLines = (text: string): string[] => {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => `  ${printable(line)}`.trimEnd());
};

const stateWords = ({ state, exit, signal }: ExecHostDocument, timeout: number): string => {
  switch (state) {
    case 'exited':
      return `exit ${exit}`;
    case 'killed':
      return `killed by ${signal} (exit ${exit})`;
    case 'timed-out':
      return `timed out: it was ended after ${span(timeout)}`;
    case 'hangs':
      return `hangs: its ${span(timeout)} are over, it could not be ended, and may still run there`;
    case 'lost':
      return 'connection lost: it is not known whether it ran to its end';
    case 'not-run':
      return 'not run';
    case 'interrupted':
      return 'interrupted before its end';
  }
};

/** Whole seconds. */
const span = (seconds: number): string => (seconds < 10 ? `${seconds} s` : formatSeconds(seconds));

/** How it ended where, and on how many hosts. */
const summary = ({ hosts, counts }: ExecDocument): string => {
  const shortly = ({ state, exit, signal }: ExecHostDocument): string => {
    if (state === 'exited') return `exit ${exit}`;
    return state === 'killed' ? `killed by ${signal}` : state.replace('-', ' ');
  };
  const parts = [...groupBy(hosts, shortly)]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([words, group]) => `${group.length} ${words}`);
  return `${count(counts.hosts, 'host')}: ${parts.join(', ')}`;
};
