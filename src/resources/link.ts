import { words } from '../core/shell.ts';
import { unseen } from './observation.ts';
import { checkedPath } from './path.ts';
import type { Resource } from './resource.ts';
import { changeOr, detail } from './resource.ts';
import { stateWord } from './steps.ts';

/** A symbolic link, replaced by rename so that it always points somewhere. */
export const link = (spec: { readonly path: string; readonly target: string }): Resource => {
  const path = checkedPath(spec.path);
  return {
    id: `link:${path}`,
    probes: [{ probe: 'path', path, text: 'unless' }],
    diff: (seen) => {
      const now = seen.paths.get(path);
      if (!now) return unseen(seen, `path ${path}`);
      const before = now.type === 'link' ? now.target : now.type === 'absent' ? null : now.type;
      return changeOr(detail('target', before, spec.target), {
        action: before === null ? 'create' : 'update',
        step: words('put_link', path, spec.target, stateWord(now)),
      });
    },
  };
};
