import { fcopsCommand } from '../../core/next.ts';
import { nameOfMany } from '../names.ts';
import { checkedPath } from '../path/checked-path.ts';
import { askText, pathLook } from '../path/look.ts';
import type { Resource } from '../resource.ts';
import { SAME } from '../resource.ts';
import type { KeptChange } from './kept.ts';
import type { Undoing } from './undoing.ts';
import { isState } from './undoing.ts';

/**
 * That no later run has changed what is put back: all that one of them changed is told together, with the run that has to
 * be rolled back first.
 */
export const keptByNobodyElse = (
  by: string,
  changes: readonly KeptChange[],
  { run }: Pick<Undoing, 'run'>,
): Resource => ({
  kind: 'kept',
  id: `kept:${by}`,
  title: `changes of ${by}`,
  asks: changes.map(({ key }) => askText(checkedPath(key))),
  diff: (seen) => {
    const others = changes.filter(({ key, was, lefts }) => {
      const now = pathLook.seen(seen, key);
      return now && !isState(now, was) && !lefts.some((left) => isState(now, left));
    });
    if (others.length === 0) return SAME;
    return {
      state: 'violated',
      violation: {
        message: `${nameOfMany(others.map(({ key }) => key))} ${others.length === 1 ? 'is' : 'are'} not as ${run} left ${others.length === 1 ? 'it' : 'them'}: ${by} has changed ${others.length === 1 ? 'it' : 'them'} since`,
        next: [fcopsCommand(['rollback', by], 'roll that one back first')],
        severity: 'enforce',
      },
    };
  },
});
