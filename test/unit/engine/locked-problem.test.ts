import { expect, it } from 'vitest';
import { sayNext } from '../../../src/core/next.ts';
import { lockedProblem } from '../../../src/engine/lock/holder.ts';

const nextOf = (who: string, run: string) =>
  sayNext(lockedProblem('p1-50', { who, run, since: '2026-11-22T10:30:00Z' }).next ?? []);

it('a host that another run has is waited for; where that run was killed, it is the one to be taken up', () => {
  expect(nextOf('alice@ops1', 'r-20261122T103000Z-x7k2q')).toBe(
    'wait for it to end, then run again; where it was killed, take it up on ops1: fcops resume r-20261122T103000Z-x7k2q',
  );
  expect(nextOf('', 'r-20261122T103000Z-x7k2q')).toMatch(
    /take it up: fcops resume r-20261122T103000Z-x7k2q$/,
  );
  // What a lock says is not trusted to be a name.
  expect(nextOf('alice@ops1', 'x; rm -rf /')).toBe('wait for it to end, then run again');
});
