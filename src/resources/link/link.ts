import { checkedPath } from '../path/checked-path.ts';
import { askSum, pathLook } from '../path/look.ts';
import { stateWord } from '../path/state.ts';
import type { Resource } from '../resource.ts';
import { changeOr, detail } from '../resource.ts';
import { LINK_DEADLINE } from './step.ts';

export interface LinkSpec {
  readonly path: string;
  readonly target: string;
}

/** A symbolic link, replaced by rename so that it always points somewhere. */
export const link = ({ path: wanted, target }: LinkSpec): Resource => {
  const path = checkedPath(wanted);
  return {
    kind: 'link',
    id: `link:${path}`,
    title: `link ${path}`,
    asks: [askSum(path)],
    provides: [{ type: 'path', path }],
    leaves: (host) => host.putPath(path, { type: 'link', target }),
    diff: (seen) => {
      const now = pathLook.seen(seen, path);
      if (!now) return pathLook.unseen(seen, path);
      const before = now.type === 'link' ? now.target : now.type === 'absent' ? null : now.type;
      return changeOr(detail('target', before, target), {
        action: before === null ? 'create' : 'update',
        steps: [
          { step: 'put-link', path, target, mustExist: false, seen: stateWord(now), deadline: LINK_DEADLINE },
        ],
      });
    },
  };
};
