import { formatCpuRanges } from '../../src/core/cpu-list.ts';
import type { FakeDisk, FakeGpu, FakeNode, Hardware } from './hardware.ts';

/** Files by absolute path; a value `{ link }` is a symbolic link. */
export type FileTree = Map<string, FileContent>;
export type FileContent = string | { readonly link: string };

const ascending = (cpus: readonly number[]): string =>
  formatCpuRanges([...cpus].sort((left, right) => left - right));

/** CPUs as the hexadecimal mask of sysfs: words of 32 bits, the highest first. */
const mask = (cpus: readonly number[], total: number): string => {
  const bits = cpus.reduce((sum, cpu) => sum | (1n << BigInt(cpu)), 0n);
  const words = Math.ceil(total / 32);
  const digits = bits.toString(16).padStart(words * 8, '0');
  return (digits.match(/.{8}/g) ?? []).join(',');
};

interface CpuPlace {
  readonly cpu: number;
  readonly socket: number;
  readonly core: number;
  readonly siblings: readonly number[];
  readonly socketCpus: readonly number[];
}

/** Where each CPU sits: cores are numbered through the sockets, second threads follow all the first ones. */
const places = ({ sockets, coresPerSocket, threadsPerCore }: Hardware): CpuPlace[] => {
  const cores = sockets * coresPerSocket;
  const threads = Array.from({ length: threadsPerCore }, (_, thread) => thread);
  return Array.from({ length: cores * threadsPerCore }, (_, cpu) => {
    const core = cpu % cores;
    const socket = Math.floor(core / coresPerSocket);
    const inSocket = Array.from({ length: coresPerSocket }, (_, i) => socket * coresPerSocket + i);
    return {
      cpu,
      socket,
      core: core % coresPerSocket,
      siblings: threads.map((thread) => core + thread * cores),
      socketCpus: threads.flatMap((thread) => inSocket.map((first) => first + thread * cores)),
    };
  });
};

const cpuinfo = (hardware: Hardware): string =>
  places(hardware)
    .map(({ cpu, socket, core }) =>
      [
        `processor\t: ${cpu}`,
        `vendor_id\t: ${hardware.vendor}`,
        `cpu family\t: ${hardware.vendor === 'AuthenticAMD' ? 23 : 6}`,
        'model\t\t: 49',
        `model name\t: ${hardware.model}`,
        'stepping\t: 0',
        'cpu MHz\t\t: 2400.000',
        `physical id\t: ${socket}`,
        `siblings\t: ${hardware.coresPerSocket * hardware.threadsPerCore}`,
        `core id\t\t: ${core}`,
        `cpu cores\t: ${hardware.coresPerSocket}`,
        'flags\t\t: fpu pse36 ht lm pdpe1gb avx2 sha_ni',
        'bogomips\t: 4800.00',
        '',
      ].join('\n'),
    )
    .join('\n');

const meminfo = ({ nodes, kernelArguments }: Hardware): string => {
  const total = nodes.reduce((sum, { memoryKib }) => sum + memoryKib, 0);
  const pages = nodes.reduce((sum, { hugepages }) => sum + hugepages, 0);
  const free = total - pages * 1024 * 1024 - 8 * 1024 * 1024;
  const pageKib = kernelArguments.includes('default_hugepagesz=1G') ? 1024 * 1024 : 2048;
  const row = (name: string, value: string | number) => `${`${name}:`.padEnd(16)}${`${value}`.padStart(8)}`;
  return [
    `${row('MemTotal', total)} kB`,
    `${row('MemFree', free)} kB`,
    `${row('MemAvailable', free)} kB`,
    `${row('SwapTotal', 0)} kB`,
    row('HugePages_Total', pages),
    row('HugePages_Free', pages),
    row('HugePages_Rsvd', 0),
    row('HugePages_Surp', 0),
    `${row('Hugepagesize', pageKib)} kB`,
    '',
  ].join('\n');
};

