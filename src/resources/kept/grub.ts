import type { OsFamily } from '../../core/distributions.ts';
import { GRUB_DEFAULTS } from '../grub/grub-arguments.ts';
import { GRUB_DEADLINE } from '../grub/step.ts';
import { checkedPath } from '../path/checked-path.ts';
import { askSum, pathLook } from '../path/look.ts';
import { stateWord } from '../path/state.ts';
import type { Resource } from '../resource.ts';
import { changeOr, detail, SAME } from '../resource.ts';
import type { KeptChange } from './kept.ts';
import { nameIn } from './settings.ts';
import type { Undoing } from './undoing.ts';
import { copyGone } from './undoing.ts';

/**
 * GRUB's own configuration as it was before, where it is still as the run wrote it. Where it has been written anew since
 * (a kernel was installed) it is written anew again, if /etc/default/grub is put back in this run: it follows from that
 * and from the kernels that are there by now.
 */
export const keptGrub = (
  change: KeptChange,
  { run, family }: Pick<Undoing, 'run'> & { readonly family: OsFamily },
): Resource => {
  const path = checkedPath(nameIn(change));
  const copy = checkedPath(`${change.directory}/replaced${path}`);
  const { was, lefts } = change;
  return {
    kind: 'grub-config',
    id: `kept:${change.key}`,
    title: 'grub.cfg',
    asks: [askSum(path), askSum(copy)],
    needs: [{ type: 'path', path: GRUB_DEFAULTS }],
    diff: (seen, { pending }) => {
      const now = pathLook.seen(seen, path);
      const kept = pathLook.seen(seen, copy);
      if (!now) return pathLook.unseen(seen, path);
      if (!kept) return pathLook.unseen(seen, copy);
      const word = stateWord(now);
      const { state } = was;
      // A machine is never left without one.
      if (word === state || state === 'absent') return SAME;
      if (!lefts.some((left) => left.state === word))
        return changeOr(
          pending({ type: 'path', path: GRUB_DEFAULTS })
            ? detail('grub.cfg', 'older than /etc/default/grub', 'written anew')
            : [],
          {
            action: 'run',
            steps: [{ step: 'update-grub', family, arguments: [], deadline: GRUB_DEADLINE }],
          },
        );
      if (stateWord(kept) !== state) return copyGone({ run }, { what: path, copy });
      return {
        state: 'change',
        change: {
          action: 'update',
          details: detail('grub.cfg', 'as the run wrote it', 'as it was before'),
          steps: [{ step: 'restore-grub', path, copy, sha256: state, seen: word, deadline: GRUB_DEADLINE }],
        },
      };
    },
  };
};
