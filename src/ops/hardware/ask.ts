import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import { withoutComments, words } from '../../core/shell.ts';
import type { Query } from '../../engine/query.ts';
import { answerOf } from '../../resources/look.ts';
import { factsCall, factsShell, parseFacts } from '../../resources/machine/look.ts';
import { readDisks, readRaids, readRecorded } from './disks.ts';
import { readCardSlots, readMemory } from './dmi.ts';
import { readBusGpus, readDriver, readKernelSlots } from './gpus.ts';
import shell from './hardware.sh';
import { LOG_DAYS, logAwk, readLog } from './kernel-log.ts';
import type { Known } from './known.ts';
import { told, unknown } from './known.ts';
import { readNics } from './nics.ts';
import { textsOf, unsaid } from './said.ts';
import type { HardwareSeen, MachineNames, ModuleErrors } from './seen.ts';
import { MACHINE_NAMES } from './seen.ts';

/** Seconds that all parts have together; what has not answered by then is not known. */
const SECONDS = 25;
/** Milliseconds: each part that hangs is waited for a second more. */
const DEADLINE = (SECONDS + 25) * 1000;

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
  deadline: DEADLINE,
});

/** Bash 4.2 that prints the rows. */
export const hardwareScript = (mounts: readonly string[]): string =>
  [
    'set -u +e',
    'if [[ -d /dev/shm && -w /dev/shm ]]; then TMPDIR=/dev/shm; fi',
    withoutComments(factsShell),
    factsCall,
    withoutComments(shell),
    words('hardware', String(SECONDS), logAwk(), String(LOG_DAYS), ...mounts),
    '',
  ].join('\n');

/** Reads the rows of hardware.sh. An answer without its last row broke off and is not used at all. */
export const parseHardware = (text: string, mask: (text: string) => string): Result<HardwareSeen, string> => {
  const rows = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'));
  if (rows.at(-1)?.[0] !== 'over') return err('the answer of the host broke off before its end');
  const answer = answerOf(rows);
  const facts = parseFacts(answer);
  if (!facts.ok) return facts;
  const of = (tag: string) => (answer.get(tag) ?? []).map(([, ...fields]) => fields);
  const ended = new Set(of('part').map(([name]) => name));
  /** What a part has told, where it came to its end: a list that broke off would lack what is there. */
  const part = <T>(name: string, value: () => T): Known<T> =>
    ended.has(name) ? told(value()) : unknown('the host did not tell it in time');
  const texts = textsOf(of('text'), mask);
  const program = <T>(name: string, text: string, read: (text: string) => T): Known<T> => {
    const said = texts.get(text);
    const why = unsaid(name, said);
    return why === null && said ? told(read(said.text)) : unknown(why ?? '');
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
    disks: ended.has('nvme')
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
