import { words } from '../core/shell.ts';
import { unseen } from './observation.ts';
import { checkedPath } from './path.ts';
import type { Resource } from './resource.ts';
import { changeOr, detail, inTheWay } from './resource.ts';

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
  const step = words('put_directory', path, mode, owner, group);
  return {
    id: `directory:${path}`,
    probes: [{ probe: 'path', path, text: 'never' }],
    diff: (seen) => {
      const now = seen.paths.get(path);
      if (!now) return unseen(seen, `path ${path}`);
      if (now.type === 'absent') {
        return { state: 'change', change: { action: 'create', details: detail('mode', null, mode), step } };
      }
      if (now.type !== 'directory') {
        return inTheWay(path, 'is not a directory');
      }
      return changeOr(
        [
          ...detail('mode', now.mode, mode),
          ...detail('owner', `${now.owner}:${now.group}`, `${owner}:${group}`),
        ],
        { action: 'update', step },
      );
    },
  };
};
