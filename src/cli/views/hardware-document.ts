import * as z from 'zod';
import { momentOf } from '../../core/moment.ts';
import { HARDWARE_PARTS } from '../../ops/hardware/finding.ts';
import type { HardwareReport } from '../../ops/hardware/hardware.ts';
import { gpuSlot } from '../../ops/hardware/judge-gpus.ts';
import { groupText } from '../../ops/hardware/judge-log.ts';
import type { LogLine } from '../../ops/hardware/kernel-log.ts';
import { LOG_CATEGORIES } from '../../ops/hardware/kernel-log.ts';
import type { Known } from '../../ops/host-parts/known.ts';

/** A list, or null with the reason where nobody knows it. */
const known = <T extends z.ZodType>(one: T) =>
  z.strictObject({
    told: z.array(one).nullable().describe('Null: not known.'),
    why: z.string().exactOptional(),
  });

const lineSchema = z.strictObject({ at: z.string().nullable(), text: z.string() });

/** The documented form of a hardware report, a part of other documents. */
export const hardwareDocumentSchema = z.strictObject({
  machine: z
    .record(z.string(), z.string())
    .describe('As the firmware tells it: product_serial, board_name …'),
  memoryGiB: z.number().describe('That the kernel has.'),
  startedAt: z.string().nullable().describe('When its kernel was started.'),
  expected: z
    .strictObject({
      gpus: z.int().nullable(),
      memoryGiB: z.number().nullable(),
      ownDisks: z.string().nullable(),
    })
    .describe('By the inventory and the profile; null: it is not compared.'),
  findings: z.array(
    z.strictObject({
      part: z.enum(HARDWARE_PARTS),
      state: z
        .enum(['broken', 'suspect', 'unknown'])
        .describe('suspect: it works now, and something tells that it may not for long.'),
      what: z.string(),
      evidence: z.array(z.string()).exactOptional().describe("Lines of the kernel's log."),
    }),
  ),
  memory: known(
    z.strictObject({
      slot: z.string(),
      bytes: z.number().nullable().describe('Null: the slot is empty, or its size not told.'),
      empty: z.boolean(),
      maker: z.string(),
      part: z.string(),
      serial: z.string(),
    }),
  ),
  gpus: known(
    z.strictObject({
      address: z.string().describe('PCI address 0000:21:00.0.'),
      slot: z.string().nullable(),
      name: z.string(),
      serial: z.string(),
      uuid: z.string(),
      lanes: z.int().nullable(),
      driver: z.boolean().nullable().describe('Whether the driver lists it; null: not known.'),
    }),
  ),
  disks: known(
    z.strictObject({
      name: z.string(),
      model: z.string(),
      serial: z.string(),
      firmware: z.string(),
      bytes: z.number().nullable(),
      address: z.string(),
      state: z.string(),
      warnings: z.array(z.string()).nullable().describe('Null: no NVMe disk, or not known.'),
    }),
  ),
  arrays: known(
    z.strictObject({
      name: z.string(),
      level: z.string(),
      state: z.string(),
      disks: z.int(),
      members: z.array(z.strictObject({ disk: z.string(), state: z.string() })),
    }),
  ),
  links: known(
    z.strictObject({
      name: z.string(),
      address: z.string(),
      mac: z.string(),
      state: z.string(),
      speed: z.int().nullable().describe('Mbit/s.'),
      changes: z.int().nullable().describe('Times that it went up or down since the start.'),
    }),
  ),
  kernel: z.strictObject({
    source: z.enum(['journal', 'dmesg']).nullable().describe('Null: not read.'),
    why: z.string().exactOptional(),
    since: z.string().nullable().describe('Of what was said before nothing is known.'),
    groups: z.array(
      z.strictObject({
        category: z.enum(LOG_CATEGORIES),
        what: z.string(),
        count: z.int(),
        first: lineSchema,
        last: lineSchema,
      }),
    ),
  }),
});

export type HardwareDocument = z.infer<typeof hardwareDocumentSchema>;

/** A hardware report as a value that is printed in whatever format. */
export const hardwareDocument = ({ seen, expected, findings }: HardwareReport): HardwareDocument => {
  const { names, facts, boot, memory, bus, driver, disks, raids, nics, log } = seen;
  const gpus = driver.gpus.type === 'told' ? driver.gpus.value : null;
  return {
    machine: Object.fromEntries(names),
    memoryGiB: Math.round(facts.memoryKib / 1024 / 102.4) / 10,
    startedAt: boot === null ? null : momentOf(boot),
    expected: { ...expected },
    findings: findings.map(({ part, state, what, evidence }) => ({
      ...{ part, state, what },
      ...(evidence && { evidence: [...evidence] }),
    })),
    memory: listOf(memory, ({ slot, module }) => ({
      slot,
      empty: module === null,
      bytes: module?.bytes ?? null,
      ...{ maker: module?.maker ?? '', part: module?.part ?? '', serial: module?.serial ?? '' },
    })),
    gpus: listOf(bus, (gpu) => {
      const told = gpus?.find(({ address }) => address === gpu.address);
      return {
        address: gpu.address,
        slot: gpuSlot(gpu, seen),
        ...{ name: told?.name ?? '', serial: told?.serial ?? '', uuid: told?.uuid ?? '' },
        lanes: gpu.width,
        driver: gpus && told !== undefined,
      };
    }),
    disks: listOf(disks, ({ health, ...disk }) => ({
      ...disk,
      warnings: health?.type === 'told' ? [...health.value.warnings] : null,
    })),
    arrays: listOf(raids, ({ degraded: _, members, ...raid }) => ({
      ...raid,
      members: members.map((member) => ({ ...member })),
    })),
    links: listOf(nics, ({ driver: _, ...nic }) => nic),
    kernel: {
      source: log.type === 'told' ? log.value.source : null,
      ...(log.type === 'unknown' && { why: log.why }),
      since: log.type === 'told' && log.value.since !== null ? momentOf(log.value.since) : null,
      groups:
        log.type === 'told'
          ? log.value.groups.map((group) => ({
              category: group.category,
              what: groupText(group),
              count: group.count,
              first: lineDocument(group.first),
              last: lineDocument(group.last),
            }))
          : [],
    },
  };
};

const lineDocument = ({ at, text }: LogLine): z.infer<typeof lineSchema> => ({
  at: at === null ? null : momentOf(at),
  text,
});

const listOf = <T, Shown>(
  list: Known<readonly T[]>,
  show: (one: T) => Shown,
): { told: Shown[] | null; why?: string } =>
  list.type === 'told' ? { told: list.value.map(show) } : { told: null, why: list.why };
