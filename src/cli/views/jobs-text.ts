import { groupBy } from '../../core/group-by.ts';
import { count, formatSeconds } from '../../core/units.ts';
import { stageOrder } from '../../lotus/stage-durations.ts';
import { durationText } from '../../ops/jobs/jobs.ts';
import { fittingTable } from '../text/fitting-table.ts';
import { hostRanges } from '../text/host-ranges.ts';
import type { Paint } from '../text/paint.ts';
import { table } from '../text/table.ts';
import { displayWidth, printable, truncate, wrap, wrapAround } from '../text/width.ts';
import { SYMBOLS } from './item-text.ts';
import type { JobDocument, JobsDocument } from './jobs-document.ts';
import { isWaiting } from './jobs-document.ts';

export interface JobsTextOptions {
  readonly paint: Paint;
  /** Columns. */
  readonly width: number;
  /** Every task, however many there are. */
  readonly full: boolean;
}

/** So many tasks are listed one by one without being asked for. */
const FEW = 20;
/** Troubles of one kind and stage that are told each. */
const TOLD = 10;

/** The tasks as lines: what is late first, then by stage, then by host and stage; one by one where they are few. */
export const jobsLines = (document: JobsDocument, options: JobsTextOptions): string[] => {
  const { paint, width, full } = options;
  const { jobs } = document;
  const isFew = full || jobs.length <= FEW;
  return [
    ...wrap(`${paint.strong(document.miner)}: ${summary(document)}`, width, 2),
    ...section(troubleLines(document, options)),
    ...section(stageTable(jobs, options)),
    ...(isFew ? listLines(jobs, options) : section(hostTable(jobs, options))),
    ...(isFew
      ? []
      : ['', ...wrap(paint.quiet('--full lists every task, --late those that are late'), width)]),
  ];
};

const section = (lines: readonly string[]): string[] => (lines.length === 0 ? [] : ['', ...lines]);

const summary = ({ jobs, all, counts, minerHost }: JobsDocument): string => {
  const hosts = new Set(jobs.map(({ host, told }) => host ?? told)).size;
  if (all === 0) return `${minerHost} has given out no task`;
  if (jobs.length === 0) return `none of the ${count(all, 'task')} of ${minerHost}`;
  return [
    `${count(jobs.length, 'task')}${jobs.length < all ? ` of ${all}` : ''} at ${count(hosts, 'host')}`,
    ...(counts.waiting > 0 ? [`${counts.waiting} not begun`] : []),
    ...(counts.lost > 0 ? [`${counts.lost} at no known worker`] : []),
    counts.late > 0 ? `${counts.late} late` : 'none late',
  ].join(', ');
};

/** `p1-50 P1-3`, as far as it is known. */
const placeText = ({ host, told, process, task }: JobDocument): string => {
  const at =
    host ?? (told === '' ? 'a worker that does not tell its host' : `${told} (not in the inventory)`);
  return process === null ? at : `${at} ${process === task ? '' : process}`.trim();
};

const troubleLines = (
  { jobs, workersUnknown, minerHost }: JobsDocument,
  { paint, width, full }: JobsTextOptions,
): string[] => {
  const all = jobs.flatMap((job) => job.troubles.map((trouble) => ({ job, trouble })));
  const sorted = [
    ...all.filter(({ trouble }) => trouble.severity === 'bad'),
    ...all.filter(({ trouble }) => trouble.severity === 'warn'),
  ];
  const groups = [
    ...groupBy(sorted, ({ job, trouble }) => `${trouble.severity} ${trouble.kind} ${job.task}`).values(),
  ];
  const lines = groups.flatMap((group) => {
    const oldest = group.toSorted((a, b) => b.job.seconds - a.job.seconds);
    const shown = full ? oldest : oldest.slice(0, TOLD);
    const left = oldest.slice(shown.length);
    const [first] = oldest;
    if (!first) return [];
    const { severity, next, commands = [] } = first.trouble;
    const sign = severity === 'bad' ? paint.bad(SYMBOLS.enforce.sign) : paint.careful(SYMBOLS.warn.sign);
    return [
      ...shown.flatMap(({ job, trouble }) =>
        wrap(
          `${sign} ${job.task} of sector ${job.sector} at ${paint.strong(printable(placeText(job)))}: ${printable(trouble.message)}`,
          width,
          2,
        ),
      ),
      ...(left.length === 0
        ? []
        : wrap(
            `${sign} ${left.length} more of ${first.job.task}: ${hostRanges([...new Set(left.map(({ job }) => placeHost(job)))])}`,
            width,
            2,
          )),
      ...(next === undefined ? [] : wrapAround(`    next: ${next}`, commands, width, 10)),
    ];
  });
  return workersUnknown === null
    ? lines
    : [
        ...lines,
        ...wrap(
          `${paint.careful('?')} it is not known at which processes they are: ${minerHost}: ${printable(workersUnknown)}`,
          width,
          2,
        ),
      ];
};

const placeHost = ({ host, told }: JobDocument): string => host ?? (told === '' ? '?' : printable(told));

