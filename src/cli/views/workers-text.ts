import { groupBy } from '../../core/group-by.ts';
import { count, formatSeconds } from '../../core/units.ts';
import { stageOrder } from '../../lotus/stage-durations.ts';
import { addressText } from '../text/addresses.ts';
import { fittingTable } from '../text/fitting-table.ts';
import { hostRanges } from '../text/host-ranges.ts';
import type { Paint } from '../text/paint.ts';
import { printable, truncate, wrap, wrapAround } from '../text/width.ts';
import { adviceAsOne, adviceForAll } from './advice-for-all.ts';
import { SYMBOLS } from './item-text.ts';
import { ownNumber } from './own-number.ts';
import type { WorkerDocument, WorkersDocument, WorkersHostDocument } from './workers-document.ts';

export interface WorkersTextOptions {
  readonly paint: Paint;
  /** Columns. */
  readonly width: number;
  /** Every process of every host. */
  readonly full: boolean;
}

/** The workers as lines: what is wrong first, then by role and host; hosts that have the same, once. */
export const workersLines = (document: WorkersDocument, options: WorkersTextOptions): string[] => {
  const { paint, width, full } = options;
  const trouble = [...troubleLines(document, options), ...unknownLines(document, options)];
  const isOne = document.hosts.length === 1;
  return [
    ...wrap(`${paint.strong(document.miner)}: ${summary(document)}`, width, 2),
    ...(trouble.length === 0 ? [] : ['', ...trouble]),
    ...[...groupBy(document.hosts, ({ roles }) => roles.join(' + ')).entries()].flatMap(([roles, hosts]) => [
      '',
      ...(full || isOne
        ? hosts.flatMap((host) => hostLines(host, options))
        : hostTable(roles, hosts, options)),
    ]),
    ...strangerLines(document, options),
  ];
};

const summary = ({ counts, troubles, minerHost }: WorkersDocument): string =>
  [
    `${counts.registered} of ${count(counts.processes, 'worker')} registered at ${minerHost}`,
    ...(counts.strangers > 0 ? [`${counts.strangers} of no host of the inventory`] : []),
    troubles.length === 0 ? 'no trouble' : count(troubles.length, 'trouble'),
  ].join(', ');

const unknownLines = (
  { jobsUnknown, minerHost }: WorkersDocument,
  { paint, width }: WorkersTextOptions,
): string[] =>
  jobsUnknown === null
    ? []
    : wrap(
        `${paint.careful('?')} it is not known what they are at: ${minerHost}: ${printable(jobsUnknown)}`,
        width,
        2,
      );

/** What is alike once, with all of its hosts and processes. */
const troubleLines = (
  { troubles }: WorkersDocument,
  { paint, width, full }: WorkersTextOptions,
): string[] => {
  const byHost = [
    ...groupBy(troubles, ({ severity, kind, host, message }) =>
      JSON.stringify([severity, kind, host, message]),
    ).values(),
  ].flatMap((ones) => {
    const [first] = ones;
    if (!first) return [];
    const nexts = ones.map(({ next = '', process }) => ({ text: next, number: ownNumber(process ?? '') }));
    return [
      {
        ...first,
        processes: ones.flatMap(({ process }) => process ?? []),
        ...(first.next !== undefined && { next: adviceAsOne(nexts) }),
      },
    ];
  });
  const alike = groupBy(byHost, ({ severity, kind, message, processes }) =>
    JSON.stringify([severity, kind, message, processes]),
  );
  return [...alike.values()].flatMap((ones) => {
    const [first] = ones;
    if (!first) return [];
    const { severity, message, processes } = first;
    const advice = full || severity === 'bad' ? adviceForAll(ones) : undefined;
    const hosts = ones.flatMap(({ host }) => host ?? []);
    const about = [
      ...(hosts.length > 0 ? [hostRanges(hosts)] : []),
      ...(processes.length > 0 ? [hostRanges(processes)] : []),
    ].join(': ');
    const sign = severity === 'bad' ? paint.bad(SYMBOLS.enforce.sign) : paint.careful(SYMBOLS.warn.sign);
    return [
      ...wrap(
        `${sign} ${about === '' ? '' : `${paint.strong(printable(about))}: `}${printable(message)}`,
        width,
        2,
      ),
      ...(advice === undefined ? [] : wrapAround(`    next: ${advice.text}`, advice.commands, width, 10)),
    ];
  });
};

const workersOf = ({ processes, beside }: WorkersHostDocument): readonly WorkerDocument[] => [
  ...processes.flatMap(({ workers }) => workers),
  ...beside,
];

const runningOf = (workers: readonly WorkerDocument[]) =>
  workers.flatMap(({ jobs }) => jobs ?? []).filter(({ state }) => state === 'running');

/** `PC1 × 14, PC2 × 1` */
const atWork = (workers: readonly WorkerDocument[]): string =>
  [...groupBy(runningOf(workers), ({ task }) => task).entries()]
    .toSorted(([a], [b]) => stageOrder(a) - stageOrder(b) || a.localeCompare(b))
    .map(([task, jobs]) => `${task} × ${jobs.length}`)
    .join(', ');

