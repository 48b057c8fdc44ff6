import { GiB } from '../../src/core/units.ts';

/** A display controller of a made-up machine; `vendor` 0x10de is NVIDIA. */
export interface FakeGpu {
  /** PCI address, `0000:21:00.0`. */
  readonly address: string;
  readonly vendor: string;
  readonly device: string;
  /** What lspci calls it. */
  readonly title: string;
  readonly numaNode: number;
}

export interface FakeDisk {
  readonly name: string;
  readonly bytes: number;
  readonly rotational: boolean;
}

export interface FakeNode {
  readonly cpus: readonly number[];
  readonly memoryKib: number;
  /** 1 GiB pages that are allocated when the machine starts. */
  readonly hugepages: number;
}

/** A machine as the kernel shows it. CPUs are logical numbers; sizes are KiB unless named otherwise. */
export interface Hardware {
  readonly vendor: 'AuthenticAMD' | 'GenuineIntel';
  /** `model name` of /proc/cpuinfo. */
  readonly model: string;
  readonly sockets: number;
  readonly coresPerSocket: number;
  /** 2 where hyper-threading is on. */
  readonly threadsPerCore: 1 | 2;
  readonly nodes: readonly FakeNode[];
  /** CPUs that share one L3 cache. */
  readonly l3Groups: readonly (readonly number[])[];
  readonly gpus: readonly FakeGpu[];
  readonly disks: readonly FakeDisk[];
  /** /proc/cmdline. */
  readonly kernelArguments: string;
}

/** What of a machine a test may want different. */
export interface HardwareOptions {
  readonly memoryGiB?: number;
  /** 1 GiB pages of each node at the start; none where it is left out. */
  readonly hugepages?: readonly number[];
  readonly kernelArguments?: string;
}

const PLAIN_BOOT = 'BOOT_IMAGE=/boot/vmlinuz-5.4.0 root=UUID=2f1c ro quiet';
/** Kernel arguments of a machine that was started for 1 GiB pages (handbook 2.2.5.2). */
export const HUGEPAGE_BOOT = `${PLAIN_BOOT} default_hugepagesz=1G hugepagesz=1G`;

const range = (first: number, length: number): number[] => Array.from({ length }, (_, i) => first + i);
const times = <T>(length: number, make: (index: number) => T): T[] =>
  Array.from({ length }, (_, i) => make(i));
/** The kernel and the firmware keep about 1.6 % of the memory for themselves. */
const visibleKib = (gib: number): number => Math.floor((gib * 1024 * 1024 * 984) / 1000);

const rtx3070 = (address: string, numaNode: number): FakeGpu => ({
  address,
  vendor: '0x10de',
  device: '0x2484',
  title: 'NVIDIA Corporation GA104 [GeForce RTX 3070] (rev a1)',
  numaNode,
});
/** The screen of the remote console: a VGA controller too, and no GPU. */
const console = (address: string): FakeGpu => ({
  address,
  vendor: '0x1a03',
  device: '0x2000',
  title: 'ASPEED Technology, Inc. ASPEED Graphics Family (rev 41)',
  numaNode: 0,
});
const nvme = (count: number, bytes: number): FakeDisk[] =>
  times(count, (i) => ({ name: `nvme${i}n1`, bytes, rotational: false }));

const nodes = (
  cpus: readonly (readonly number[])[],
  { memoryGiB = 2048, hugepages = [] }: HardwareOptions,
): FakeNode[] =>
  cpus.map((list, node) => ({
    cpus: list,
    memoryKib: Math.floor(visibleKib(memoryGiB) / cpus.length),
    hugepages: hugepages[node] ?? 0,
  }));

/** The P1 machine of handbook 2.2: two EPYC 7532, hyper-threading off, eight NUMA nodes, the GPU on node 3. */
export const dual7532 = (options: HardwareOptions = {}): Hardware => ({
  vendor: 'AuthenticAMD',
  model: 'AMD EPYC 7532 32-Core Processor',
  sockets: 2,
  coresPerSocket: 32,
  threadsPerCore: 1,
  nodes: nodes(
    times(8, (node) => range(8 * node, 8)),
    options,
  ),
  l3Groups: times(32, (group) => range(2 * group, 2)),
  gpus: [rtx3070('0000:21:00.0', 3), console('0000:c4:00.0')],
  disks: [{ name: 'sda', bytes: 480 * GiB, rotational: false }, ...nvme(4, 7_681_501_126_656)],
  kernelArguments: options.kernelArguments ?? PLAIN_BOOT,
});

/** The C2 machine of handbook 2.3: two Xeon Silver 4216, hyper-threading on, two NUMA nodes, four GPUs. */
export const dual4216 = (options: HardwareOptions = {}): Hardware => {
  const sockets = [0, 1].map((socket) => [...range(16 * socket, 16), ...range(32 + 16 * socket, 16)]);
  return {
    vendor: 'GenuineIntel',
    model: 'Intel(R) Xeon(R) Silver 4216 CPU @ 2.10GHz',
    sockets: 2,
    coresPerSocket: 16,
    threadsPerCore: 2,
    nodes: nodes(sockets, options),
    l3Groups: sockets,
    gpus: [
      console('0000:03:00.0'),
      rtx3070('0000:18:00.0', 0),
      rtx3070('0000:3b:00.0', 0),
      rtx3070('0000:86:00.0', 0),
      rtx3070('0000:af:00.0', 0),
    ],
    disks: [{ name: 'sda', bytes: 480 * GiB, rotational: false }, ...nvme(2, 3_840_755_982_336)],
    kernelArguments: options.kernelArguments ?? PLAIN_BOOT,
  };
};