const byStage = (jobs: readonly JobDocument[]): readonly (readonly [string, readonly JobDocument[]])[] =>
  [...groupBy(jobs, ({ task }) => task).entries()].toSorted(
    ([a], [b]) => stageOrder(a) - stageOrder(b) || a.localeCompare(b),
  );

/** What of tasks runs, waits, and at the worst. */
const stageTable = (jobs: readonly JobDocument[], { paint, width }: JobsTextOptions): string[] => {
  if (jobs.length === 0) return [];
  const number = (some: readonly JobDocument[]) => (some.length === 0 ? '' : `${some.length}`);
  const stages = byStage(jobs);
  const columns = [
    { title: 'stage' },
    { title: 'running', align: 'right' },
    { title: 'not begun', align: 'right' },
    { title: 'other', align: 'right' },
    { title: 'late', align: 'right' },
    { title: 'oldest', align: 'right', spare: 1 },
    { title: 'expected', spare: 2 },
  ] as const;
  const rows = stages.map(([task, some]) => {
    const running = some.filter(({ state }) => state === 'running');
    const oldest = Math.max(...running.map(({ seconds }) => seconds), Number.NEGATIVE_INFINITY);
    const expected = some[0]?.expected ?? null;
    const late = some.filter(({ troubles }) => troubles.some(({ kind }) => kind === 'late'));
    return [
      task,
      number(running),
      number(some.filter(isWaiting)),
      number(some.filter((job) => job.state !== 'running' && !isWaiting(job))),
      paint.bad(number(late)),
      running.length === 0 ? '' : formatSeconds(oldest),
      expected === null ? '' : durationText(expected),
    ];
  });
  return fittingTable(columns, rows, width, paint.quiet);
};

/** Tasks by host and stage, as the handbook counts them (3.7.3); hosts that have the same, once. */
const hostTable = (jobs: readonly JobDocument[], { paint, width }: JobsTextOptions): string[] => {
  const stages = byStage(jobs).map(([task]) => task);
  const rows = [...groupBy(jobs, placeHost).entries()].map(([host, some]) => ({
    host,
    cells: stages.map((task) => cellOf(some.filter((job) => job.task === task))),
  }));
  const alike = [...groupBy(rows, ({ cells }) => cells.join('\t')).values()];
  const lines = alike.map((group) => [hostRanges(group.map(({ host }) => host)), ...(group[0]?.cells ?? [])]);
  const rest = Math.max(20, width - stages.length * 9 - 2);
  const isPlus = rows.some(({ cells }) => cells.some((cell) => cell.includes('+')));
  const isLost = rows.some(({ cells }) => cells.some((cell) => cell.includes('?')));
  const legend = [
    ...(isPlus ? ['+1: not begun'] : []),
    ...(isLost ? ['?1: the result is out, or at no known worker'] : []),
  ];
  return [
    ...table(
      [{ title: 'host' }, ...stages.map((title) => ({ title, align: 'right' as const }))],
      lines.map(([hosts = '', ...cells]) => [
        displayWidth(hosts) > rest ? truncate(hosts, rest) : hosts,
        ...cells,
      ]),
      paint.quiet,
    ),
    ...(legend.length === 0 ? [] : wrap(paint.quiet(legend.join(', ')), width)),
  ];
};

/** `14`, with what has not begun (`+2`), and what no worker is known to have (`?1`). */
const cellOf = (jobs: readonly JobDocument[]): string => {
  const running = jobs.filter(({ state }) => state === 'running').length;
  const waiting = jobs.filter(isWaiting).length;
  const other = jobs.length - running - waiting;
  return [
    ...(running > 0 ? [`${running}`] : []),
    ...(waiting > 0 ? [`+${waiting}`] : []),
    ...(other > 0 ? [`?${other}`] : []),
  ].join(' ');
};

const LISTED = [
  { title: 'sector', align: 'right' },
  { title: 'host' },
  { title: 'process' },
  { title: 'state', spare: 1 },
  { title: 'age', align: 'right' },
  { title: '' },
] as const;

/** Every task, by stage. */
const listLines = (jobs: readonly JobDocument[], { paint, width }: JobsTextOptions): string[] =>
  byStage(jobs).flatMap(([task, some]) => {
    const late = some.filter(({ troubles }) => troubles.length > 0);
    const head = `${paint.strong(task)}  ${count(some.length, 'task')}${late.length > 0 ? `, ${paint.bad(`${late.length} in trouble`)}` : ''}`;
    // Where lotus-miner tells no process at all, a column of question marks says nothing.
    const isTold = some.some(({ process }) => process !== null);
    const rows = some.map((job) => [
      `${job.sector}`,
      printable(placeHost(job)),
      isTold ? (job.process ?? '?') : '',
      job.state,
      formatSeconds(job.seconds),
      paint.bad(job.troubles.map(({ kind }) => kind).join(', ')),
    ]);
    return ['', head, ...fittingTable(LISTED, rows, width - 2, paint.quiet).map((line) => `  ${line}`)];
  });
