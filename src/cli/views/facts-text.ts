import { formatCpuRanges } from '../../core/cpu-list.ts';
import type { Facts } from '../../core/facts.ts';
import { count, formatBytes, KiB } from '../../core/units.ts';
import type { Paint } from '../text/paint.ts';
import { table } from '../text/table.ts';
import { printable, wrap } from '../text/width.ts';

/** A machine as people read it. */
export const factsText = (host: string, facts: Facts, paint: Paint, width: number): string =>
  [
    `${paint.strong(host)}  ${paint.quiet('host name')} ${printable(facts.hostname)}`,
    ...rows(facts).flatMap(([name, values]) =>
      values.flatMap((value, index) =>
        wrap(`  ${paint.quiet((index === 0 ? name : '').padEnd(7))} ${printable(value)}`, width, 8),
      ),
    ),
    '',
  ].join('\n');

const rows = (facts: Facts): [string, string[]][] => [
  [
    'system',
    [`${facts.os.id} ${facts.os.version}, kernel ${facts.kernel}${facts.systemd ? '' : ', no systemd'}`],
  ],
  ['CPU', [describeCpu(facts.cpu)]],
  ['memory', [formatBytes(facts.memoryKib * KiB)]],
  ['NUMA', numaTable(facts.numaNodes)],
  ['L3', [describeCaches(facts.l3Groups)]],
  ['GPUs', facts.gpus.length === 0 ? ['none from NVIDIA'] : gpuTable(facts.gpus)],
  ['disks', facts.disks.length === 0 ? ['none'] : diskTable(facts.disks)],
];

const describeCpu = ({ model, count: cpus, sockets, coresPerSocket, threadsPerCore }: Facts['cpu']): string =>
  `${model}: ${count(sockets, 'socket')} × ${count(coresPerSocket, 'core')}, hyper-threading ${threadsPerCore > 1 ? 'on' : 'off'}, ${count(cpus, 'CPU')}`;

const numaTable = (nodes: Facts['numaNodes']): string[] =>
  table(
    [{ title: 'node', align: 'right' }, { title: 'memory', align: 'right' }, { title: 'CPUs' }],
    nodes.map(({ id, memoryKib, cpus }) => [`${id}`, formatBytes(memoryKib * KiB), formatCpuRanges(cpus)]),
  );

const describeCaches = (groups: Facts['l3Groups']): string => {
  const sizes = [...new Set(groups.map((group) => group.length))];
  return `${count(groups.length, 'cache')}${sizes.length === 1 ? `, each for ${count(sizes[0] ?? 0, 'CPU')}` : ''}`;
};

const gpuTable = (gpus: Facts['gpus']): string[] =>
  table(
    [{ title: 'address' }, { title: 'bus id', align: 'right' }, { title: 'node', align: 'right' }],
    gpus.map(({ address, busId, numaNode }) => [address, `${busId}`, numaNode < 0 ? '?' : `${numaNode}`]),
  );

const diskTable = (disks: Facts['disks']): string[] =>
  table(
    [{ title: 'name' }, { title: 'size', align: 'right' }, { title: 'kind' }],
    disks.map(({ name, bytes, rotational }) => [
      name,
      formatBytes(bytes),
      rotational ? 'rotating' : 'solid state',
    ]),
  );
