import * as z from 'zod';

/** More than any machine has: a number beyond it is a slip, or garbage. */
const countOfCpus = z.int().min(1).max(65_536);
const cpu = z.int().min(0).max(65_535);

/**
 * What a machine is: read in the same observation as its resources, kept by `fcops facts --save`, or stated
 * in a profile or for a host. Sizes are in KiB as in /proc, CPUs are the kernel's logical numbers.
 */
export const factsSchema = z.strictObject({
  hostname: z.string(),
  os: z.strictObject({
    /** `ID` of /etc/os-release: ubuntu, debian, centos … */
    id: z.string(),
    /** `VERSION_ID` of /etc/os-release. */
    version: z.string(),
  }),
  /** `uname -r` */
  kernel: z.string(),
  /** Random id of this boot; differs after a reboot. */
  bootId: z.string(),
  /** Arguments the running kernel was started with. */
  kernelArguments: z.array(z.string()),
  /** True where systemd is process 1. */
  systemd: z.boolean(),
  cpu: z.strictObject({
    vendor: z.enum(['amd', 'intel', 'other']),
    model: z.string(),
    /** Logical CPUs, hyper-threads included. */
    count: countOfCpus,
    sockets: countOfCpus,
    coresPerSocket: countOfCpus,
    threadsPerCore: countOfCpus,
  }),
  memoryKib: z.int().positive(),
  numaNodes: z.array(
    z.strictObject({ id: z.int().min(0).max(65_535), cpus: z.array(cpu), memoryKib: z.int().nonnegative() }),
  ),
  /** CPUs that share one L3 cache, in order of their first CPU. */
  l3Groups: z.array(z.array(cpu)),
  /** NVIDIA display controllers, in the machine's own order (by PCI address, as lspci lists them). */
  gpus: z.array(
    z.strictObject({
      /** PCI address `0000:21:00.0`. */
      address: z.string(),
      /** Bus number, decimal: what BELLMAN_GPU_BUS_ID wants (handbook 2.3.4.3). */
      busId: z.int().min(0).max(65_535),
      /** NUMA node, or -1 where the firmware does not say. */
      numaNode: z.int().min(-1).max(65_535),
    }),
  ),
  disks: z.array(z.strictObject({ name: z.string(), bytes: z.int().nonnegative(), rotational: z.boolean() })),
});

export type Facts = z.infer<typeof factsSchema>;
export type Gpu = Facts['gpus'][number];
