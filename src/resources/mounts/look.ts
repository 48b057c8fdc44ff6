import { words } from '../../core/shell.ts';
import type { Ask } from '../look.ts';
import { defineLook } from '../look.ts';
import shell from './look.sh';

/** What is mounted at a directory, and how much room it has. */
export interface MountAsk extends Ask {
  readonly look: 'mount';
  readonly target: string;
}

export interface MountState {
  readonly source: string;
  readonly fstype: string;
  readonly options: readonly string[];
  readonly bytes: number;
  readonly freeBytes: number;
}

/** What is mounted at a directory. */
export const askMount = (target: string): MountAsk => ({ look: 'mount', target });

/** Bash that reads the tables of mounts; the step that mounts looks with it too. */
export const mountShell: string = shell;

/** `\040` and the like, as the kernel writes blanks in its tables of mounts. */
export const decodeOctal = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));

/** What is mounted at a directory, and its room; null where nothing is. */
export const mountLook = defineLook<MountAsk, MountState | null>({
  name: 'mount',
  is: (ask): ask is MountAsk => ask.look === 'mount',
  shell: [mountShell],
  key: ({ target }) => target,
  call: (asks) => words('fcops_mounts', ...asks.map(({ target }) => target)),
  rows: ['mount', 'room'],
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
    for (const [tag, target = '', mount] of rows) {
      if (tag !== 'mount') continue;
      if (mount === undefined) {
        seen.set(target, null);
        continue;
      }
      const [own = '', fstype = '', source = '', ofSuper = ''] = mount.split(' ');
      const options = [...new Set([...own.split(','), ...ofSuper.split(',')])].filter(Boolean);
      const known = room.get(target) ?? { bytes: 0, freeBytes: 0 };
      seen.set(target, { source: decodeOctal(source), fstype, options, ...known });
    }
    return { seen, reasons: new Map() };
  },
});
