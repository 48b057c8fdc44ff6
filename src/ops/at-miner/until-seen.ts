import { FcopsError } from '../../core/problem.ts';
import type { Query } from '../../engine/query.ts';
import type { Host } from '../../inventory/cluster.ts';
import type { Target } from '../../transport/connection.ts';
import type { OpsDeps } from '../deps.ts';
import { interruptible } from '../interruptible.ts';
import { pause } from '../pause.ts';
import { sessionOf } from '../session-of.ts';
import type { AskedCluster } from './asked.ts';

/** How often is looked, in milliseconds, and for how long. */
export interface Looks {
  readonly every: number;
  readonly longest: number;
}

/**
 * Asks the miner host again and again until what is looked for is seen, or its time is up, or it is interrupted. Gives the
 * last answer; null where there was none.
 */
export const untilSeen = async <Answer>(
  { hosts, minerHost }: AskedCluster,
  query: Query<Answer>,
  isSeen: (answer: Answer) => boolean,
  { every, longest }: Looks,
  targetOf: (host: Host) => Target,
  given: Pick<OpsDeps, 'connect' | 'now' | 'after' | 'signal'>,
): Promise<Answer | null> => {
  const deps = { ...interruptible(given), emit: () => {} };
  const session = sessionOf(targetOf(minerHost), hosts, deps);
  const end = deps.now() + longest;
  let last: Answer | null = null;
  try {
    while (!deps.signal.aborted) {
      try {
        last = await session.ask(query);
        if (isSeen(last)) break;
      } catch (error) {
        // A host that does not answer once may the next time.
        if (!(error instanceof FcopsError)) throw error;
        await session.close();
      }
      if (deps.now() + every > end) break;
      await pause(every, deps);
    }
    return last;
  } finally {
    await session.close();
  }
};
