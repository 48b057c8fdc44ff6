import { words } from '../../core/shell.ts';
import type { MountState } from '../observation.ts';
import shell from './mount.sh';
import type { MountProbe } from './probe.ts';
import type { ProbeSort } from './sort.ts';

/** `\040` and the like, as the kernel writes blanks in its tables of mounts. */
export const decodeOctal = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));

/** What is mounted at a directory, and its room; null where nothing is. */
export const mountSort: ProbeSort<MountProbe, MountState | null> = {
  probe: 'mount',
  shell,
  key: ({ target }) => target,
  merge: (a) => a,
  call: (probes) => words('fcops_mounts', ...probes.map(({ target }) => target)),
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
};
