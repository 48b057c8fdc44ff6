import { sha256 } from '../core/sha256.ts';
import { words } from '../core/shell.ts';
import { editDiff, linesOf } from './edits.ts';
import { checkedLine, packagesPending } from './names.ts';
import { unseen } from './observation.ts';
import type { Diff, Resource } from './resource.ts';

export interface CronSpec {
  readonly user: string;
  /** Schedule and command. */
  readonly line: string;
  /** Source of a regular expression that finds the entries which `line` stands for. */
  readonly match: string;
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
  const { user } = spec;
  const line = checkedLine(spec.line);
  const pattern = new RegExp(spec.match);
  if (!pattern.test(line)) throw new RangeError(`${JSON.stringify(line)} does not match ${spec.match}`);
  return {
    id: `cron:${user}:${spec.match}`,
    probes: [{ probe: 'crontab', user }],
    diff: (seen, pending) => {
      const now = seen.crontabs.get(user);
      if (now === undefined) return unseen(seen, `crontab ${user}`);
      // On a bare host cron comes with the packages of the same run, and its tables are empty.
      if (now === null && !packagesPending(pending)) return NO_CRON;
      const text = now ?? '';
      const drop = [...new Set(linesOf(text).filter((one) => pattern.test(one) && one !== line))];
      return editDiff(text, { line, drop }, words('edit_crontab', user, sha256(text), line, ...drop));
    },
  };
};
