import { count, formatSeconds } from '../../core/units.ts';
import type { HostResult, HostState } from '../../engine/events.ts';
import { hostRanges } from '../text/host-ranges.ts';
import type { Paint } from '../text/paint.ts';
import { painter } from '../text/paint.ts';
import { table } from '../text/table.ts';
import { printable } from '../text/width.ts';
import { problemLines } from './problem-text.ts';

/** From this many unchanged hosts on, they share one row of the table. */
const FOLD_FROM = 5;

export interface SummaryInput {
  readonly results: readonly HostResult[];
  readonly seconds: number;
  /** Failed checks that stopped nothing, by host. */
  readonly warnings: readonly { readonly host: string; readonly message: string }[];
  /** The command that shows what is left: `fcops plan p1 --miner f0494733`. */
  readonly planCommand: string;
  readonly colour: boolean;
  /** Columns of the terminal; infinite where there is none. */
  readonly width: number;
}

/** The end of a deploy: the table of hosts, the warnings, the failures with their last lines, the next step. */
export const summaryText = ({
  results,
  seconds,
  warnings,
  planCommand,
  colour,
  width,
}: SummaryInput): string => {
  const paint = painter(colour);
  return [
    ...resultTable(results, paint),
    '',
    totalLine(results, seconds, paint),
    ...warningLines(warnings, paint),
    ...failureLines(results, width, paint),
    ...nextLines(results, planCommand, paint),
    '',
  ].join('\n');
};

const isFailure = ({ state }: HostResult): boolean => state !== 'same' && state !== 'changed';

const resultTable = (results: readonly HostResult[], paint: Paint): string[] => {
  const same = results.filter(({ state }) => state === 'same');
  const folded =
    same.length >= FOLD_FROM ? foldSame(same) : same.map((result) => ({ name: result.host, result }));
  const each = (list: readonly HostResult[]) => list.map((result) => ({ name: result.host, result }));
  const rows = [
    ...folded,
    ...each(results.filter(({ state }) => state === 'changed')),
    ...each(results.filter(isFailure)),
  ];
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
const foldSame = (results: readonly HostResult[]): { name: string; result: HostResult }[] =>
  [...new Set(results.map(({ same }) => same))].map((same) => {
    const alike = results.filter((result) => result.same === same);
    const slowest = alike.reduce((a, b) => (a.seconds >= b.seconds ? a : b));
    return { name: hostRanges(alike.map(({ host }) => host)), result: slowest };
  });

const row = (name: string, result: HostResult, paint: Paint): string[] => {
  const { same, changed, skipped, seconds, reboot, state } = result;
  const failed = isFailure(result) && state !== 'stopped' ? 1 : 0;
  const shown = (n: number, colour: (text: string) => string) => (n > 0 ? colour(`${n}`) : paint.quiet('0'));
  return [
    failed > 0 ? paint.bad(name) : name,
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

const warningLines = (warnings: SummaryInput['warnings'], paint: Paint): string[] => {
  const folded = byText(warnings.map(({ host, message }) => ({ host, text: printable(message) })));
  if (folded.length === 0) return [];
  return [
    '',
    paint.careful('Warnings (checks: warn)'),
    ...folded.map(([text, hosts]) => `  ${hostRanges(hosts)}: ${text}`),
  ];
};

/** Hosts that failed alike are shown once, as hosts that change alike are. */
const failureLines = (results: readonly HostResult[], width: number, paint: Paint): string[] => {
  const alike = new Map<string, { readonly result: HostResult; readonly hosts: string[] }>();
  for (const result of results.filter(isFailure)) {
    const { host, state, problems } = result;
    const key = JSON.stringify([
      state,
      problems.map(({ where, ...problem }) => ({
        ...problem,
        where: { ...where, host: where?.host === host },
      })),
    ]);
    const group = alike.get(key);
    if (group) group.hosts.push(host);
    else alike.set(key, { result, hosts: [host] });
  }
  return [...alike.values()].flatMap(({ result: { host, state, problems }, hosts }) => {
    const task = problems[0]?.where?.task;
    const at = task ? `, task "${printable(task)}"` : '';
    const known = { host, ...(task !== undefined && { task }) };
    return [
      '',
      `${paint.bad(state.toUpperCase())} ${paint.strong(hostRanges(hosts))}${at}`,
      ...problems.flatMap((problem) =>
        problemLines(problem, { paint, known, width: width - 2 }).map((line) => `  ${line}`),
      ),
    ];
  });
};

const nextLines = (results: readonly HostResult[], planCommand: string, paint: Paint): string[] => {
  const reboots = byText(
    results.flatMap(({ host, reboot }) => reboot.map((text) => ({ host, text: printable(text) }))),
  );
  const rebooting = results.filter(({ reboot }) => reboot.length > 0).map(({ host }) => host);
  const failures = results.filter(isFailure);
  if (reboots.length === 0 && failures.length === 0) return [];
  const again = failures.every(({ state }) => state === 'stopped')
    ? 'run the same again to do the rest'
    : 'mend what is shown above and run the same again; only what is missing is done';
  return [
    '',
    paint.strong('Next'),
    ...(failures.length > 0 ? [`  ${again}`] : []),
    ...(reboots.length > 0 ? [`  reboot ${hostRanges(rebooting)} when nothing is being sealed there:`] : []),
    ...reboots.map(([text, hosts]) =>
      reboots.length > 1 || hosts.length !== rebooting.length
        ? `    ${hostRanges(hosts)}: ${text}`
        : `    ${text}`,
    ),
    ...(reboots.length > 0 ? [`  then see that nothing is left: ${planCommand}`] : []),
  ];
};
