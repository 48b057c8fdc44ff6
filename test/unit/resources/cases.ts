import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Facts } from '../../../src/core/facts.ts';
import { factsSchema } from '../../../src/core/facts.ts';
import type { Observation, PathState } from '../../../src/resources/observation.ts';

/** A machine of no interest; cases state what matters. */
const FACTS: Facts = {
  hostname: 'old-name',
  os: { id: 'ubuntu', version: '18.04' },
  kernel: '4.15.0-20-generic',
  bootId: '00000000-0000-4000-8000-000000000000',
  kernelArguments: ['ro', 'quiet'],
  systemd: true,
  cpu: { vendor: 'amd', model: 'AMD EPYC', count: 4, sockets: 1, coresPerSocket: 4, threadsPerCore: 1 },
  memoryKib: 16 * 1024 * 1024,
  numaNodes: [{ id: 0, cpus: [0, 1, 2, 3], memoryKib: 16 * 1024 * 1024 }],
  l3Groups: [[0, 1, 2, 3]],
  gpus: [],
  disks: [],
};

const ownership = {
  mode: z.string().default('0644'),
  owner: z.string().default('root'),
  group: z.string().default('root'),
};
const pathSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('absent') }),
  z.strictObject({
    type: z.literal('file'),
    ...ownership,
    bytes: z.int().optional(),
    mtime: z.int().default(1_600_000_000),
    sha256: z.string().optional(),
    text: z.string().optional(),
  }),
  z.strictObject({ type: z.literal('directory'), ...ownership }),
  z.strictObject({ type: z.literal('link'), target: z.string() }),
  z.strictObject({ type: z.literal('other') }),
]);

const record = <T extends z.ZodType>(value: T) => z.record(z.string(), value).default({});
const seenSchema = z.strictObject({
  facts: factsSchema.partial().default({}),
  paths: record(pathSchema),
  packages: record(z.string().nullable()),
  /** A value alone is one that may be changed. */
  sysctl: record(
    z
      .union([
        z.string().transform((value) => ({ value, writable: true })),
        z.strictObject({ value: z.string(), writable: z.boolean() }),
      ])
      .nullable(),
  ),
  units: record(
    z.strictObject({
      load: z.string(),
      active: z.string(),
      file: z.string(),
      needsReload: z.boolean().default(false),
    }),
  ),
  manager: record(z.string()),
  mounts: record(
    z
      .strictObject({
        source: z.string(),
        fstype: z.string(),
        options: z.array(z.string()).default([]),
        bytes: z.int().default(0),
        freeBytes: z.int().default(0),
      })
      .nullable(),
  ),
  crontabs: record(z.string().nullable()),
  hugepages: record(z.array(z.strictObject({ node: z.int(), total: z.int(), free: z.int() }))),
  guards: record(z.strictObject({ status: z.int(), output: z.string() })),
  reasons: record(z.string()),
});

const caseSchema = z.strictObject({
  /** What the case shows. */
  shows: z.string(),
  spec: z.unknown(),
  seen: seenSchema.prefault({}),
  pending: z.array(z.string()).default([]),
  /** The diff; of a change the step is compared only where it is given. */
  expect: z.union([z.string(), z.record(z.string(), z.unknown())]),
});

export type Case = z.output<typeof caseSchema> & { readonly name: string };

const here = new URL('./', import.meta.url);

/** The kinds that have cases: the folders beside this file. */
export const kindsWithCases = (): string[] =>
  readdirSync(here, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();

/** The cases of a kind: one file each. Throws where a file is not a case. */
export const casesOf = (kind: string): Case[] =>
  readdirSync(new URL(`${kind}/`, here))
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => {
      const parsed = caseSchema.safeParse(parse(readFileSync(new URL(`${kind}/${file}`, here), 'utf8')));
      if (!parsed.success) throw new Error(`${kind}/${file}: ${z.prettifyError(parsed.error)}`);
      return { name: file.replace('.yaml', ''), ...parsed.data };
    });

const map = <T>(values: Readonly<Record<string, T>>): Map<string, T> => new Map(Object.entries(values));

/** A file's size and sum follow from its text where the case does not state them. */
const pathState = (state: z.output<typeof pathSchema>): PathState => {
  if (state.type !== 'file') return state;
  const { text, sha256, bytes, ...rest } = state;
  const sum = sha256 ?? (text === undefined ? undefined : createHash('sha256').update(text).digest('hex'));
  return {
    ...rest,
    bytes: bytes ?? Buffer.byteLength(text ?? ''),
    ...(sum !== undefined && { sha256: sum }),
    ...(text !== undefined && { text }),
  };
};

/** The observation of a case: what it states over the machine of no interest. */
export const observationOf = ({ seen }: Case): Observation => ({
  facts: factsSchema.parse({ ...FACTS, ...seen.facts }),
  paths: new Map(Object.entries(seen.paths).map(([path, state]) => [path, pathState(state)])),
  packages: map(seen.packages),
  sysctl: map(seen.sysctl),
  units: map(seen.units),
  manager: map(seen.manager),
  mounts: map(seen.mounts),
  crontabs: map(seen.crontabs),
  hugepages: new Map(Object.entries(seen.hugepages).map(([kib, nodes]) => [Number(kib), nodes])),
  guards: map(seen.guards),
  reasons: map(seen.reasons),
});
