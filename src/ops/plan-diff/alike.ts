import type { Facts } from '../../core/facts.ts';
import { remember } from '../../core/remember.ts';
import type { Host } from '../../inventory/cluster.ts';
import { factsKnown } from './thought-of.ts';

/** One host as it was to be and as it is to be. */
export interface Pair {
  readonly before: Host;
  readonly after: Host;
}

/**
 * Pairs of hosts that are alike in all that their tasks follow from, but for the name and the addresses of each, which stand
 * in texts alone: the same changes on all of them. What they know of their machines is not compared.
 */
export const alikePairs = <P extends Pair>(
  pairs: readonly P[],
  about: (pair: P) => string,
): readonly P[][] => {
  const classes = new Map<string, P[]>();
  for (const pair of pairs) {
    const { before, after } = pair;
    const key = [
      about(pair),
      before.name === after.name,
      before.address === after.address,
      before.listen === after.listen,
      before.listen === before.address,
      after.listen === after.address,
      shapeOf(before),
      before === after ? '' : shapeOf(after),
    ].join('\n');
    const found = classes.get(key);
    if (found) found.push(pair);
    else classes.set(key, [pair]);
  }
  return [...classes.values()];
};

/** All of a host that its tasks follow from, but for its name, its addresses and what was saved of its machine. */
const shapeOf = ({ roles, profile, os, versions, variables, checks, overrides, facts }: Host): string =>
  [profile, variables, { roles, os, versions, checks, overrides, facts }].map(textOf).join('\n');

/** No secret is in it. */
const textOf = remember((value: object): string => JSON.stringify(value));

/** What is known of those facts of a pair's machine. */
export const factsShape = ({ before, after }: Pair, keys: ReadonlySet<keyof Facts>): string =>
  JSON.stringify(
    [factsKnown(before, after), factsKnown(after, before)].map((known) =>
      [...keys].sort().map((key) => known[key]),
    ),
  );
