import { again, edit } from '../../core/next.ts';
import type { LockHolder, Problem } from '../../core/problem.ts';

/** Somebody else changes the miner host. `nothing`: what was not done, in the words of who has asked. */
export const busyProblem = (nothing: string, holder: LockHolder, host: string): Problem => ({
  kind: 'locked',
  what: `${nothing}: another run is changing this host`,
  where: { host },
  holder,
  next: [again('wait for it to end, then run again')],
});

/** That the miner there is another one than the inventory says; null where it is that. */
export const otherMiner = (nothing: string, there: string, here: string, host: string): Problem | null => {
  const numberOf = (id: string) => id.replace(/^[ft]0/, '');
  if (numberOf(there) === numberOf(here)) return null;
  return {
    kind: 'check',
    what: `${nothing}: lotus-miner there is ${there}, and the inventory says ${here}`,
    where: { host },
    next: [edit('set the host of the miner right in the inventory')],
  };
};
