import type { Known } from '../host-parts/known.ts';
import { told, unknown } from '../host-parts/known.ts';
import type { TextSaid } from '../host-parts/said.ts';
import { unsaid } from '../host-parts/said.ts';

type Row = readonly string[];

/** What an NVMe disk says of its own health. */
export interface DiskHealth {
  /** What it warns of; none: nothing. */
  readonly warnings: readonly string[];
  readonly mediaErrors: number | null;
  /** Percent of the life that its maker gives it. */
  readonly used: number | null;
}

export interface Disk {
  /** `nvme0n1`, `sda`; of an NVMe disk without a block device its controller, `nvme0`. */
  readonly name: string;
  readonly model: string;
  readonly serial: string;
  readonly firmware: string;
  /** Null: nothing of it can be read or written. */
  readonly bytes: number | null;
  /** PCI address of an NVMe disk; empty: of another one, or not known. */
  readonly address: string;
  /** `live`, `resetting`, `dead` of an NVMe disk; empty: of another one. */
  readonly state: string;
  /** Null: it is no NVMe disk. */
  readonly health: Known<DiskHealth> | null;
}

/** A software RAID as the kernel has put it together. */
export interface Raid {
  readonly name: string;
  /** `raid0`; empty: it has not been put together. */
  readonly level: string;
  /** Disks that it is made of. */
  readonly disks: number;
  /** Disks that it lacks; null: its level knows of none. */
  readonly degraded: number | null;
  /** `clean`, `active`, `inactive`, `broken` … */
  readonly state: string;
  readonly members: readonly { readonly disk: string; readonly state: string }[];
}

/** A software RAID as its disks remember it, put together or not. */
export interface RecordedRaid {
  /** `/dev/md/0` */
  readonly path: string;
  readonly level: string;
  readonly uuid: string;
  readonly disks: number;
  /** Disks that belong to it and are there. */
  readonly present: readonly string[];
}

const integer = (text: string | undefined): number | null =>
  /^\d{1,15}$/.test(text ?? '') ? Number(text) : null;

/** The bits of `critical_warning` (NVM Express, SMART / Health Information). */
const WARNINGS: readonly string[] = [
  'spare room is low',
  'temperature beyond its limit',
  'reliability is degraded by media errors',
  'it is read-only',
  'the backup of its volatile memory failed',
  'its persistent memory is read-only',
];

/** What `nvme smart-log -o json` prints; null: nothing that is understood. */
export const readHealth = (text: string): DiskHealth | null => {
  const json = parsedJson(text.slice(Math.max(0, text.indexOf('{'))));
  if (json === null) return null;
  const warning = numberIn(json.critical_warning);
  if (warning === null) return null;
  const bits = WARNINGS.filter((_, bit) => (Math.floor(warning / 2 ** bit) & 1) === 1);
  return {
    warnings: bits.length === 0 && warning !== 0 ? [`warning ${warning}`] : bits,
    mediaErrors: numberIn(json.media_errors),
    used: numberIn(json.percent_used ?? json.percentage_used),
  };
};

const parsedJson = (text: string): Readonly<Record<string, unknown>> | null => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
};

/** A number, a text of one (`"0x4"`), or an object that has it as its value: versions of nvme-cli differ. */
const numberIn = (value: unknown): number | null => {
  if (typeof value === 'object' && value !== null && 'value' in value) return numberIn(value.value);
  const number = typeof value === 'string' && /^(0x)?[\da-f]+$/i.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
};

export const readDisks = (
  nvme: readonly Row[],
  blocks: readonly Row[],
  texts: ReadonlyMap<string, TextSaid>,
): readonly Disk[] => {
  const serials = serialsOf(texts.get('lsblk')?.text ?? '');
  const bytesOf = (name: string) => {
    const sectors = integer(blocks.find(([one]) => one === name)?.[1]);
    // Sectors of /sys/block are 512 bytes whatever the disk's own are. An empty one is a disk that does not answer.
    return sectors === null || sectors === 0 ? null : sectors * 512;
  };
  const disks = nvme.flatMap(
    ([
      controller = '',
      address = '',
      state = '',
      model = '',
      serial = '',
      firmware = '',
      spaces = '',
    ]): Disk[] => {
      if (controller === '') return [];
      const about = { address, state, model, serial, firmware, health: healthOf(controller, texts) };
      // Of a disk with several paths the kernel's names differ: nvme0c1n1 is nvme0n1.
      const names = spaces.split(' ').flatMap((name) => (name === '' ? [] : [name.replace(/c\d+n/, 'n')]));
      return names.length === 0
        ? [{ name: controller, ...about, bytes: null }]
        : names.map((name) => ({ name, ...about, bytes: bytesOf(name) }));
    },
  );
  const known = new Set(disks.map(({ name }) => name));
  const others = blocks.flatMap(([name = '', , model = '', serial = '']): Disk[] =>
    name === '' || known.has(name)
      ? []
      : [
          {
            ...{ name, model, firmware: '', address: '', state: '', health: null },
            serial: serial || (serials.get(name) ?? ''),
            bytes: bytesOf(name),
          },
        ],
  );
  return [...disks, ...others];
};

const healthOf = (controller: string, texts: ReadonlyMap<string, TextSaid>): Known<DiskHealth> => {
  const said = texts.get(`smart ${controller}`);
  const why = unsaid('nvme', said);
  if (why !== null || said === undefined) return unknown(why ?? '');
  const health = readHealth(said.text);
  return health ? told(health) : unknown('what nvme smart-log prints is not understood');
};

/** `NAME="sda" SERIAL="S3Z8NB0K"` */
const serialsOf = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split('\n').flatMap((line): [string, string][] => {
      const [, name, serial] = /^NAME="([^"]*)" SERIAL="([^"]*)"/.exec(line) ?? [];
      return name === undefined || serial === undefined ? [] : [[name, serial.trim()]];
    }),
  );

export const readRaids = (arrays: readonly Row[], members: readonly Row[]): readonly Raid[] =>
  arrays.flatMap(([name = '', level = '', disks = '', degraded = '', state = '']): Raid[] =>
    name === ''
      ? []
      : [
          {
            ...{ name, level, state },
            disks: integer(disks) ?? 0,
            degraded: integer(degraded),
            members: members.flatMap(([raid, disk = '', of = '']) =>
              raid === name && disk !== '' ? [{ disk, state: of }] : [],
            ),
          },
        ],
  );

/** What `mdadm --examine --scan --verbose` prints. */
export const readRecorded = (text: string): readonly RecordedRaid[] =>
  text.split(/^(?=ARRAY )/m).flatMap((block): RecordedRaid[] => {
    const [, path] = /^ARRAY (\S+)/.exec(block) ?? [];
    const of = (key: string) => new RegExp(`\\s${key}=(\\S+)`).exec(block)?.[1] ?? '';
    const disks = integer(of('num-devices'));
    if (path === undefined || disks === null || of('level') === 'container') return [];
    const present = of('devices').split(',').filter(Boolean);
    return [{ path, level: of('level'), uuid: of('UUID'), disks, present: [...new Set(present)] }];
  });