/** Hosts by how many of their workers are there, and what these are at (handbook 3.7.1). */
const hostTable = (
  roles: string,
  hosts: readonly WorkersHostDocument[],
  { paint, width }: WorkersTextOptions,
): string[] => {
  const rows = hosts.map((host) => {
    const workers = workersOf(host);
    const disabled = workers.filter((worker) => worker.disabled).length;
    const all = `${host.registered} of ${host.processes.length}`;
    return {
      host: host.host,
      cells: [
        host.registered < host.processes.length ? paint.bad(all) : all,
        disabled > 0 ? paint.bad(`${disabled}`) : '',
        atWork(workers),
        usageText(workers),
      ],
    };
  });
  const alike = [...groupBy(rows, ({ cells }) => cells.join('\t')).values()];
  const lines = alike.map((group) => [hostRanges(group.map(({ host }) => host)), ...(group[0]?.cells ?? [])]);
  const columns = [
    { title: roles },
    { title: 'registered' },
    { title: 'disabled' },
    { title: 'at work', spare: 1 },
    { title: 'used', spare: 2 },
  ];
  return fittingTable(
    columns,
    lines.map(([first = '', ...cells]) => [truncate(first, Math.max(16, width - 50)), ...cells]),
    width,
    paint.quiet,
  );
};

/** What lotus-miner says of a machine: every worker of it says the same of its memory, so the most is told. */
const usageText = (workers: readonly WorkerDocument[]): string => {
  const ram = workers.flatMap((worker) => worker.ram ?? []).toSorted((a, b) => b.percent - a.percent)[0];
  const gpus = workers.flatMap((worker) => worker.gpus);
  return [
    ...(ram ? [`RAM ${ram.percent} %`] : []),
    ...(gpus.length > 0 ? [gpus.some(({ used }) => used === true) ? 'GPU used' : 'GPU not used'] : []),
  ].join(', ');
};

/** A host process by process. */
const hostLines = (host: WorkersHostDocument, options: WorkersTextOptions): string[] => {
  const { paint } = options;
  const untold = host.processes.filter(({ state }) => state === 'unknown');
  const rows = [
    ...host.processes
      .filter(({ state }) => state !== 'unknown')
      .flatMap((process) =>
        process.workers.length === 0
          ? [[process.name, paint.bad('not registered'), '', '', '', '']]
          : process.workers.map((worker) => [process.name, ...workerCells(worker, paint)]),
      ),
    // Which of them is which worker, this lotus-miner does not tell.
    ...(untold.length === 0
      ? []
      : [
          [
            hostRanges(untold.map(({ name }) => name)),
            paint.careful(`${host.registered} registered`),
            '',
            '',
            '',
            '',
          ],
        ]),
    ...host.beside.map((worker) => ['?', ...workerCells(worker, paint)]),
  ];
  return [
    `${paint.strong(printable(host.host))}  ${paint.quiet(printable(addressText(host)))}  ${host.registered} of ${count(host.processes.length, 'worker')} registered`,
    ...workerTable('process', rows, options),
  ];
};

const workerCells = (worker: WorkerDocument, paint: Paint): string[] => [
  worker.disabled
    ? paint.bad('disabled')
    : worker.paused !== null && worker.paused.length > 0
      ? paint.careful(`paused: ${printable(worker.paused.join(', '))}`)
      : 'registered',
  worker.jobs === null
    ? '?'
    : worker.jobs
        .map(
          ({ task, sector, state, seconds }) =>
            `${task} of ${sector} (${state === 'running' ? formatSeconds(seconds) : state})`,
        )
        .join(', '),
  (worker.takes ?? []).join(' '),
  [
    ...(worker.cores === null
      ? []
      : [`CPU ${worker.cores.used}${worker.cores.total === null ? '' : `/${worker.cores.total}`}`]),
    ...(worker.ram === null ? [] : [`RAM ${worker.ram.percent} %`]),
    ...(worker.gpus.length === 0
      ? []
      : [
          `${worker.gpus.length === 1 ? '' : `${worker.gpus.length} × `}${printable(worker.gpus[0]?.name ?? '')} ${gpuUse(worker)}`.trimEnd(),
        ]),
  ].join(', '),
  worker.id.slice(0, 8),
];

/** lotus-miner says the same of all GPUs of a worker. */
const gpuUse = ({ gpus: [gpu] }: WorkerDocument): string =>
  gpu === undefined || gpu.used === null ? '' : gpu.used ? 'used' : 'not used';

/** Columns that say nothing of any worker are left out. */
const workerTable = (
  first: string,
  rows: readonly (readonly string[])[],
  { paint, width }: WorkersTextOptions,
): string[] => {
  const columns = [
    { title: first },
    { title: 'state' },
    { title: 'at work' },
    { title: 'takes', spare: 2 },
    { title: 'used', spare: 1 },
    { title: 'worker', spare: 3 },
  ];
  return fittingTable(columns, rows, width - 2, paint.quiet).map((line) => `  ${line}`);
};

const strangerLines = ({ strangers }: WorkersDocument, options: WorkersTextOptions): string[] =>
  strangers.length === 0
    ? []
    : [
        '',
        options.paint.strong('not in the inventory'),
        ...workerTable(
          'host',
          strangers.map((worker) => [printable(worker.told) || '?', ...workerCells(worker, options.paint)]),
          options,
        ),
      ];
