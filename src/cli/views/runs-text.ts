import { count } from '../../core/units.ts';
import type { LastSeen, PastRun } from '../../engine/runs/history.ts';
import { hostRanges } from '../text/host-ranges.ts';
import type { Paint } from '../text/paint.ts';
import { table } from '../text/table.ts';
import { displayWidth, printable, wrap } from '../text/width.ts';
import type { Words } from '../text/words.ts';
import { askedText, whatOf } from './asked-text.ts';
import { failureLines } from './failures.ts';
import { problemDocument } from './problem-document.ts';

/**
 * `not confirmed`: it asks before it changes anything, and could not; nothing was changed. `broken off`: its controller was
 * killed, and what became of it on the hosts is not known here.
 */
export type RunState =
  | 'running'
  | 'done'
  | 'failed'
  | 'declined'
  | 'not confirmed'
  | 'interrupted'
  | 'broken off';

/** How a run stands. */
export const stateOf = ({ result, alive }: PastRun): RunState => {
  if (result) return result.state === 'unasked' ? 'not confirmed' : result.state;
  return alive ? 'running' : 'broken off';
};

interface RunsTextOptions {
  readonly paint: Paint;
  readonly width: number;
  readonly since: (stamp: string) => string;
}

/** Runs as a table; two lines each where that is too wide. */
export const runsText = (runs: readonly PastRun[], { paint, width, since }: RunsTextOptions): string[] => {
  const rows = runs.map((run) => {
    const { record } = run;
    return {
      run: record.run,
      what: whatOf(record),
      hosts: record.hosts.length,
      who: printable(record.who),
      when: since(record.since),
      end: endText(run, paint),
    };
  });
  const wide = table(
    [
      { title: 'run' },
      { title: 'what' },
      { title: 'hosts', align: 'right' },
      { title: 'who' },
      { title: 'when' },
      { title: 'how it ended' },
    ],
    rows.map(({ run, what, hosts, who, when, end }) => [run, what, `${hosts}`, who, when, end]),
    paint.quiet,
  );
  if (wide.every((line) => displayWidth(line) <= width)) return wide;
  return rows.flatMap(({ run, what, hosts, who, when, end }) => [
    ...wrap(`${paint.strong(run)}  ${end}`, width, 2),
    ...wrap(`  ${what}, ${count(hosts, 'host')}, by ${who}, ${when}`, width, 2),
  ]);
};

const COLOURS: Readonly<Record<RunState, keyof Paint>> = {
  running: 'info',
  done: 'good',
  declined: 'quiet',
  'not confirmed': 'quiet',
  interrupted: 'careful',
  failed: 'bad',
  'broken off': 'bad',
};

const endText = (run: PastRun, paint: Paint): string => {
  const state = stateOf(run);
  const colour = paint[COLOURS[state]];
  const failed =
    run.result?.results.filter((one) => one.state !== 'same' && one.state !== 'changed').length ?? 0;
  const of = failed > 0 ? `, ${failed} of ${count(run.result?.results.length ?? 0, 'host')}` : '';
  const why = state === 'not confirmed' ? ': without --yes, and with nobody to ask' : '';
  const resumed = run.resumedBy === null ? '' : paint.quiet(`, taken up by ${run.resumedBy}`);
  return `${colour(state)}${why}${of}${resumed}`;
};

/** What is known here of a host of a run. */
export interface HostRow {
  readonly host: string;
  /** State of its result; null where the run did not end for it. */
  readonly state: string | null;
  /** What is known, in words. */
  readonly known: string;
}

/** What is known of each host: its result, or what it was at when the journal was last written. */
export const hostRows = ({ result, alive }: PastRun, seen: readonly LastSeen[]): HostRow[] =>
  seen.map((last) => {
    const { host } = last;
    const own = result?.results.find((one) => one.host === host);
    if (own) return { host, state: own.state, known: `${count(own.changed, 'change')} made` };
    if (last.ended !== null) return { host, state: last.ended, known: 'it had ended' };
    if (result) return { host, state: null, known: 'nothing was done to it' };
    return { host, state: null, known: atText(last, alive) };
  });

const atText = ({ stage, step }: LastSeen, alive: boolean): string => {
  if (stage === null) return alive ? 'not begun' : 'not begun: nothing was done to it';
  const at = step === null ? `at ${stage}` : `at ${stage}, step ${step.step} of ${step.steps}: ${step.title}`;
  if (alive) return at;
  const harmless = stage === 'connect' || stage === 'look';
  return harmless ? `was ${at}: nothing was done to it` : `was ${at}; what became of it is not known here`;
};

interface RunTextOptions {
  readonly paint: Paint;
  readonly width: number;
  readonly words: Words;
}

const NOT_CONFIRMED =
  '  nothing was changed: its plan has to be agreed to, on a terminal and without --output json, or by --yes';

/** One run, host by host: those alike in one line. */
export const runText = (
  run: PastRun,
  rows: readonly HostRow[],
  { paint, width, words }: RunTextOptions,
): string[] => {
  const { record, result } = run;
  const { saved } = record.request;
  // Hosts, tags and the start of a saved plan stand in it.
  const asked = saved ? `${whatOf(record)}, the plan ${printable(saved.file)}` : askedText(record);
  const alike = new Map<string, { readonly row: HostRow; readonly hosts: string[] }>();
  for (const row of rows) {
    const key = JSON.stringify([row.state, row.known]);
    const before = alike.get(key);
    if (before) before.hosts.push(row.host);
    else alike.set(key, { row, hosts: [row.host] });
  }
  const failures = (result?.results ?? [])
    .filter(({ problems }) => problems.length > 0)
    .map(({ host, state, problems }) => ({
      host,
      address: '',
      state,
      problems: problems.map((problem) => problemDocument(problem, words)),
    }));
  return [
    `${paint.strong(record.run)}  ${endText(run, paint)}`,
    ...wrap(
      `  ${asked}; by ${printable(record.who)} with fcops ${record.version}, since ${words.since(record.since)}`,
      width,
      2,
    ),
    ...(record.resumes === undefined ? [] : [`  takes up ${record.resumes}`]),
    ...(record.undoes === undefined ? [] : [`  rolls back ${record.undoes}`]),
    ...(stateOf(run) === 'not confirmed' ? wrap(NOT_CONFIRMED, width, 2) : []),
    '',
    ...table(
      [{ title: 'host' }, { title: 'state' }, { title: 'what is known' }],
      [...alike.values()].map(({ row, hosts }) => [
        hostRanges(hosts),
        row.state ?? '?',
        printable(row.known),
      ]),
      paint.quiet,
    ),
    ...failureLines(failures, { width, paint, whole: true }),
  ];
};
