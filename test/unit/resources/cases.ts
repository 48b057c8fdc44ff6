import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { digestBy } from '../../../src/core/content.ts';
import type { Facts } from '../../../src/core/facts.ts';
import { factsSchema } from '../../../src/core/facts.ts';
import type { Observation } from '../../../src/resources/look.ts';
import type { PathState } from '../../../src/resources/path/state.ts';
import type { DiffContext } from '../../../src/resources/resource.ts';
import { observationOf as observed, sumOf } from './answer-of.ts';

/** A machine of no interest; cases state what matters. */
export const FACTS: Facts = {
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
  packages: record(z.boolean()),
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
        trouble: z.string().exactOptional(),
        users: z.array(z.strictObject({ pid: z.int(), name: z.string() })).default([]),
      })
      .nullable(),
  ),
  crontabs: record(z.string().nullable()),
  hugepages: record(z.array(z.strictObject({ node: z.int(), total: z.int(), free: z.int() }))),
  guards: record(z.strictObject({ status: z.int(), output: z.string() })),
  reasons: record(z.string()),
  rows: z.array(z.array(z.string())).default([]),
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
    .filter((name) => readdirSync(new URL(`${name}/`, here)).some((file) => file.endsWith('.yaml')))
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

/** A file's size and sum follow from its text where the case does not state them. */
const pathState = (state: z.output<typeof pathSchema>): PathState => {
  if (state.type !== 'file') return state;
  const { text, sha256, bytes, ...rest } = state;
  const sum = sha256 ?? (text === undefined ? undefined : sumOf(text));
  return {
    ...rest,
    bytes: bytes ?? Buffer.byteLength(text ?? ''),
    ...(sum !== undefined && { sha256: sum }),
    ...(text !== undefined && { text }),
  };
};

/** The observation of a case: what it states over the machine of no interest. */
export const observationOf = ({ seen: { facts, paths, ...stated } }: Case): Observation =>
  observed(factsSchema.parse({ ...FACTS, ...facts }), {
    ...stated,
    paths: Object.fromEntries(Object.entries(paths).map(([path, state]) => [path, pathState(state)])),
  });

/** The secrets of the cases by their names: the value is the name, so that a case shows both. */
export const reveal = (name: string): string => name;

/** What a case says is pending: `packages`, `boot-settings`, or the path of a file. */
export const contextOf = ({ pending }: Case): DiffContext => ({
  digest: digestBy(reveal),
  pending: (needed) => pending.includes(needed.type === 'path' ? needed.path : needed.type),
});
