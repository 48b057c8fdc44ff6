import { ok } from '../../core/result.ts';
import { words } from '../../core/shell.ts';
import { toldRows } from '../../core/told-rows.ts';
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
    const told = toldRows(text);
    if (!told.ok) return told;
    return ok(told.value.flatMap(([tag, name = '']) => (tag === 'run' && NAME.test(name) ? [name] : [])));
  },
  deadline: 30_000,
});
