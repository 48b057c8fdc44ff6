import { count, formatSeconds } from '../../core/units.ts';
import type { HostResult, HostState } from '../../engine/events.ts';
import { hostRanges } from '../text/host-ranges.ts';
import type { Paint } from '../text/paint.ts';
import { painter } from '../text/paint.ts';
import { table } from '../text/table.ts';
import { printable, wrap } from '../text/width.ts';
import type { Words } from '../text/words.ts';
import type { Failure } from './failures.ts';
import { failureLines, trustAdvice } from './failures.ts';
import { problemDocument } from './problem-document.ts';
import { oldProcesses, runsSince } from './restarts.ts';

/** From this many unchanged hosts on, they share one row of the table. */
const FOLD_FROM = 5;

export interface SummaryInput {
  readonly results: readonly HostResult[];
  readonly seconds: number;
  /** Failed checks that stopped nothing, by host. */
  readonly warnings: readonly { readonly host: string; readonly message: string }[];
  /** The command that shows what is left: `fcops plan p1 --miner f0494733`. */
  readonly planCommand: string;
  /** The command that shows and records the keys of hosts. */
  readonly trustCommand: (hosts: readonly string[]) => string;
  /** The command that takes up what this run has left. */
  readonly resumeCommand: string;
  /** The command that starts processes which do not run. */
  readonly startCommand: string;
  readonly words: Words;
  readonly colour: boolean;
  /** Columns of the terminal; infinite where there is none. */
  readonly width: number;
}

/** The end of a deploy: the table of hosts, the warnings, the failures with their last lines, the next step. */
export const summaryText = (input: SummaryInput): string => {
  const { results, seconds, warnings, colour, width } = input;
  const paint = painter(colour);
  return [
    ...resultTable(results, paint),
    '',
    ...wrap(totalLine(results, seconds, paint), width, 2),
    ...warningLines(warnings, width, paint),
    ...failureLines(failuresOf(input), width, paint),
    ...nextLines(input, paint),
    '',
  ].join('\n');
};

const isFailure = ({ state }: HostResult): boolean => state !== 'same' && state !== 'changed';

const failuresOf = ({ results, words }: SummaryInput): Failure[] =>
  results.filter(isFailure).map(({ host, state, problems }) => ({
    host,
    state,
    problems: problems.map((problem) => problemDocument(problem, words)),
  }));

const resultTable = (results: readonly HostResult[], paint: Paint): string[] => {
  const same = results.filter(({ state }) => state === 'same');
  const folded = same.length >= FOLD_FROM ? foldSame(same) : [];
  const rows = results.flatMap((result) => {
    if (result.state !== 'same' || folded.length === 0) return [{ name: result.host, result }];
    return folded.filter(({ first }) => first === result);
  });
  return table(
    [
      { title: 'host' },
      { title: 'ok', align: 'right' },
      { title: 'changed', align: 'right' },
      { title: 'failed', align: 'right' },
      { title: 'skipped', align: 'right' },
      { title: 'time', align: 'right' },
      { title: '' },
    ],
    rows.map(({ name, result }) => row(name, result, paint)),
    paint.quiet,
  );
};

/** Unchanged hosts with as many resources as one row each; the time is the longest. */
const foldSame = (
  results: readonly HostResult[],
): { name: string; result: HostResult; first: HostResult | undefined }[] =>
  [...new Set(results.map(({ same }) => same))].map((same) => {
    const alike = results.filter((result) => result.same === same);
    const slowest = alike.reduce((a, b) => (a.seconds >= b.seconds ? a : b));
    return { name: hostRanges(alike.map(({ host }) => host)), result: slowest, first: alike[0] };
  });

const row = (name: string, result: HostResult, paint: Paint): string[] => {
  const { same, changed, skipped, seconds, reboot, restart, state } = result;
  const failed = state === 'failed' ? 1 : 0;
  const shown = (n: number, colour: (text: string) => string) => (n > 0 ? colour(`${n}`) : paint.quiet('0'));
  return [
    isFailure(result) && state !== 'stopped' ? paint.bad(name) : name,
    shown(same, paint.good),
    shown(changed, paint.careful),
    shown(failed, paint.bad),
    shown(skipped, paint.info),
    formatSeconds(seconds),
    [
      stateWord(state, paint),
      ...(reboot.length > 0 ? [paint.careful('reboot needed')] : []),
      ...(restart.length > 0 ? [paint.careful('restart owed')] : []),
    ]
      .filter(Boolean)
      .join(', '),
  ];
};

