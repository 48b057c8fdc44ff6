import type { Applied } from '../../engine/apply/apply.ts';
import type { Emit } from '../../engine/events.ts';
import type { ChangeItem } from '../../engine/plan.ts';
import type { Host } from '../../inventory/cluster.ts';
import type { Target } from '../../transport/connection.ts';
import type { ChangeDeps } from '../deps.ts';
import { interruptible } from '../interruptible.ts';
import { runName, stamp } from '../run-name.ts';
import { sessionOf } from '../session-of.ts';
import type { AskedCluster } from './asked.ts';

/** What of the world a change at the miner host takes. */
export type ApplyDeps = Pick<ChangeDeps, 'connect' | 'now' | 'date' | 'random' | 'after' | 'signal' | 'who'>;

/** What is changed, what is heard of it, and how the run is called, from the name of any run. */
export interface AtMinerJob {
  readonly changes: readonly ChangeItem[];
  readonly emit: Emit;
  readonly named?: (run: string) => string;
}

/**
 * Has the miner host make changes. It makes them detached and once: a connection that is lost is made again and the
 * journal read on. When the signal fires the host stops after the step that it is at.
 */
export const applyAtMiner = async (
  { hosts, minerHost }: AskedCluster,
  { changes, emit, named = (run) => run }: AtMinerJob,
  targetOf: (host: Host) => Target,
  given: ApplyDeps,
): Promise<Applied> => {
  const { connect, now, date, random, after, signal, who } = interruptible(given);
  const session = sessionOf(targetOf(minerHost), hosts, { connect, now, after, emit, signal });
  const run = named(runName(date(), random));
  try {
    return await session.apply({
      run,
      host: minerHost.name,
      holder: { who, run, since: stamp(date()) },
      changes,
    });
  } finally {
    await session.close();
  }
};
