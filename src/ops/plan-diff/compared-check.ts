import type { Observation } from '../../resources/look.ts';
import type { Diff, DiffContext, Resource } from '../../resources/resource.ts';
import { SAME } from '../../resources/resource.ts';
import { STAND_INS } from './stand-ins.ts';
import type { FactsRead } from './thought-of.ts';

/**
 * A check as far as its outcome may be another one than before: of one that asks for the same of the machine it is the
 * same. What it asks for is seen in what it says of machines that have nothing of it.
 */
export const comparedCheck = (
  check: Resource,
  was: Resource | undefined,
  { missing }: FactsRead,
): Resource => ({
  ...check,
  diff: (seen, context) => {
    if (was && saidBy(was, seen, context) === saidBy(check, seen, context)) return SAME;
    const lacking = missing.size;
    const found = check.diff(seen, context);
    if (missing.size > lacking)
      return unknown('what it asks of the machine changes, and facts of the machine are saved nowhere');
    // What it looks at besides facts is nowhere here.
    if (found.state === 'same' || check.asks.length === 0) return found;
    return unknown(`only the host can tell; one that lacks it is told: ${saidIn(found)}`);
  },
});

const unknown = (reason: string): Diff => ({ state: 'unknown', reason });

const saidBy = (check: Resource, seen: Observation, { digest }: DiffContext): string =>
  STAND_INS.map((facts) => saidIn(check.diff({ ...seen, facts }, { digest, pending: () => false }))).join(
    '\n',
  );

const saidIn = (found: Diff): string => {
  switch (found.state) {
    case 'violated':
      return found.violation.message;
    case 'unknown':
    case 'reboot':
      return found.reason;
    default:
      return found.state;
  }
};
