import { GiB, KiB, MiB, TiB } from '../../core/units.ts';

/** A place for a memory module, as the firmware tells it. */
export interface MemorySlot {
  /** `P1-DIMMA1` */
  readonly slot: string;
  /** Null: empty. */
  readonly module: {
    /** Null: the firmware does not say. */
    readonly bytes: number | null;
    readonly maker: string;
    readonly part: string;
    readonly serial: string;
  } | null;
}

/** A place for a PCI card, as the firmware tells it. */
export interface CardSlot {
  /** `PCIE4`, `CPU1 SLOT2 PCI-E 3.0 X16` */
  readonly name: string;
  /** `x16 PCI Express 3` */
  readonly type: string;
  readonly isUsed: boolean;
  /** `0000:21:00.0`; null: the firmware does not say. */
  readonly address: string | null;
}

type Block = ReadonlyMap<string, string>;

/** The blocks of dmidecode under a title, their values by name. */
const blocksOf = (text: string, title: string): Block[] =>
  text.split(/\n{2,}/).flatMap((block) => {
    const lines = block.split('\n');
    if (!lines.some((line) => line.trim() === title)) return [];
    return [
      new Map(
        lines.flatMap((line): [string, string][] => {
          const [, name, value = ''] = /^\s+([^:]+):\s*(.*?)\s*$/.exec(line) ?? [];
          return name === undefined ? [] : [[name, value]];
        }),
      ),
    ];
  });

/** Firmware has many words for nothing. */
const said = (block: Block, name: string): string => {
  const value = block.get(name) ?? '';
  return /^(unknown|not specified|none|no dimm|n\/a|undefined|to be filled.*|<out of spec>|0x0+|0+)$/i.test(
    value,
  )
    ? ''
    : value;
};

const UNITS: Readonly<Record<string, number>> = { KB: KiB, MB: MiB, GB: GiB, TB: TiB };

const sizeOf = (text: string): number | null => {
  const [, number = '', unit = ''] = /^(\d{1,9}) ([KMGT]B)$/i.exec(text) ?? [];
  const bytes = UNITS[unit.toUpperCase()];
  return bytes === undefined ? null : Number(number) * bytes;
};

/** What `dmidecode -t 17` prints: every place for a memory module. */
export const readMemory = (text: string): readonly MemorySlot[] =>
  blocksOf(text, 'Memory Device').flatMap((block): MemorySlot[] => {
    const slot = said(block, 'Locator') || said(block, 'Bank Locator');
    const size = block.get('Size');
    if (slot === '' || size === undefined) return [];
    if (/^(no module installed|not installed|0 [KMG]?B)$/i.test(size)) return [{ slot, module: null }];
    return [
      {
        slot,
        module: {
          bytes: sizeOf(size),
          maker: said(block, 'Manufacturer'),
          part: said(block, 'Part Number'),
          serial: said(block, 'Serial Number'),
        },
      },
    ];
  });

/** What `dmidecode -t 9` prints: every place for a card. */
export const readCardSlots = (text: string): readonly CardSlot[] =>
  blocksOf(text, 'System Slot Information').flatMap((block): CardSlot[] => {
    const name = said(block, 'Designation');
    if (name === '') return [];
    const address = /^[\da-f]{4}:[\da-f]{2}:[\da-f]{2}\.[\da-f]$/i.exec(block.get('Bus Address') ?? '')?.[0];
    return [
      {
        name,
        type: said(block, 'Type'),
        isUsed: /in use/i.test(block.get('Current Usage') ?? ''),
        // ff: what firmware writes for nothing.
        address: address === undefined || /^[\da-f]{4}:ff:/i.test(address) ? null : address.toLowerCase(),
      },
    ];
  });

/**
 * Places that are empty while those that are named alike but for their CPU (P1-DIMMA1, P2-DIMMA1) are not: a machine has
 * its modules symmetrically. Where that says nothing there are none.
 */
export const missingModules = (slots: readonly MemorySlot[]): readonly MemorySlot[] =>
  slots.filter((one) => {
    if (one.module !== null) return false;
    const number = numberOf(one.slot);
    const alike = slots.filter(({ slot }) => numberOf(slot) === number);
    const empty = alike.filter(({ module }) => module === null).length;
    return empty <= alike.length / 2 && alike.length > 1;
  });

const numberOf = (slot: string): string => /\d+$/.exec(slot)?.[0] ?? '';