const cpuFiles = (hardware: Hardware): FileTree => {
  const all = places(hardware);
  const total = all.length;
  const base = '/sys/devices/system/cpu';
  const everyCpu = `0-${total - 1}\n`;
  const files: FileTree = new Map();
  for (const name of ['online', 'possible', 'present']) files.set(`${base}/${name}`, everyCpu);
  files.set(`${base}/kernel_max`, '8191\n');
  files.set(`${base}/smt/active`, hardware.threadsPerCore === 2 ? '1\n' : '0\n');
  files.set(`${base}/smt/control`, hardware.threadsPerCore === 2 ? 'on\n' : 'off\n');
  for (const { cpu, socket, core, siblings, socketCpus } of all) {
    const topology = `${base}/cpu${cpu}/topology`;
    if (cpu > 0) files.set(`${base}/cpu${cpu}/online`, '1\n');
    files.set(`${topology}/physical_package_id`, `${socket}\n`);
    files.set(`${topology}/core_id`, `${core}\n`);
    files.set(`${topology}/thread_siblings_list`, `${ascending(siblings)}\n`);
    files.set(`${topology}/thread_siblings`, `${mask(siblings, total)}\n`);
    files.set(`${topology}/core_siblings_list`, `${ascending(socketCpus)}\n`);
    files.set(`${topology}/core_siblings`, `${mask(socketCpus, total)}\n`);
    const l3 = hardware.l3Groups.find((group) => group.includes(cpu)) ?? [cpu];
    const cache = `${base}/cpu${cpu}/cache/index3`;
    files.set(`${cache}/level`, '3\n');
    files.set(`${cache}/type`, 'Unified\n');
    files.set(`${cache}/size`, '16384K\n');
    files.set(`${cache}/shared_cpu_list`, `${ascending(l3)}\n`);
    files.set(`${cache}/shared_cpu_map`, `${mask(l3, total)}\n`);
  }
  return files;
};

const nodeFiles = (node: FakeNode, id: number, total: number): FileTree => {
  const base = `/sys/devices/system/node/node${id}`;
  const pages = `${base}/hugepages/hugepages-1048576kB`;
  return new Map<string, FileContent>([
    [`${base}/cpulist`, `${ascending(node.cpus)}\n`],
    [`${base}/cpumap`, `${mask(node.cpus, total)}\n`],
    [`${base}/meminfo`, `Node ${id} MemTotal:       ${node.memoryKib} kB\nNode ${id} HugePages_Total: 0\n`],
    [`${pages}/nr_hugepages`, `${node.hugepages}\n`],
    // Every page that is asked for is there and free: one file under two names.
    [`${pages}/free_hugepages`, { link: 'nr_hugepages' }],
    [`${base}/hugepages/hugepages-2048kB/nr_hugepages`, '0\n'],
    [`${base}/hugepages/hugepages-2048kB/free_hugepages`, '0\n'],
  ]);
};

const pciFiles = ({ address, vendor, device, numaNode, title }: FakeGpu): FileTree =>
  new Map([
    [`/sys/bus/pci/devices/${address}/class`, '0x030000\n'],
    [`/sys/bus/pci/devices/${address}/vendor`, `${vendor}\n`],
    [`/sys/bus/pci/devices/${address}/device`, `${device}\n`],
    [`/sys/bus/pci/devices/${address}/numa_node`, `${numaNode}\n`],
    // Not in a real sysfs: the stand-in for lspci has no table of names.
    [`/sys/bus/pci/devices/${address}/title`, `${title}\n`],
  ]);

const diskFiles = ({ name, bytes, rotational }: FakeDisk): FileTree =>
  new Map([
    [`/sys/block/${name}/size`, `${bytes / 512}\n`],
    [`/sys/block/${name}/removable`, '0\n'],
    [`/sys/block/${name}/ro`, '0\n'],
    [`/sys/block/${name}/queue/rotational`, rotational ? '1\n' : '0\n'],
    [`/sys/block/${name}/queue/logical_block_size`, '512\n'],
    [`/sys/block/${name}/device/model`, 'SIMULATED\n'],
  ]);

/** The files of /proc, /sys and /dev with which the kernel describes this machine. */
export const hardwareFiles = (hardware: Hardware): FileTree => {
  const total = hardware.sockets * hardware.coresPerSocket * hardware.threadsPerCore;
  const nodesRange = `${formatCpuRanges(hardware.nodes.map((_, id) => id))}\n`;
  return new Map([
    ['/proc/cpuinfo', cpuinfo(hardware)],
    ['/proc/meminfo', meminfo(hardware)],
    ['/proc/cmdline', `${hardware.kernelArguments}\n`],
    ['/sys/devices/system/node/online', nodesRange],
    ['/sys/devices/system/node/possible', nodesRange],
    ...cpuFiles(hardware),
    ...hardware.nodes.flatMap((node, id) => [...nodeFiles(node, id, total)]),
    ...hardware.gpus.flatMap((gpu) => [...pciFiles(gpu)]),
    // What a program that uses the NVIDIA driver leaves behind.
    ...(hardware.gpus.length > 0 ? ([['/dev/nvidiactl', '']] as const) : []),
    ...hardware.disks.flatMap((disk) => [...diskFiles(disk)]),
  ]);
};
