import { groupBy } from '../../core/group-by.ts';
import { count, formatSeconds } from '../../core/units.ts';
import type { HostResult, HostState } from '../../engine/events.ts';
import type { VersionHosts } from '../../ops/upgrade/versions.ts';
import type { AddressBook } from '../text/addresses.ts';
import { addressesAt } from '../text/addresses.ts';
import { hostRanges } from '../text/host-ranges.ts';
import type { Paint } from '../text/paint.ts';
import { painter } from '../text/paint.ts';
import { table } from '../text/table.ts';
import { flow, printable, wrap } from '../text/width.ts';
import type { Words } from '../text/words.ts';
import type { Failure } from './failures.ts';
import { failureLines, trustAdvice, typedLines } from './failures.ts';
import { idleText } from './item-text.ts';
import { problemDocument } from './problem-document.ts';
import { oldProcesses, runsSince } from './restarts.ts';

/** From this many hosts on that ended alike, they share one row of the table. */
const FOLD_FROM = 5;
/** Columns that count where there is no terminal: a log of lines without end is read by nobody. */
const LOG_WIDTH = 96;

export interface SummaryInput {
  readonly results: readonly HostResult[];
  readonly seconds: number;
  /** Of an upgrade: who is on which version of a program; null: it is not known. */
  readonly versions?: readonly VersionHosts[];
  /** Failed checks that stopped nothing, by host. */
  readonly warnings: readonly { readonly host: string; readonly message: string }[];
  /** The command that shows what is left: `fcops plan p1 --miner f0494733`. */
  readonly planCommand: string;
  /** The command that shows and records the keys of hosts. */
  readonly trustCommand: (hosts: readonly string[]) => string;
  readonly addresses: AddressBook;
  /** The command that shows all that this run has kept of its failures. */
  readonly wholeCommand: string;
  /** The command that takes up what this run has left. */
  readonly resumeCommand: string;
  /** Typed again it would do all of it again, such as reboots: only what takes up this run does what is left. */
  readonly repeats?: boolean;
  /** The command that starts processes of hosts which do not run. */
  readonly startCommand: (hosts: readonly string[]) => string;
  /** The command that reboots hosts; `drain`: when their tasks have ended. */
  readonly rebootCommand: (hosts: readonly string[], drain: boolean) => string;
  /** The command that starts these processes of hosts anew. */
  readonly restartCommand: (hosts: readonly string[], processes: readonly string[]) => string;
  /** The command that asks hosts what runs there. */
  readonly statusCommand: (hosts: readonly string[]) => string;
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
    ...resultTable(results, width, paint),
    '',
    ...wrap(totalLine(results, seconds, paint), width, 2),
    ...versionLines(input.versions ?? [], width, paint),
    ...warningLines(warnings, width, paint),
    ...failureLines(failuresOf(input), { width, paint, wholeCommand: input.wholeCommand }),
    ...nextLines(input, paint),
    '',
  ].join('\n');
};

/** `lotus-worker 1.11.1-39c692f52: c2-[10:12]`, and those of which it is not known. */
const versionLines = (versions: readonly VersionHosts[], width: number, paint: Paint): string[] => {
  const lines = versions.flatMap(({ program, on }) =>
    on.flatMap(({ version, hosts }) => {
      const names = hostRanges(hosts);
      return version === null
        ? wrap(`${program}, not known, see fcops status: ${names}`, width, 4).map(paint.bad)
        : wrap(`${program} ${version}: ${names}`, width, 4);
    }),
  );
  return lines.length === 0 ? [] : ['', paint.strong('Versions'), ...lines.map((line) => `  ${line}`)];
};

const isFailure = ({ state }: HostResult): boolean => state !== 'same' && state !== 'changed';

const failuresOf = ({ results, words, addresses }: SummaryInput): Failure[] =>
  results.filter(isFailure).map(({ host, state, problems }) => ({
    host,
    ...addressesAt(addresses, host),
    state,
    problems: problems.map((problem) => problemDocument(problem, words)),
  }));

