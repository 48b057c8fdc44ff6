import * as z from 'zod';
import type { Place } from './problem.ts';
import { GiB, KiB, MiB } from './units.ts';

/** The two sector sizes of the network's providers, and those of lotus's own test networks. */
export const SECTOR_SIZES = ['32GiB', '64GiB', '2KiB', '8MiB', '512MiB'] as const;
export const sectorSizeSchema = z.enum(SECTOR_SIZES);
export type SectorSize = z.infer<typeof sectorSizeSchema>;

/** Bytes of a sector. */
export const SECTOR_BYTES: Readonly<Record<SectorSize, number>> = {
  '32GiB': 32 * GiB,
  '64GiB': 64 * GiB,
  '2KiB': 2 * KiB,
  '8MiB': 8 * MiB,
  '512MiB': 512 * MiB,
};

/** Whether sectors of this size are sealed on test networks only: a virtual machine without a GPU does for them. */
export const isTestSize = (size: SectorSize): boolean => SECTOR_BYTES[size] < GiB;

/**
 * The most of each that a machine may have: more than any has, and little enough that a slip of the keyboard is told,
 * not worked out.
 */
export const MOST = {
  sockets: 64,
  coresPerSocket: 1024,
  cpus: 8192,
  numaNodes: 1024,
  memoryGiB: 1_048_576,
  /** Tasks and workers. */
  processes: 1024,
  sealing: 100_000,
  gpus: 256,
} as const;

const nodeNumber = z
  .int()
  .min(0)
  .max(MOST.numaNodes - 1);
const cpuList = z
  .array(
    z
      .int()
      .min(0)
      .max(MOST.cpus - 1),
  )
  .min(1)
  .max(MOST.cpus);
const nodeList = z.array(nodeNumber).min(1).max(MOST.numaNodes);
const processNumber = z.int().min(1).max(MOST.processes);

/** A P1 task pinned by hand: `cpus` in the order of the environment variable, `numaNodes` of its memory. */
export const p1PinSchema = z.strictObject({
  task: processNumber.describe('Number of the P1 task, from 1.'),
  cpus: cpuList.optional().describe('CPUs of the task, in order.'),
  numaNodes: nodeList.optional().describe('NUMA nodes that the memory of the task is on.'),
});

export const c2PinSchema = z.strictObject({
  worker: processNumber.describe('Number of the C2 worker, from 1; one per GPU.'),
  cpus: cpuList.describe('CPUs of the worker, in order.'),
});

const gpuSchema = z.strictObject({
  numaNode: nodeNumber.describe('NUMA node that the GPU is attached to.'),
  busId: z.int().min(0).max(255).optional().describe('Decimal PCI bus id, where it is known for the model.'),
});

const nodeSchema = z.strictObject({
  memoryGiB: z.int().min(0).max(MOST.memoryGiB).describe('Memory of the node, in GiB.'),
  cores: z
    .int()
    .min(1)
    .max(MOST.coresPerSocket)
    .optional()
    .describe('Cores of the node, without hyper-threads; where no node says, all have the same.'),
});

