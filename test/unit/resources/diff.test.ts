import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { contentSchema } from '../../../src/core/content.ts';
import { sayNext } from '../../../src/core/next.ts';
import { archive } from '../../../src/resources/archive/archive.ts';
import { command } from '../../../src/resources/command/command.ts';
import { cron } from '../../../src/resources/cron/cron.ts';
import { directory } from '../../../src/resources/directory/directory.ts';
import { file } from '../../../src/resources/file/file.ts';
import { grubArguments } from '../../../src/resources/grub/grub-arguments.ts';
import { grubConfig } from '../../../src/resources/grub/grub-config.ts';
import { kernelArguments } from '../../../src/resources/grub/kernel-arguments.ts';
import { hostname } from '../../../src/resources/hostname/hostname.ts';
import { hugepages } from '../../../src/resources/hugepages/hugepages.ts';
import { bashOf } from '../../../src/resources/kinds.ts';
import { noLines } from '../../../src/resources/lines/no-lines.ts';
import { link } from '../../../src/resources/link/link.ts';
import { fstabEntry } from '../../../src/resources/mounts/fstab.ts';
import { mounted } from '../../../src/resources/mounts/mounted.ts';
import { storageMount } from '../../../src/resources/mounts/storage.ts';
import { packages } from '../../../src/resources/packages/packages.ts';
import type { Diff, Resource } from '../../../src/resources/resource.ts';
import { sysctl } from '../../../src/resources/sysctl/sysctl.ts';
import { daemonReload } from '../../../src/resources/systemd/daemon-reload.ts';
import { managerSettings } from '../../../src/resources/systemd/manager-settings.ts';
import { noUnits } from '../../../src/resources/systemd/no-units.ts';
import { unit } from '../../../src/resources/systemd/unit.ts';
import { timezone } from '../../../src/resources/timezone/timezone.ts';
import { tomlKeys } from '../../../src/resources/toml/toml-keys.ts';
import { casesOf, contextOf, kindsWithCases, observationOf, reveal } from './cases.ts';

const names = z.array(z.string());
const table = z.record(z.string(), z.string());
const text = z.string();
const grub = z.strictObject({ family: z.enum(['debian', 'redhat']), arguments: table });

const checked =
  <T>(schema: z.ZodType<T>, make: (spec: T) => Resource) =>
  (spec: unknown): Resource =>
    make(schema.parse(spec));

/** Leaves out what is undefined: an option that is not given is not there. */
const given = <T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as never;

/** What may run by a unit: the process of /opt/w. */
const WORKER = {
  name: 'P1-1',
  repository: '/opt/w',
  known: { by: 'argument' },
  program: '/opt/lotus-worker',
  environment: [],
} as const;

/** How the specification of a case becomes a resource. */
const KINDS: Readonly<Record<string, (spec: unknown) => Resource>> = {
  archive: checked(
    z.strictObject({
      url: text,
      sha256: text,
      directory: text,
      credentials: z.strictObject({ user: text, password: text }).optional(),
      keep: z.int(),
      links: names.optional(),
      members: names.optional(),
    }),
    (spec) => archive(given(spec)),
  ),
  command: checked(z.strictObject({ name: text, guard: text, run: text }), command),
  cron: checked(z.strictObject({ user: text, line: text.nullable(), match: text }), cron),
  'daemon-reload': checked(z.strictObject({ units: names, files: names }), daemonReload),
  directory: checked(z.strictObject({ path: text, mode: text.optional() }), (spec) => directory(given(spec))),
  file: checked(
    z.strictObject({
      path: text,
      /** Text, or pieces of it with the names of secrets between. */
      content: z.union([text.transform((whole) => [whole]), contentSchema]),
      mode: text.optional(),
      owner: text.optional(),
      group: text.optional(),
    }),
    (spec) => file(given(spec)),
  ),
  fstab: checked(z.strictObject({ source: text, target: text, fstype: text, options: names }), fstabEntry),
  'grub-arguments': checked(grub, grubArguments),
  'grub-config': checked(grub, grubConfig),
  hostname: checked(text, hostname),
  hugepages: checked(z.strictObject({ pageKib: z.int(), perNode: z.array(z.int()), unit: text }), hugepages),
  'kernel-arguments': checked(z.strictObject({ arguments: table }), kernelArguments),
  link: checked(z.strictObject({ path: text, target: text }), link),
  'manager-settings': checked(table, managerSettings),
  mounted: checked(
    z.strictObject({
      target: text,
      fstype: text,
      options: names.optional(),
      kernelArguments: names.optional(),
    }),
    (spec) => mounted(given(spec)),
  ),
  'no-lines': checked(z.strictObject({ path: text, match: text }), noLines),
  'no-units': checked(z.strictObject({ file: text, units: names }), (spec) =>
    noUnits({ ...spec, processes: [WORKER] }),
  ),
  packages: checked(
    z.strictObject({
      manager: z.enum(['apt', 'yum']),
      names,
      mayRemove: names.optional(),
      mayUpgrade: names.optional(),
    }),
    (spec) => packages(given(spec)),
  ),
  storage: checked(z.strictObject({ name: text, target: text, fstypes: names, source: text }), (spec) =>
    storageMount({ ...spec, isSource: (seen) => seen === spec.source }),
  ),
  sysctl: checked(z.strictObject({ settings: table }), sysctl),
  timezone: checked(text, timezone),
  toml: checked(
    z.strictObject({
      path: text,
      keys: z.array(z.strictObject({ path: names, value: z.union([z.string(), z.number(), z.boolean()]) })),
      waitsFor: z.strictObject({ sign: text, message: text }),
    }),
    tomlKeys,
  ),
  unit: checked(
    z.strictObject({
      name: text,
      enabled: z.boolean().optional(),
      active: z.enum(['started', 'stopped']).optional(),
    }),
    (spec) => unit(given(spec)),
  ),
};

/** A diff as a case states it: the state's name where there is nothing more to it, steps as the bash they become. */
const asStated = (diff: Diff, withStep: boolean): unknown => {
  if (diff.state === 'same') return 'same';
  if (diff.state === 'violated') {
    const { next, ...violation } = diff.violation;
    return { state: 'violated', violation: { ...violation, ...(next && { next: sayNext(next) }) } };
  }
  if (diff.state !== 'change') return diff;
  const { steps, ...change } = diff.change;
  const step = steps.map((one) => bashOf(one, reveal)).join('\n');
  return { state: 'change', ...change, ...(withStep && { step }) };
};

describe.each(kindsWithCases())('%s', (kind) => {
  it.each(casesOf(kind).map((one) => [one.shows, one] as const))('%s', (_, one) => {
    const make = KINDS[kind];
    if (!make) throw new Error(`no kind for the folder ${kind}`);
    const diff = make(one.spec).diff(observationOf(one), contextOf(one));
    const withStep = typeof one.expect === 'object' && 'step' in one.expect;
    expect(asStated(diff, withStep)).toEqual(one.expect);
  });
});

it('has cases for every kind', () => {
  expect(kindsWithCases()).toEqual(Object.keys(KINDS).sort());
});
