import { checkedPath } from '../path/checked-path.ts';
import { inTheWay } from '../path/in-the-way.ts';
import { askPath, pathLook } from '../path/look.ts';
import type { Resource } from '../resource.ts';
import { changeOr, detail } from '../resource.ts';
import { DIRECTORY_DEADLINE } from './step.ts';

export interface DirectorySpec {
  readonly path: string;
  /** Four octal digits; 0755 unless given. */
  readonly mode?: string;
  readonly owner?: string;
  readonly group?: string;
}

/** A directory with this owner and mode; its parents are made where they are missing. */
export const directory = (spec: DirectorySpec): Resource => {
  const path = checkedPath(spec.path);
  const { mode = '0755', owner = 'root', group = 'root' } = spec;
  const steps = [{ step: 'put-directory', path, mode, owner, group, deadline: DIRECTORY_DEADLINE } as const];
  return {
    kind: 'directory',
    id: `directory:${path}`,
    title: `directory ${path}`,
    asks: [askPath(path)],
    provides: [{ type: 'path', path }],
    leaves: (host) => host.putPath(path, { type: 'directory', mode, owner, group }),
    diff: (seen) => {
      const now = pathLook.seen(seen, path);
      if (!now) return pathLook.unseen(seen, path);
      if (now.type === 'absent') {
        return { state: 'change', change: { action: 'create', details: detail('mode', null, mode), steps } };
      }
      if (now.type !== 'directory') return inTheWay(path, 'is not a directory');
      return changeOr(
        [
          ...detail('mode', now.mode, mode),
          ...detail('owner', `${now.owner}:${now.group}`, `${owner}:${group}`),
        ],
        { action: 'update', steps },
      );
    },
  };
};