const stateWord = (state: HostState, paint: Paint): string => {
  switch (state) {
    case 'same':
    case 'changed':
      return '';
    case 'stopped':
      return paint.careful('stopped');
    default:
      return paint.bad(state);
  }
};

const totalLine = (results: readonly HostResult[], seconds: number, paint: Paint): string => {
  const words: readonly (readonly [HostState, string, (text: string) => string])[] = [
    ['changed', 'changed', paint.good],
    ['same', 'unchanged', paint.good],
    ['stopped', 'stopped', paint.careful],
    ['blocked', 'blocked', paint.bad],
    ['unreachable', 'unreachable', paint.bad],
    ['failed', 'failed', paint.bad],
  ];
  const parts = words.flatMap(([state, word, colour]) => {
    const n = results.filter((result) => result.state === state).length;
    return n > 0 ? [colour(`${n} ${word}`)] : [];
  });
  return `${paint.strong(count(results.length, 'host'))}: ${parts.join(', ')}, in ${formatSeconds(seconds)}`;
};

/** `lines` by what they say, with the hosts of which it is true. */
const byText = (pairs: readonly { readonly host: string; readonly text: string }[]): [string, string[]][] => {
  const hosts = new Map<string, string[]>();
  for (const { host, text } of pairs) hosts.set(text, [...(hosts.get(text) ?? []), host]);
  return [...hosts];
};

const warningLines = (warnings: SummaryInput['warnings'], width: number, paint: Paint): string[] => {
  const folded = byText(warnings.map(({ host, message }) => ({ host, text: printable(message) })));
  if (folded.length === 0) return [];
  return [
    '',
    paint.careful('Warnings (checks: warn)'),
    ...folded.flatMap(([text, hosts]) => wrap(`  ${hostRanges(hosts)}: ${text}`, width, 2)),
  ];
};

/** Commands are not broken: they are there to be copied. */
const COMMAND_INDENT = ' '.repeat(6);

const nextLines = (input: SummaryInput, paint: Paint): string[] => {
  const { results, planCommand, trustCommand, width } = input;
  const failures = results.filter(isFailure);
  const lines = [
    ...trustAdvice(failuresOf(input), trustCommand).map((text) => `  ${text}`),
    ...againLines(failures, input.resumeCommand),
    ...rebootLines(results),
    ...(results.some(({ reboot }) => reboot.length > 0)
      ? [`  then see that nothing is left: ${planCommand}`]
      : []),
    ...restartLines(input),
  ];
  return lines.length === 0
    ? []
    : [
        '',
        paint.strong('Next'),
        ...lines.flatMap((line) => (line.startsWith(COMMAND_INDENT) ? [line] : wrap(line, width, 2))),
      ];
};

const againLines = (failures: readonly HostResult[], resumeCommand: string): string[] => {
  if (failures.length === 0) return [];
  const rest = [`${COMMAND_INDENT}${resumeCommand}`];
  return failures.every(({ state }) => state === 'stopped')
    ? ['  run the same again to do the rest, or:', ...rest]
    : [
        '  fix what is shown above and run the same again; only what is missing is done. The rest alone:',
        ...rest,
      ];
};

const rebootLines = (results: readonly HostResult[]): string[] => {
  const reboots = byText(
    results.flatMap(({ host, reboot }) => reboot.map((text) => ({ host, text: printable(text) }))),
  );
  const rebooting = results.filter(({ reboot }) => reboot.length > 0).map(({ host }) => host);
  if (reboots.length === 0) return [];
  return [
    `  reboot ${hostRanges(rebooting)} when nothing is being sealed there:`,
    ...reboots.map(([text, hosts]) =>
      reboots.length > 1 || hosts.length !== rebooting.length
        ? `    ${hostRanges(hosts)}: ${text}`
        : `    ${text}`,
    ),
  ];
};

/** What runs on with something older than what is there, and what a restart of it ends. */
const restartLines = ({ results, startCommand, words }: SummaryInput): string[] => {
  const old = oldProcesses(results);
  if (old.length === 0) return [];
  return [
    '  fcops has stopped nothing. A restart ends the task that a process is at; these run with what they were started with:',
    ...old.map(
      ({ hosts, processes, reasons, since }) =>
        `    ${hostRanges(hosts)}  ${hostRanges(processes)}: ${reasons.map(printable).join('; ')}; ${runsSince({ since, several: hosts.length + processes.length > 2 }, words.since)}`,
    ),
    '  when one is idle, end it on its host (kill with the number that fcops plan shows), then:',
    `${COMMAND_INDENT}${startCommand}`,
  ];
};
