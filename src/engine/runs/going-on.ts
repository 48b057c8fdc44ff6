import { err, ok } from '../../core/result.ts';
import { words } from '../../core/shell.ts';
import { holderShell } from '../lock/holder.ts';
import type { Query } from '../query.ts';
import shell from './going-on.sh';

/** Names of runs of steps, which begin with the name of their operation. */
const NAME = /^r-[0-9TZ]+-[a-z0-9]+$/;

/**
 * What of an operation goes on at a host, by the names of its runs of steps: also those that were worked out on the way,
 * of which no plan was kept.
 */
export const goingOnQuery = (run: string): Query<readonly string[]> => ({
  name: 'what of the run goes on there',
  script: `${holderShell}\n${shell}\n${words('fcops_going_on', run)}`,
  parse: (text) => {
    const rows = text
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split('\t'));
    if (rows.at(-1)?.[0] !== 'over') return err('the answer of the host broke off before its end');
    return ok(rows.flatMap(([tag, name = '']) => (tag === 'run' && NAME.test(name) ? [name] : [])));
  },
  deadline: 30_000,
});