/** A hardware model (`profiles/amd-7532.yaml`). Everything that the layout needs, and nothing of a cluster. */
export const profileSchema = z.strictObject({
  description: z.string().describe('The machine in one line, for lists.'),
  cpu: z
    .strictObject({
      vendor: z.enum(['amd', 'intel']).describe('Decides which builds of the programs run on it.'),
      model: z
        .string()
        .describe('Text that the model name in /proc/cpuinfo contains, for example "EPYC 7532".'),
      sockets: z.int().min(1).max(MOST.sockets).describe('CPUs in the machine.'),
      coresPerSocket: z
        .int()
        .min(1)
        .max(MOST.coresPerSocket)
        .describe('Cores of one CPU, without hyper-threads.'),
      threadsPerCore: z.int().min(1).max(2).describe('1: hyper-threading off.'),
      numaNodesPerSocket: z
        .int()
        .min(1)
        .max(MOST.coresPerSocket)
        .describe('NUMA nodes of one CPU, as set in the firmware.'),
      l3GroupsPerSocket: z.int().min(1).max(MOST.coresPerSocket).describe('L3 caches of one CPU.'),
    })
    .refine(
      ({ sockets, coresPerSocket, threadsPerCore }) => sockets * coresPerSocket * threadsPerCore <= MOST.cpus,
      {
        error: `must be of at most ${MOST.cpus} CPUs: sockets × coresPerSocket × threadsPerCore`,
        when: ({ issues }) => issues.length === 0,
      },
    )
    .describe('The CPUs; a real host that differs is refused.'),
  memoryGiB: z.int().min(1).max(MOST.memoryGiB).describe('Memory of the machine, in GiB.'),
  nodes: z
    .array(nodeSchema)
    .min(1)
    .max(MOST.numaNodes)
    .optional()
    .describe('The NUMA nodes in order, from node 0, where they are not all alike.'),
  gpus: z
    .array(gpuSchema)
    .max(MOST.gpus)
    .describe("In the machine's own order: by PCI address, as lspci lists them."),
  p1: z
    .strictObject({
      tasks: z
        .partialRecord(sectorSizeSchema, processNumber)
        .describe('P1 tasks that run at the same time, by sector size.'),
      maxSealing: z
        .partialRecord(sectorSizeSchema, z.int().min(1).max(MOST.sealing))
        .describe('Sectors that a machine accepts at the same time (handbook 2.2.6.3.2), by sector size.'),
      pins: z
        .partialRecord(sectorSizeSchema, z.array(p1PinSchema).max(MOST.processes))
        .optional()
        .describe('Rows set by hand in place of the solved ones, by sector size.'),
      p2Cpus: z.partialRecord(sectorSizeSchema, cpuList).optional().describe('CPUs of P2, where not solved.'),
    })
    .optional()
    .describe('What the machine carries as a P1 host; left out where it is none.'),
  c2: z
    .strictObject({
      feedingCores: z
        .int()
        .min(1)
        .max(MOST.coresPerSocket)
        .describe('Cores kept first in the list of each GPU; they feed it.'),
      gpus: z
        .array(gpuSchema)
        .max(MOST.gpus)
        .optional()
        .describe('GPUs of a machine that serves C2, where they differ from `gpus`.'),
      pins: z
        .array(c2PinSchema)
        .max(MOST.processes)
        .optional()
        .describe('Rows set by hand in place of the solved ones.'),
    })
    .optional()
    .describe('What the machine carries as a C2 host; left out where it is none.'),
  apx: z
    .strictObject({
      maxSealing: z
        .partialRecord(sectorSizeSchema, z.int().min(1).max(MOST.sealing))
        .describe('Sectors that it accepts at the same time, by sector size.'),
    })
    .optional()
    .describe(
      'What the machine carries where it runs APx alone; where it is left out, p1.maxSealing counts.',
    ),
});

export type P1Pin = z.infer<typeof p1PinSchema>;
export type C2Pin = z.infer<typeof c2PinSchema>;

/** A profile with its name, which is its file's. */
export type Profile = z.infer<typeof profileSchema> & {
  readonly name: string;
  /** Name of its file, where overrides of a host have made another one of it. */
  readonly base?: string;
  /** Where a part of it stands in its file; a path leads to the part. Not there where no file was read. */
  readonly placeOf?: (path: readonly PropertyKey[]) => Place;
};

/** What a profile says of a machine that runs APx alone: of that, else of one that seals beside it; undefined for none. */
export const apxSection = ({ apx, p1 }: Pick<Profile, 'apx' | 'p1'>): Profile['apx'] => apx ?? p1;

/** The place of a part of a profile, for a problem about it: `cpu`, `sockets`. */
export const inProfile = (
  { placeOf }: Profile,
  ...path: readonly PropertyKey[]
): { readonly where?: Place } => (placeOf ? { where: placeOf(path) } : {});
