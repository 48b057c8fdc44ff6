import { sha256 } from '../../core/sha256.ts';
import { applyEdit, editDiff, linesOf } from '../edits/edits.ts';
import { checkedLine } from '../names.ts';
import type { Diff, Resource } from '../resource.ts';
import { SAME } from '../resource.ts';
import { askCrontab, crontabLook } from './look.ts';
import { CRON_DEADLINE } from './step.ts';

export interface CronSpec {
  readonly user: string;
  /** Schedule and command; null where no entry that matches shall be there. */
  readonly line: string | null;
  /** Source of a regular expression that finds the entries which `line` stands for. It matches no empty line. */
  readonly match: string;
  /** What the entry is called; `match` where it is left out. */
  readonly name?: string;
}

const NO_CRON: Diff = {
  state: 'unknown',
  reason: 'cron is not installed: there is no crontab command',
};

/**
 * Exactly one entry that matches in the crontab of a user, and it is this one: what `crontab -l; echo`
 * (handbook 2.2.2.3) added again and again becomes one. All other lines stay as they are.
 */
export const cron = (spec: CronSpec): Resource => {
  const { user, name = spec.match } = spec;
  const line = spec.line === null ? null : checkedLine(spec.line);
  const pattern = new RegExp(spec.match);
  if (line !== null && !pattern.test(line))
    throw new RangeError(`${JSON.stringify(line)} does not match ${spec.match}`);
  return {
    kind: 'cron',
    id: `cron:${user}:${name}`,
    title: `cron ${user}:${name.trim()}`,
    asks: [askCrontab(user)],
    needs: [{ type: 'packages' }],
    leaves: (host) => {
      const text = crontabLook.seen(host, user) ?? '';
      const drop = linesOf(text).filter((one) => pattern.test(one));
      host.put(crontabLook, user, applyEdit(text, { line, drop }));
    },
    ...(line === null && { manages: [] }),
    diff: (seen, { pending, showReplaced = false }) => {
      const now = crontabLook.seen(seen, user);
      if (now === undefined) return crontabLook.unseen(seen, user);
      // On a bare host cron comes with the packages of the same run, and its tables are empty.
      if (now === null && line === null) return SAME;
      if (now === null && !pending({ type: 'packages' })) return NO_CRON;
      const text = now ?? '';
      const drop = [...new Set(linesOf(text).filter((one) => pattern.test(one) && one !== line))];
      return editDiff(
        text,
        { line, drop },
        { step: 'edit-crontab', user, seen: sha256(text), line, drop, deadline: CRON_DEADLINE },
        { wanted: line ?? '', showReplaced },
      );
    },
  };
};
