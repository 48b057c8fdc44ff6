import * as z from 'zod';

/** The two sector sizes of the network's providers. */
export const sectorSizeSchema = z.enum(['32GiB', '64GiB']);
export type SectorSize = z.infer<typeof sectorSizeSchema>;

const cpuList = z.array(z.int().nonnegative()).min(1);

/** A P1 task pinned by hand: `cpus` in the order of the environment variable, `numaNodes` of its memory. */
export const p1PinSchema = z.strictObject({
  task: z.int().positive().describe('Number of the P1 task, from 1.'),
  cpus: cpuList.optional().describe('CPUs of the task, in order.'),
  numaNodes: cpuList.optional().describe('NUMA nodes that the memory of the task is on.'),
});

export const c2PinSchema = z.strictObject({
  worker: z.int().positive().describe('Number of the C2 worker, from 1; one per GPU.'),
  cpus: cpuList.describe('CPUs of the worker, in order.'),
});

const gpuSchema = z.strictObject({
  numaNode: z.int().nonnegative().describe('NUMA node that the GPU is attached to.'),
  busId: z.int().nonnegative().optional().describe('Decimal PCI bus id, where it is known for the model.'),
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
      sockets: z.int().positive().describe('CPUs in the machine.'),
      coresPerSocket: z.int().positive().describe('Cores of one CPU, without hyper-threads.'),
      threadsPerCore: z.int().min(1).max(2).describe('1: hyper-threading off.'),
      numaNodesPerSocket: z.int().positive().describe('NUMA nodes of one CPU, as set in the firmware.'),
      l3GroupsPerSocket: z.int().positive().describe('L3 caches of one CPU.'),
    })
    .describe('The CPUs; a real host that differs is refused.'),
  memoryGiB: z.int().positive().describe('Memory of the machine, in GiB.'),
  gpus: z.array(gpuSchema).describe("In the machine's own order: by PCI address, as lspci lists them."),
  p1: z
    .strictObject({
      tasks: z
        .partialRecord(sectorSizeSchema, z.int().positive())
        .describe('P1 tasks that run at the same time, by sector size.'),
      maxSealing: z
        .partialRecord(sectorSizeSchema, z.int().positive())
        .describe('Sectors that a machine accepts at the same time (handbook 2.2.6.3.2), by sector size.'),
      pins: z
        .partialRecord(sectorSizeSchema, z.array(p1PinSchema))
        .optional()
        .describe('Rows set by hand in place of the solved ones, by sector size.'),
      p2Cpus: z.partialRecord(sectorSizeSchema, cpuList).optional().describe('CPUs of P2, where not solved.'),
    })
    .optional()
    .describe('What the machine carries as a P1 host; left out where it is none.'),
  c2: z
    .strictObject({
      feedingCores: z.int().positive().describe('Cores kept first in the list of each GPU; they feed it.'),
      gpus: z
        .array(gpuSchema)
        .optional()
        .describe('GPUs of a machine that serves C2, where they differ from `gpus`.'),
      pins: z.array(c2PinSchema).optional().describe('Rows set by hand in place of the solved ones.'),
    })
    .optional()
    .describe('What the machine carries as a C2 host; left out where it is none.'),
});

export type P1Pin = z.infer<typeof p1PinSchema>;
export type C2Pin = z.infer<typeof c2PinSchema>;

/** A profile with its name, which is its file's. */
export type Profile = z.infer<typeof profileSchema> & { readonly name: string };