/** One row a host, or for many that ended alike; names take no more than a third of the width. */
const resultTable = (results: readonly HostResult[], width: number, paint: Paint): string[] => {
  const alike = groupBy(results, rowKey);
  const rows = results.flatMap((result) => {
    const group = alike.get(rowKey(result)) ?? [];
    if (group.length < FOLD_FROM) return [{ names: [result.host], result }];
    if (group[0] !== result) return [];
    // The time of the slowest says how long it took.
    const seconds = Math.max(...group.map((one) => one.seconds));
    return [{ names: hostRanges(group.map(({ host }) => host)).split(', '), result: { ...result, seconds } }];
  });
  const third = Math.floor((Number.isFinite(width) ? width : LOG_WIDTH) / 3);
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
    rows.flatMap(({ names, result }) => {
      const [first = '', ...more] = flow(names, ', ', third);
      return [row(first, result, paint), ...more.map((line) => [badName(line, result, paint)])];
    }),
    paint.quiet,
  );
};

const rowKey = ({ state, same, changed, skipped, reboot, restart }: HostResult): string =>
  JSON.stringify([state, same, changed, skipped, reboot.length > 0, restart.length > 0]);

const badName = (name: string, result: HostResult, paint: Paint): string =>
  isFailure(result) && result.state !== 'stopped' ? paint.bad(name) : name;

