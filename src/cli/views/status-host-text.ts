import { formatBytes, formatSeconds, KiB, MiB } from '../../core/units.ts';
import { addressText } from '../text/addresses.ts';
import type { Paint } from '../text/paint.ts';
import type { Column } from '../text/table.ts';
import { table } from '../text/table.ts';
import { cut, flow, printable, truncate, wrap } from '../text/width.ts';
import type { StatusHostDocument, StatusMount, StatusProcess } from './status-document.ts';

/** How a host is shown. */
export interface HostTextOptions {
  readonly paint: Paint;
  readonly width: number;
  readonly moment: (stamp: string) => string;
}

/** A host process by process, then its pages, GPUs and mounts. */
export const hostLines = (host: StatusHostDocument, options: HostTextOptions): string[] => {
  const { paint, width } = options;
  const by = host.lockedBy && `, ${paint.info(`changed right now by ${printable(host.lockedBy.who)}`)}`;
  return [
    `  ${paint.strong(printable(host.host))}  ${paint.quiet(printable(addressText(host)))}${by ?? ''}`,
    ...processTable(host, options).map((line) => `    ${line}`),
    ...facts(host).flatMap(([name, parts]) =>
      flow(parts, '; ', width - 12).map(
        (line, index) => `    ${paint.quiet((index === 0 ? name : '').padEnd(7))} ${line.trimEnd()}`,
      ),
    ),
  ].flatMap((line) => wrap(line, width, 8));
};

const facts = ({ hugepages, gpus, mounts, backups }: StatusHostDocument): [string, string[]][] => [
  ...(hugepages === null ? [] : [['pages', [pagesText(hugepages)]] as [string, string[]]]),
  ...(gpus.length === 0 ? [] : [['GPUs', gpus.map(gpuText)] as [string, string[]]]),
  ['mounts', mounts.map(mountText)],
  ...(backups === null ? [] : [['backups', [backupsText(backups)]] as [string, string[]]]),
];

const backupsText = ({
  directory,
  newest,
  age,
  count,
}: NonNullable<StatusHostDocument['backups']>): string =>
  newest === null || age === null
    ? `${directory} ${count === 0 ? 'has none' : '?'}`
    : `${directory} newest ${formatSeconds(Math.max(0, age))} old, ${count} in all`;

const pagesText = ({ nodes, wanted }: NonNullable<StatusHostDocument['hugepages']>): string => {
  const sum = (of: 'total' | 'free') => nodes.reduce((all, node) => all + node[of], 0);
  return `${sum('total')} of 1 GiB, ${sum('free')} free; ${wanted} wanted`;
};

const gpuText = (gpu: StatusHostDocument['gpus'][number]): string =>
  [
    `${gpu.address}${gpu.name === null ? '' : ` ${printable(gpu.name)}`}`,
    ...(gpu.busy === null ? [] : [`${gpu.busy} % busy`]),
    ...(gpu.memoryUsed === null || gpu.memoryTotal === null
      ? []
      : [`${formatBytes(gpu.memoryUsed * MiB)} of ${formatBytes(gpu.memoryTotal * MiB)}`]),
    ...(gpu.temperature === null ? [] : [`${gpu.temperature} °C`]),
  ].join(', ');

const mountText = ({ target, state, bytes, freeBytes, why }: StatusMount): string => {
  if (state === 'mounted' && bytes !== undefined && freeBytes !== undefined)
    return `${target} ${formatBytes(freeBytes)} free of ${formatBytes(bytes)}`;
  return `${target} ${why === undefined ? state : printable(why)}`;
};

/** Columns of a list of CPUs: a longer one is cut. */
const CPUS = 14;

/** Columns that say nothing of any process are left out. */
const processTable = (
  { processes }: StatusHostDocument,
  { paint, width, moment }: HostTextOptions,
): string[] => {
  const columns: readonly (readonly [Column, (process: StatusProcess) => string])[] = [
    [{ title: 'process' }, ({ name }) => name],
    [{ title: 'pid', align: 'right' }, (process) => stateText(process, paint)],
    [
      { title: 'since' },
      ({ instances: [one] }) => (one === undefined ? '' : one.since === null ? '?' : moment(one.since)),
    ],
    [{ title: 'version' }, versionText(processes)],
    [
      { title: 'port', align: 'right' },
      ({ port, listening }) => (listening === false ? paint.quiet(`${port}`) : `${port}`),
    ],
    [{ title: 'CPUs' }, ({ instances: [one] }) => (one ? shortened(one.cpus) : '')],
    [{ title: 'pages', align: 'right' }, ({ instances: [one] }) => hugeText(one?.hugeKib)],
    [{ title: 'miner' }, (process) => minerText(process, paint)],
  ];
  const rows = processes.map((process) => columns.map(([, cell]) => cell(process)));
  const kept = columns.map((_, index) => rows.some((row) => row[index] !== ''));
  const of = <T>(all: readonly T[]) => all.filter((_, index) => kept[index]);
  return table(of(columns.map(([column]) => column)), rows.map(of), paint.quiet).map((line) =>
    // Colours stand in it: only what has none may be cut.
    line.includes('\u001b') ? line : truncate(line, width - 4),
  );
};

const shortened = (cpus: string): string => (cpus.length <= CPUS ? cpus : `${cut(cpus, CPUS - 1)}…`);

const stateText = ({ state, instances }: StatusProcess, paint: Paint): string => {
  if (state === 'stopped') return paint.bad('stopped');
  if (state === 'unknown') return paint.careful('?');
  const pids = instances.map(({ pid }) => pid).join('+');
  return state === 'twice' ? paint.bad(pids) : pids;
};

/** Only where the processes of a host do not run the same: it stands above them otherwise. */
const versionText = (processes: readonly StatusProcess[]): ((process: StatusProcess) => string) => {
  const running = processes.filter(({ instances }) => instances.length > 0);
  const several = new Set(running.map(({ program }) => program.running)).size > 1;
  return ({ instances, program }) => (several && instances.length > 0 ? (program.running ?? '?') : '');
};

const hugeText = (kib: number | null | undefined): string =>
  kib === undefined || kib === null || kib === 0 ? '' : formatBytes(kib * KiB);

const minerText = ({ miner, instances }: StatusProcess, paint: Paint): string => {
  if (miner === null) return '';
  if (miner.state === 'unknown') return '?';
  if (miner.state === 'missing') return instances.length > 0 ? paint.bad('not registered') : '';
  if (miner.workers.every(({ disabled }) => disabled)) return paint.bad('disabled');
  const [first, ...more] = miner.jobs ?? [];
  if (first)
    return `${first.task} ${first.sector}${first.state === 'running' ? '' : ` ${first.state}`} ${formatSeconds(first.seconds)}${more.length > 0 ? ` +${more.length}` : ''}`;
  const counted = miner.workers.flatMap(({ tasks }) =>
    Object.entries(tasks).flatMap(([task, number]) => (number > 0 ? [`${task} × ${number}`] : [])),
  );
  if (miner.jobs === null) return ['registered', ...counted, 'tasks not known'].join(', ');
  return counted.length > 0 ? counted.join(', ') : 'registered';
};
