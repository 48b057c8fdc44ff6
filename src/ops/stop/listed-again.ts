import type { Host } from '../../inventory/cluster.ts';
import type { StageContext } from '../deploy-stages.ts';
import type { MinerSays } from '../miner-says.ts';
import type { WorkerHost } from '../registrations.ts';
import { registrationsOf } from '../registrations.ts';
import type { StopContext } from './context.ts';

/** Milliseconds that a worker has to be at its miner again: it sees within ten seconds that it was started anew. */
export const BACK = 45_000;
const POLL = 3_000;

type Waiting = Pick<StopContext, 'miner' | 'workerHosts' | 'pause'> &
  Pick<StageContext, 'now' | 'emit' | 'signal'>;

/**
 * Gives the workers of a host the time to be at their miner again, where a run has started that anew: it lists none of
 * them until then, and nobody can tell what they are at. Who is at a task comes back with its end, and is not waited for.
 */
export const listedAgain = ({
  miner,
  workerHosts,
  pause,
  now,
  emit,
  signal,
}: Waiting): ((host: Host) => Promise<void>) => {
  let until: number | null = null;
  return async ({ name }) => {
    if (!miner.isAnew) return;
    const hosts = await workerHosts();
    const own = hosts.find((one) => one.name === name);
    if (!own) return;
    until ??= now() + BACK;
    let isTold = false;
    while (!signal.aborted && now() < until && lacksSome(await miner.says(), own, hosts)) {
      if (!isTold)
        emit({
          type: 'waits',
          host: name,
          text: `lotus-miner was started anew: its workers have ${BACK / 1000} s to be there again`,
        });
      isTold = true;
      await pause(POLL);
    }
  };
};

const lacksSome = (says: MinerSays, own: WorkerHost, hosts: readonly WorkerHost[]): boolean =>
  says.workers.type !== 'understood' ||
  listedOrMissing(says, own, hosts).some(({ type }) => type === 'missing');

const listedOrMissing = (says: MinerSays, own: WorkerHost, hosts: readonly WorkerHost[]) => {
  const registrations = registrationsOf(says, hosts);
  return own.processes.map(({ name }) => ({ name, type: registrations.of(own.name, name).type }));
};

/**
 * Names of the workers of a host that a drain waits for though nobody tells what they are at: a miner that was started
 * anew does not list who was at a task then.
 */
export const comingBack = async (
  { name }: Pick<Host, 'name'>,
  { miner, workerHosts }: Pick<StopContext, 'miner' | 'workerHosts'>,
): Promise<ReadonlySet<string>> => {
  if (!miner.isAnew) return new Set();
  const hosts = await workerHosts();
  const own = hosts.find((one) => one.name === name);
  if (!own) return new Set();
  const all = listedOrMissing(await miner.says(), own, hosts);
  // Who is listed by now was not a moment before.
  return new Set(all.filter(({ type }) => type !== 'unknown').map((one) => one.name));
};
