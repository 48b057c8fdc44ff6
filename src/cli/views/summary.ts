import { count, formatSeconds } from '../../core/units.ts';
import type { HostResult, HostState } from '../../engine/events.ts';
import { hostRanges } from '../text/host-ranges.ts';
import type { Paint } from '../text/paint.ts';
import { painter } from '../text/paint.ts';
import { table } from '../text/table.ts';
import { printable, wrap } from '../text/width.ts';
import { failureLines, trustAdvice } from './failures.ts';

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
  /** Null where no program, profile or script of a worker was changed. */
  readonly oldWorkers: OldWorkers | null;
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
    ...failureLines(results.filter(isFailure), width, paint),
    ...nextLines(input, paint),
    '',
  ].join('\n');
};

const isFailure = ({ state }: HostResult): boolean => state !== 'same' && state !== 'changed';

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
  const { same, changed, skipped, seconds, reboot, state } = result;
  const failed = state === 'failed' ? 1 : 0;
  const shown = (n: number, colour: (text: string) => string) => (n > 0 ? colour(`${n}`) : paint.quiet('0'));
  return [
    isFailure(result) && state !== 'stopped' ? paint.bad(name) : name,
    shown(same, paint.good),
    shown(changed, paint.careful),
    shown(failed, paint.bad),
    shown(skipped, paint.info),
    formatSeconds(seconds),
    [stateWord(state, paint), ...(reboot.length > 0 ? [paint.careful('reboot needed')] : [])]
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

/** Worker processes that go on with what they were started with, and how they get what is new. */
export interface OldWorkers {
  readonly hosts: readonly string[];
  /** What starts them on their machine, and from here. */
  readonly commands: readonly string[];
  readonly startCommand: string;
}

/** Commands are not broken: they are there to be copied. */
const COMMAND_INDENT = ' '.repeat(6);

const nextLines = (input: SummaryInput, paint: Paint): string[] => {
  const { results, planCommand, trustCommand, oldWorkers, width } = input;
  const failures = results.filter(isFailure);
  const lines = [
    ...trustAdvice(failures, trustCommand).map((text) => `  ${text}`),
    ...againLines(failures),
    ...rebootLines(results),
    ...(results.some(({ reboot }) => reboot.length > 0)
      ? [`  then see that nothing is left: ${planCommand}`]
      : []),
    ...(oldWorkers === null ? [] : workerLines(oldWorkers)),
  ];
  return lines.length === 0
    ? []
    : [
        '',
        paint.strong('Next'),
        ...lines.flatMap((line) => (line.startsWith(COMMAND_INDENT) ? [line] : wrap(line, width, 2))),
      ];
};

const againLines = (failures: readonly HostResult[]): string[] => {
  if (failures.length === 0) return [];
  return failures.every(({ state }) => state === 'stopped')
    ? ['  run the same again to do the rest']
    : ['  fix what is shown above and run the same again; only what is missing is done'];
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

/** Whether a worker runs is not looked at: what is said holds for those that do. */
const workerLines = ({ hosts, commands, startCommand }: OldWorkers): string[] => [
  `  fcops has stopped no worker: one that was running on ${hostRanges(hosts)} before keeps the program and settings it was started with; when it is idle, stop it and start it there again:`,
  ...commands.map((command) => `${COMMAND_INDENT}${command}`),
  `  or from here, those that do not run: ${startCommand}`,
];