const row = (name: string, result: HostResult, paint: Paint): string[] => {
  const { same, changed, skipped, seconds, reboot, restart, state } = result;
  const failed = state === 'failed' ? 1 : 0;
  const shown = (n: number, colour: (text: string) => string) => (n > 0 ? colour(`${n}`) : paint.quiet('0'));
  return [
    badName(name, result, paint),
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
  const folded = byText(warnings.map(({ host, message }) => ({ host, text: message })));
  if (folded.length === 0) return [];
  return [
    '',
    paint.careful('Warnings'),
    ...folded.flatMap(([text, hosts]) => {
      const [first = '', ...more] = text.split('\n').map(printable);
      return [
        ...wrap(`  ${hostRanges(hosts)}: ${first}`, width, 2),
        ...more.flatMap((line) => wrap(`    ${line}`, width, 2)),
      ];
    }),
  ];
};

/** Commands are not broken: they are there to be copied. */
const COMMAND_INDENT = ' '.repeat(6);

const nextLines = (input: SummaryInput, paint: Paint): string[] => {
  const { results, planCommand, trustCommand, width } = input;
  const failures = results.filter(isFailure);
  const prose = (lines: readonly string[]) =>
    lines.flatMap((line) => (line.startsWith(COMMAND_INDENT) ? [line] : wrap(line, width, 2)));
  const lines = [
    ...trustAdvice(failuresOf(input), trustCommand).flatMap((one) => typedLines(one, width)),
    ...prose(againLines(failures, input)),
    ...prose(rebootLines(results, input.rebootCommand)),
    ...(results.some(({ reboot }) => reboot.length > 0)
      ? typedLines({ says: 'then see that nothing is left', command: planCommand }, width)
      : []),
    ...prose(restartLines(input)),
    ...prose(idleLines(input)),
  ];
  return lines.length === 0 ? [] : ['', paint.strong('Next'), ...lines];
};

const isStopped = ({ state }: HostResult): boolean => state === 'stopped';

const againLines = (
  failures: readonly HostResult[],
  { results, resumeCommand, repeats = false }: Pick<SummaryInput, 'results' | 'resumeCommand' | 'repeats'>,
): string[] => {
  if (failures.length === 0) return [];
  const isMoved = ({ problems }: HostResult) => problems.some(({ kind }) => kind === 'moved');
  const moved = failures.filter(isMoved).map(({ host }) => host);
  if (moved.length > 0) {
    // The same command is refused again: a saved plan that does not fit a host any more never will.
    const others = failures.filter((failure) => !isMoved(failure));
    const anew = `  make the plan of ${hostRanges(moved)} anew, and have it reviewed`;
    const command = `${resumeCommand} --partial`;
    if (others.length === 0) return [anew];
    return others.every(isStopped)
      ? [`${anew}; the others alone:`, `${COMMAND_INDENT}${command}`]
      : [anew, ...againLines(others, { results, resumeCommand: command, repeats })];
  }
  // What has the hosts is told above, with what to do about it; to take up this run would find the same again.
  const locked = ({ problems }: HostResult) => problems.some(({ kind }) => kind === 'locked');
  const rest = [`${COMMAND_INDENT}${resumeCommand}`];
  // What is refused is refused again as it was asked for, and nothing of it is done.
  if (results.every(({ state }) => state === 'blocked') && !failures.every(locked))
    return ['  fix what is shown above and run the same again'];
  if (repeats) {
    const first = failures.every(locked)
      ? 'when the other run has ended, do the rest'
      : failures.every(isStopped)
        ? 'to do the rest'
        : 'fix what is shown above, then do the rest';
    return [`  ${first}; the same typed anew does all of it again:`, ...rest];
  }
  if (failures.every(locked)) return ['  when the other run has ended, run the same again'];
  return failures.every(isStopped)
    ? ['  run the same again to do the rest, or:', ...rest]
    : [
        '  fix what is shown above and run the same again; only what is missing is done. The rest alone:',
        ...rest,
      ];
};

/** When a machine may be started anew: where none of its processes runs there is nothing to wait for. */
const rebootLines = (
  results: readonly HostResult[],
  rebootCommand: SummaryInput['rebootCommand'],
): string[] => {
  const reboots = byText(
    results.flatMap(({ host, reboot }) => reboot.map((text) => ({ host, text: printable(text) }))),
  );
  const rebooting = results.filter(({ reboot }) => reboot.length > 0);
  if (reboots.length === 0) return [];
  const names = (hosts: readonly HostResult[]) => hostRanges(hosts.map(({ host }) => host));
  const commandOf = (hosts: readonly HostResult[], drain: boolean) =>
    `${COMMAND_INDENT}${rebootCommand(
      hosts.map(({ host }) => host),
      drain,
    )}`;
  const idle = rebooting.filter((result) => result.idle.length > 0);
  const busy = rebooting.filter((result) => result.idle.length === 0);
  return [
    ...(idle.length > 0 ? [`  reboot ${names(idle)}: none of the processes there runs`] : []),
    ...(busy.length > 0
      ? [`  reboot ${names(busy)}; --drain has its tasks end first, however long they take`]
      : []),
    ...reboots.map(([text, hosts]) =>
      reboots.length > 1 || hosts.length !== rebooting.length
        ? `    ${hostRanges(hosts)}: ${text}`
        : `    ${text}`,
    ),
    ...(idle.length > 0 ? [commandOf(idle, false)] : []),
    ...(busy.length > 0 ? [commandOf(busy, true)] : []),
  ];
};

/** What runs on with something older than what is there, and what a restart of it ends: hours of a task, or a proof. */
const restartLines = ({ results, restartCommand, statusCommand, words }: SummaryInput): string[] => {
  const old = oldProcesses(results);
  if (old.length === 0) return [];
  const owing = results.filter(({ restart }) => restart.length > 0);
  const restarting = groupBy(owing, ({ restart }) => JSON.stringify(restart.map(({ process }) => process)));
  const isMiner = old.every(({ processes }) => processes.every((name) => MINER_PROCESSES.has(name)));
  return [
    `  nothing is restarted by itself. These run with what they were started with, and ${
      isMiner
        ? 'a restart loses the proofs that lotus-miner is at or has not sent yet:'
        : 'a restart ends the task that a process is at, with its hours:'
    }`,
    ...old.map(
      ({ hosts, processes, reasons, since }) =>
        `    ${hostRanges(hosts)}  ${hostRanges(processes)}: ${reasons.map(printable).join('; ')}; ${runsSince({ since, several: hosts.length + processes.length > 2 }, words.since)}`,
    ),
    '  the number of each process, and since when it runs:',
    `${COMMAND_INDENT}${statusCommand(owing.map(({ host }) => host))}`,
    isMiner
      ? '  to start them anew; it is refused where a proof would be lost, and --wait-for-window waits for a gap:'
      : '  to start them anew; it is refused while one of them has a task, whose end --drain waits for:',
    ...[...restarting.values()].map(
      (ones) =>
        `${COMMAND_INDENT}${restartCommand(
          ones.map(({ host }) => host),
          (ones[0]?.restart ?? []).map(({ process }) => process),
        )}`,
    ),
  ];
};

/** What a miner host runs: it has no other role. */
const MINER_PROCESSES: ReadonlySet<string> = new Set(['lotus', 'lotus-miner']);

/** Hosts that have all they need, and of whose processes none runs. */
const idleLines = ({ results, startCommand }: SummaryInput): string[] => {
  const ready = results.filter(
    (result) => !isFailure(result) && result.idle.length > 0 && result.reboot.length === 0,
  );
  if (ready.length === 0) return [];
  const hosts = ready.map(({ host }) => host);
  return [
    ...[...groupBy(ready, ({ idle }) => idle.length)].map(
      ([processes, ones]) =>
        `  ${hostRanges(ones.map(({ host }) => host))}: ${idleText(processes, ones.length)}`,
    ),
    '  to start what does not run:',
    `${COMMAND_INDENT}${startCommand(hosts)}`,
  ];
};
