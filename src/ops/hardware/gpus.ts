import { gpuAddress } from '../../resources/gpus/look.ts';
import type { Known } from '../host-parts/known.ts';
import { told, unknown } from '../host-parts/known.ts';
import type { TextSaid } from '../host-parts/said.ts';
import { lateWhy } from '../host-parts/said.ts';
import type { CardSlot } from './dmi.ts';

/** A GPU that the machine shows on its bus. */
export interface BusGpu {
  /** `0000:21:00.0` */
  readonly address: string;
  /** Addresses of the bridges before it and its own, from the root. */
  readonly path: readonly string[];
  /** Lanes of its link now, and at the most; null: the kernel does not tell. */
  readonly width: number | null;
  readonly mostWidth: number | null;
}

/** A GPU as its driver tells it. What it does not tell is empty. */
export interface DriverGpu {
  readonly address: string;
  readonly name: string;
  readonly serial: string;
  readonly uuid: string;
  readonly firmware: string;
  readonly driver: string;
}

/** A slot as the kernel knows it. */
export interface KernelSlot {
  readonly name: string;
  /** `0000:21:00` */
  readonly address: string;
}

type Row = readonly string[];

const lanes = (text: string): number | null => {
  const number = Number(/^\d{1,3}$/.exec(text)?.[0]);
  // 63 and 255 are read where nothing answers any more.
  return number > 0 && number <= 32 ? number : null;
};

export const readBusGpus = (rows: readonly Row[]): readonly BusGpu[] =>
  rows.flatMap(([address = '', path = '', width = '', most = '']) =>
    address === ''
      ? []
      : [
          {
            address,
            path: path.split('/').filter((part) => /^[\da-f]{4}:[\da-f]{2}:[\da-f]{2}\.[\da-f]$/.test(part)),
            width: lanes(width),
            mostWidth: lanes(most),
          },
        ],
  );

export const readKernelSlots = (rows: readonly Row[]): readonly KernelSlot[] =>
  rows.flatMap(([name = '', address = '']) => (name === '' || address === '' ? [] : [{ name, address }]));

/** What nvidia-smi says, and why it says nothing: that may name a card that is lost. */
export interface DriverSaid {
  readonly gpus: Known<readonly DriverGpu[]>;
  /** Addresses of cards that it calls lost or cannot get hold of. */
  readonly lost: readonly string[];
}

/** Reads what nvidia-smi has printed; `cards`: what the driver says of itself below /proc. */
export const readDriver = (text: TextSaid | null, cards: readonly Row[]): DriverSaid => {
  if (text === null) return { gpus: unknown('nvidia-smi gave no answer in time'), lost: [] };
  if (text.status === 'not loaded') return { gpus: unknown('the NVIDIA driver is not loaded'), lost: [] };
  if (text.status === 'none')
    return { gpus: fromCards(cards) ?? unknown('there is no nvidia-smi'), lost: [] };
  const lines = text.text.split('\n').filter((line) => line.trim() !== '');
  const gpus = lines.flatMap((line) => readGpu(line, cards) ?? []);
  const lost = lines.flatMap((line) => (/unable|lost|error/i.test(line) ? (gpuAddress(line) ?? []) : []));
  const late = lateWhy('nvidia-smi', text);
  if (late !== null) return { gpus: unknown(late), lost };
  if (text.status === '0' && gpus.length > 0) return { gpus: told(gpus), lost };
  if (/no devices were found/i.test(text.text)) return { gpus: told([]), lost };
  // It gives up at the first card that is lost; the others are as the driver itself lists them.
  const others = fromCards(cards);
  if (lost.length > 0 && others)
    return { gpus: told(others.value.filter(({ address }) => !lost.includes(address))), lost };
  return { gpus: unknown(lines.at(-1)?.trim() || `nvidia-smi ended with status ${text.status}`), lost };
};

const fromCards = (
  cards: readonly Row[],
): { readonly type: 'told'; readonly value: readonly DriverGpu[] } | null =>
  cards.length === 0
    ? null
    : {
        type: 'told',
        value: cards.flatMap(([address = '', name = '', uuid = '']) =>
          address === '' ? [] : [{ address, name, uuid: known(uuid), serial: '', firmware: '', driver: '' }],
        ),
      };

/** `[N/A]`, `[Not Supported]`, `0`, and `GPU-????????-…` of a card that does not answer. */
const known = (field: string): string => (/^(\[.*\]|N\/A|0|GPU-\?.*)$/.test(field) ? '' : field);

/** `00000000:21:00.0, 0323117012345, GPU-…, 94.02.42, 535.54, 16, 16, NVIDIA GeForce RTX 3090` */
const readGpu = (line: string, cards: readonly Row[]): DriverGpu | null => {
  const fields = line.split(',').map((field) => field.trim());
  const [bus = '', serial = '', uuid = '', firmware = '', driver = '', , , ...name] = fields;
  const address = /^[\da-f]{4,8}:/i.test(bus) ? gpuAddress(bus) : null;
  if (address === null || fields.length < 8) return null;
  const card = cards.find(([one]) => one === address);
  return {
    address,
    name: name.join(', ') || (card?.[1] ?? ''),
    serial: known(serial),
    uuid: known(uuid) || known(card?.[2] ?? ''),
    firmware: known(firmware),
    driver: known(driver),
  };
};

/** The slot that a card is in: as the kernel knows it, else as the firmware does; null: neither. */
export const slotOf = (
  path: readonly string[],
  kernel: readonly KernelSlot[],
  firmware: readonly CardSlot[],
): string | null => {
  for (const address of path.toReversed()) {
    const place = address.replace(/\.[\da-f]$/, '');
    const slot = firmware.find((one) => one.address?.replace(/\.[\da-f]$/, '') === place);
    // The firmware writes what is printed on the board; of the kernel it is a number most often.
    if (slot) return slot.name;
    const numbered = kernel.find((one) => one.address === place);
    if (numbered) return `slot ${numbered.name}`;
  }
  return null;
};
