import { count } from '../../core/units.ts';
import { askEntries, entriesLook } from '../directory/look.ts';
import { checkedPath } from '../path/checked-path.ts';
import { askPath, pathLook } from '../path/look.ts';
import type { Diff, Resource } from '../resource.ts';
import { SAME } from '../resource.ts';
import type { KeptChange } from './kept.ts';
import { RESTORE_DEADLINE } from './step.ts';
import type { Undoing } from './undoing.ts';
import { changedSince } from './undoing.ts';

/** Names that are told of what is in a directory. */
const TOLD = 3;

/** Whether a run has made this directory. */
export const isMadeDirectory = ({ was, lefts }: KeptChange): boolean =>
  was.state === 'absent' && lefts.at(-1)?.state === 'directory';

/**
 * A directory that a run has made is gone again, where nothing is in it but what goes in the same run. One that holds
 * something else stays, which is told.
 */
export const keptDirectory = (
  change: KeptChange,
  changes: readonly KeptChange[],
  undoing: Pick<Undoing, 'run' | 'later'>,
): Resource => {
  const path = checkedPath(change.key);
  const within = changes.map(({ key }) => key).filter((key) => key.replace(/\/[^/]+$/, '') === path);
  return {
    kind: 'directory',
    id: `kept:${path}`,
    title: `directory ${path}`,
    asks: [askPath(path), askEntries(path)],
    provides: [{ type: 'path', path }],
    needs: within.map((child) => ({ type: 'path', path: child })),
    diff: (seen, { pending }) => {
      const now = pathLook.seen(seen, path);
      if (!now) return pathLook.unseen(seen, path);
      if (now.type === 'absent') return SAME;
      if (now.type !== 'directory')
        return changedSince(undoing, {
          key: change.key,
          what: path,
          how: `it is a ${now.type}`,
          next: [],
        });
      const entries = entriesLook.seen(seen, path);
      if (!entries) return entriesLook.unseen(seen, path);
      if (entries.type === 'mounted') return stays(path, 'a file system is mounted there');
      const going = new Set(within.filter((child) => pending({ type: 'path', path: child })));
      const others = entries.names.filter((name) => !going.has(`${path}/${name}`));
      const left = others.length + entries.count - entries.names.length;
      if (left > 0) return stays(path, `it holds ${named(others, left)}`);
      return {
        state: 'change',
        change: {
          action: 'remove',
          details: [{ name: 'it was not there before', before: null, after: null }],
          steps: [{ step: 'take-away', path, seen: 'directory', deadline: RESTORE_DEADLINE }],
        },
      };
    },
  };
};

const stays = (path: string, why: string): Diff => ({
  state: 'violated',
  violation: { message: `${path} stays: ${why}`, severity: 'warn' },
});

const named = (names: readonly string[], all: number): string => {
  const told = names.slice(0, TOLD);
  const more = all - told.length;
  return [...told, ...(more > 0 ? [`${count(more, 'more entry', 'more entries')}`] : [])].join(', ');
};
