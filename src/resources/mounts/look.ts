import { words } from '../../core/shell.ts';
import type { Ask } from '../look.ts';
import { defineLook } from '../look.ts';
import shell from './look.sh';
import network from './network.sh';
import room from './room.sh';

/** What is mounted at a directory, and how much room it has. */
export interface MountAsk extends Ask {
  readonly look: 'mount';
  readonly target: string;
  /** Sizes that it shall have (`size=64G`): where it has others, who uses it is looked for too. */
  readonly sizes?: { readonly fstype: string; readonly options: readonly string[] };
}

/** A process that uses what is mounted somewhere. */
export interface MountUser {
  readonly pid: number;
  readonly name: string;
}

export interface MountState {
  readonly source: string;
  readonly fstype: string;
  readonly options: readonly string[];
  readonly bytes: number;
  readonly freeBytes: number;
  /** What is wrong with one that may hang: `did not answer within 5 s`. Then its room is not known. */
  readonly trouble?: string;
  /** Who uses it: only looked for where it has not the sizes that were asked for. */
  readonly users: readonly MountUser[];
}

/** What is mounted at a directory. */
export const askMount = (target: string, sizes?: MountAsk['sizes']): MountAsk => ({
  look: 'mount',
  target,
  ...(sizes && { sizes }),
});

/** Bash that knows the mounts that may hang, and how to look at what may be on one. */
export const networkShell: string = network;

/** Bash that reads the tables of mounts; the step that mounts looks with it too. */
export const mountShell: string = shell;

/** `\040` and the like, as the kernel writes blanks in its tables of mounts. */
export const decodeOctal = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));

/** What is mounted at a directory, and its room; null where nothing is. */
export const mountLook = defineLook<MountAsk, MountState | null>({
  name: 'mount',
  is: (ask): ask is MountAsk => ask.look === 'mount',
  shell: [mountShell, networkShell, room],
  touches: ({ target }) => [target],
  key: ({ target }) => target,
  merge: (a, b) => (a.sizes ? a : b),
  call: (asks) =>
    [
      words('fcops_mounts', ...asks.map(({ target }) => target)),
      ...asks.flatMap(({ target, sizes }) =>
        sizes ? [words('fcops_mount_sizes', target, sizes.fstype, ...sizes.options)] : [],
      ),
    ].join('\n'),
  bare: () => null,
  rows: ['mount', 'room', 'nomount', 'mount-user'],
  parse: (rows) => {
    const seen = new Map<string, MountState | null>();
    const room = new Map(
      rows
        .filter(([tag]) => tag === 'room')
        .map(([, target = '', unit, blocks, free]) => {
          const size = Number(unit);
          return [target, { bytes: size * Number(blocks), freeBytes: size * Number(free) }] as const;
        }),
    );
    const troubles = new Map(
      rows.filter(([tag]) => tag === 'nomount').map(([, target = '', why = '']) => [target, why]),
    );
    const users = new Map<string, MountUser[]>();
    for (const [tag, target = '', pid, name = ''] of rows) {
      if (tag === 'mount-user') users.set(target, [...(users.get(target) ?? []), { pid: Number(pid), name }]);
    }
    for (const [tag, target = '', mount] of rows) {
      if (tag !== 'mount') continue;
      if (mount === undefined) {
        seen.set(target, null);
        continue;
      }
      const [own = '', fstype = '', source = '', ofSuper = ''] = mount.split(' ');
      const options = [...new Set([...own.split(','), ...ofSuper.split(',')])].filter(Boolean);
      const known = room.get(target) ?? { bytes: 0, freeBytes: 0 };
      const trouble = troubles.get(target);
      seen.set(target, {
        source: decodeOctal(source),
        fstype,
        options,
        ...known,
        ...(trouble !== undefined && { trouble }),
        users: users.get(target) ?? [],
      });
    }
    return { seen, reasons: new Map() };
  },
});
