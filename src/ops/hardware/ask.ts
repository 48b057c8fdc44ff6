import type { Result } from '../../core/result.ts';
import { ok } from '../../core/result.ts';
import { withoutComments, words } from '../../core/shell.ts';
import type { Query } from '../../engine/query.ts';
import { answerOf } from '../../resources/look.ts';
import { factsCall, factsShell, parseFacts } from '../../resources/machine/look.ts';
import type { PartsQuestion } from '../host-parts/ask.ts';
import { partsDeadline, partsScript, readParts } from '../host-parts/ask.ts';
import type { Known } from '../host-parts/known.ts';
import { told, unknown } from '../host-parts/known.ts';
import { unsaid } from '../host-parts/said.ts';
import { readDisks, readRaids, readRecorded } from './disks.ts';
import { readCardSlots, readMemory } from './dmi.ts';
import { readBusGpus, readDriver, readKernelSlots } from './gpus.ts';
import shell from './hardware.sh';
import { LOG_DAYS, logAwk, readLog } from './kernel-log.ts';
import { readNics } from './nics.ts';
import type { HardwareSeen, MachineNames, ModuleErrors } from './seen.ts';
import { MACHINE_NAMES } from './seen.ts';

/** Seconds that all parts have together; what has not answered by then is not known. */
const SECONDS = 25;

const PARTS = [
  'machine',
  'modules',
  'slots',
  'errors',
  'pci',
  'driver',
  'cards',
  'nvme',
  'health',
  'disks',
  'serials',
  'md',
  'mdstat',
  'arrays',
  'nics',
] as const;

const question = (mounts: readonly string[]): PartsQuestion => ({
  before: [withoutComments(factsShell), factsCall, withoutComments(shell)],
  parts: [
    words('hw_log', logAwk(), String(LOG_DAYS)),
    words('hw_mounts', ...mounts),
    ...PARTS.map((name) => `hw_${name}`),
  ],
  seconds: SECONDS,
});

/**
 * Asks a machine for its hardware. `mounts`: directories of which is told what is mounted there; none is touched. `mask`:
 * what of its log and of what programs print may be shown.
 */
export const hardwareQuery = (
  mounts: readonly string[],
  mask: (text: string) => string,
): Query<HardwareSeen> => ({
  name: 'its hardware',
  script: hardwareScript(mounts),
  parse: (text) => parseHardware(text, mask),
  deadline: partsDeadline(question(mounts)),
});

/** Bash 4.2 that prints the rows. */
export const hardwareScript = (mounts: readonly string[]): string => partsScript(question(mounts));

/** Reads the rows of hardware.sh. An answer without its last row broke off and is not used at all. */
export const parseHardware = (text: string, mask: (text: string) => string): Result<HardwareSeen, string> => {
  const said = readParts(text, mask);
  if (!said.ok) return said;
  const { of, before, ended, texts } = said.value;
  const facts = parseFacts(answerOf(before));
  if (!facts.ok) return facts;
  /** What a part has told, where it came to its end: a list that broke off would lack what is there. */
  const part = <T>(name: 'mounts' | (typeof PARTS)[number], value: () => T): Known<T> =>
    ended.has(`hw_${name}`) ? told(value()) : unknown('the host did not tell it in time');
  const program = <T>(name: string, key: string, read: (text: string) => T): Known<T> => {
    const printed = texts.get(key);
    const why = unsaid(name, printed);
    return why === null && printed ? told(read(printed.text)) : unknown(why ?? '');
  };
  const boot = bootOf(of('boot')[0]?.[0]);
  const memory = program('dmidecode', 'memory', readMemory);
  return ok({
    facts: facts.value,
    names: namesIn(of('dmi')),
    boot,
    memory:
      memory.type === 'told' && memory.value.length === 0
        ? unknown('the firmware tells of no memory modules')
        : memory,
    moduleErrors: part('errors', () => of('module').flatMap(readErrors)),
    bus: part('pci', () => readBusGpus(of('pci'))),
    driver: readDriver(texts.get('gpus') ?? null, of('card')),
    kernelSlots: readKernelSlots(of('slot')),
    cardSlots: program('dmidecode', 'slots', readCardSlots),
    disks: ended.has('hw_nvme')
      ? part('disks', () => readDisks(of('nvme'), of('disk'), texts))
      : unknown('the host did not tell it in time'),
    raids: part('md', () => readRaids(of('md'), of('member'))),
    recorded: program('mdadm', 'arrays', readRecorded),
    mdstat: texts.get('mdstat')?.text ?? null,
    mounts: part('mounts', () => mountsIn(of('mounted'))),
    nics: part('nics', () => readNics(of('nic'))),
    log: readLog(of, boot, mask),
  });
};

const bootOf = (text: string | undefined): number | null =>
  /^[1-9]\d{0,11}$/.test(text ?? '') ? Number(text) : null;

const namesIn = (rows: readonly (readonly string[])[]): MachineNames =>
  new Map(
    MACHINE_NAMES.flatMap((name) => {
      const value = rows.find(([key]) => key === name)?.[1];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );

const readErrors = ([
  controller = '',
  label = '',
  corrected = '',
  wrong = '',
]: readonly string[]): ModuleErrors[] =>
  /^\d{1,15}$/.test(corrected) && /^\d{1,15}$/.test(wrong)
    ? [{ label: label || controller, corrected: Number(corrected), wrong: Number(wrong) }]
    : [];

/** The last mount of a directory is the one that is seen. */
const mountsIn = (
  rows: readonly (readonly string[])[],
): ReadonlyMap<string, { readonly source: string; readonly fstype: string }> =>
  new Map(
    rows.flatMap(([target = '', source = '', fstype = '']) =>
      target === '' ? [] : [[target, { source, fstype }] as const],
    ),
  );
