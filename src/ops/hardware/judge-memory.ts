import { count, formatBytes, GiB, KiB } from '../../core/units.ts';
import { isShortOfMemory } from '../../layout/compare.ts';
import type { MemorySlot } from './dmi.ts';
import { missingModules } from './dmi.ts';
import type { HardwareExpected } from './expected.ts';
import type { HardwareFinding } from './finding.ts';
import { broken, notKnown, suspect } from './finding.ts';
import type { HardwareSeen } from './seen.ts';

/** Errors that a module has mended by itself before it is told of: a few of them are no sign. */
const MANY_CORRECTED = 10;

/** `P1-DIMMA1 (64 GiB, Samsung M393A8G40AB2, serial 12345678)` */
export const moduleText = ({ slot, module }: MemorySlot): string => {
  if (module === null) return `${slot} (empty)`;
  const { bytes, maker, part, serial } = module;
  const about = [
    bytes === null ? 'size not known' : formatBytes(bytes),
    [maker, part].filter(Boolean).join(' '),
    serial && `serial ${serial}`,
  ];
  return `${slot} (${about.filter(Boolean).join(', ')})`;
};

/** Whether all of the memory is there, and none of it fails. */
export const judgeMemory = (
  { facts, memory, moduleErrors }: Pick<HardwareSeen, 'facts' | 'memory' | 'moduleErrors'>,
  { memoryGiB }: Pick<HardwareExpected, 'memoryGiB'>,
): HardwareFinding[] => [
  ...sizeFindings(facts.memoryKib, memory.type === 'told' ? memory.value : null, memoryGiB),
  ...(memory.type === 'unknown'
    ? [notKnown('memory', `the memory modules are not known: ${memory.why}`)]
    : []),
  ...(moduleErrors.type === 'told' ? errorFindings(moduleErrors.value) : []),
];

const sizeFindings = (
  memoryKib: number,
  slots: readonly MemorySlot[] | null,
  wantedGiB: number | null,
): HardwareFinding[] => {
  const has = `${((memoryKib * KiB) / GiB).toFixed(1)} GiB`;
  const isShort = wantedGiB !== null && isShortOfMemory(wantedGiB, memoryKib);
  const missing = slots ? missingModules(slots) : [];
  const where = placesText(slots, missing);
  if (isShort)
    return [broken('memory', `memory: the machine has ${has}, wanted are ${wantedGiB} GiB${where}`)];
  const installed = installedBytes(slots);
  if (installed !== null && isShortOfMemory(installed / GiB, memoryKib))
    return [
      broken(
        'memory',
        `memory: the firmware lists modules of ${formatBytes(installed)}, the kernel has ${has}: the firmware has switched some off`,
      ),
    ];
  // Where it is known how much is wanted, and that is there, an empty place is no fault.
  return wantedGiB === null && missing.length > 0
    ? [suspect('memory', `memory modules may be missing${where}`)]
    : [];
};

const placesText = (slots: readonly MemorySlot[] | null, missing: readonly MemorySlot[]): string => {
  if (slots === null) return '';
  const names = (some: readonly MemorySlot[]) => some.map(({ slot }) => slot).join(', ');
  if (missing.length > 0)
    return `: ${count(missing.length, 'slot')} without a module, unlike those named alike: ${names(missing)}`;
  const empty = slots.filter(({ module }) => module === null);
  return empty.length === 0 ? ': no slot is empty' : `: empty slots: ${names(empty)}`;
};

/** Null: of some module nobody knows. */
const installedBytes = (slots: readonly MemorySlot[] | null): number | null => {
  if (slots === null) return null;
  const sizes = slots.flatMap(({ module }) => (module ? [module.bytes] : []));
  return sizes.reduce<number | null>((sum, size) => (sum === null || size === null ? null : sum + size), 0);
};

const errorFindings = (
  modules: NonNullable<Extract<HardwareSeen['moduleErrors'], { type: 'told' }>>['value'],
) =>
  modules.flatMap(({ label, corrected, wrong }): HardwareFinding[] => {
    if (wrong > 0)
      return [
        broken(
          'memory',
          `memory module ${label}: ${count(wrong, 'error')} that could not be corrected since the start`,
        ),
      ];
    return corrected >= MANY_CORRECTED
      ? [suspect('memory', `memory module ${label}: ${count(corrected, 'corrected error')} since the start`)]
      : [];
  });
