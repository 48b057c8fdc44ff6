import { shellOnHost } from '../../core/next.ts';
import { sha256 } from '../../core/sha256.ts';
import { askCrontab, crontabLook } from '../cron/look.ts';
import type { Observation } from '../look.ts';
import { checkedPath } from '../path/checked-path.ts';
import { askText, pathLook } from '../path/look.ts';
import type { Resource } from '../resource.ts';
import { SAME } from '../resource.ts';
import type { KeptChange } from './kept.ts';
import { crontabCopyOf } from './kept.ts';
import { lineDifference } from './lines.ts';
import { nameIn } from './settings.ts';
import { RESTORE_DEADLINE } from './step.ts';
import type { Undoing } from './undoing.ts';
import { changedSince, copyGone, PUT_BACK } from './undoing.ts';

/** A table whose last line may lack its end, which installing it gives it. */
const whole = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`);

const sumOf = (text: string): string => (text === '' ? 'absent' : sha256(text));

const EMPTY = sha256('');

/** A table with nothing in it, and none: both start nothing. */
const plain = (state: string): string => (state === EMPTY ? 'absent' : state);

/** The crontab of a user as it was before: all of it, so only where nobody has changed it since. */
export const keptCrontab = (change: KeptChange, undoing: Undoing): Resource => {
  const user = nameIn(change);
  const was = plain(change.was.state);
  const copy = was === 'absent' ? null : checkedPath(crontabCopyOf(change, user));
  return {
    kind: 'cron',
    id: `kept:${change.key}`,
    title: `crontab of ${user}`,
    asks: [askCrontab(user), ...(copy === null ? [] : [askText(copy)])],
    diff: (seen, { showReplaced = false }) => {
      const text = crontabLook.seen(seen, user);
      if (text === undefined) return crontabLook.unseen(seen, user);
      const now = whole(text ?? '');
      if (sumOf(now) === was) return SAME;
      if (!change.lefts.some(({ state }) => plain(state) === sumOf(now)))
        return changedSince(undoing, {
          key: change.key,
          what: `the crontab of ${user}`,
          how: 'it has other lines',
          next: [
            shellOnHost(
              copy === null ? `crontab -l -u ${user}` : `crontab -l -u ${user} | diff ${copy} -`,
              'see how it differs from what it was before',
            ),
            PUT_BACK,
          ],
        });
      const before = keptText(seen, copy, was);
      if (before === undefined)
        return copyGone(undoing, { what: `the crontab of ${user}`, copy: copy ?? '' });
      return {
        state: 'change',
        change: {
          action: was === 'absent' ? 'remove' : 'update',
          details: [],
          lines: lineDifference(now, before, showReplaced),
          steps: [{ step: 'restore-crontab', user, seen: sha256(now), copy, deadline: RESTORE_DEADLINE }],
        },
      };
    },
  };
};

/** The text that was kept, empty where there was none; undefined where the copy is not what it was. */
const keptText = (seen: Observation, copy: string | null, was: string): string | undefined => {
  if (copy === null) return '';
  const kept = pathLook.seen(seen, copy);
  const text = kept?.type === 'file' ? kept.text : undefined;
  return text !== undefined && sumOf(whole(text)) === was ? text : undefined;
};
