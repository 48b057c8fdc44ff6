import type { Query } from '../engine/query.ts';
import type { AskedCluster } from '../ops/at-miner/asked.ts';
import { askedCluster, askMinerHost } from '../ops/at-miner/asked.ts';
import { targetOf } from '../ops/targets.ts';
import { atHosts } from './at-hosts.ts';
import type { Context } from './context.ts';
import type { ClusterOptions, ConnectionOptions } from './options.ts';
import { checkAndHideSecrets, sourcesOf } from './sources.ts';

/** Options of a command that asks the miner host, and no other. */
export type MinerOptions = ClusterOptions & Pick<ConnectionOptions, 'transport'>;

/** What the miner host of a cluster has answered to one question; null where that was interrupted. */
export const askedOnce = async <Answer>(
  context: Context,
  options: MinerOptions,
  query: Query<Answer>,
): Promise<{ readonly asked: AskedCluster; readonly answer: Answer } | null> => {
  const asked = await askedCluster(sourcesOf(context), options);
  await checkAndHideSecrets(context, asked.cluster);
  const quiet = { emit: () => {}, end: () => {} };
  return atHosts(context, { ...options, forks: 1 }, quiet, async (deps) => {
    try {
      return { asked, answer: await askMinerHost(asked, query, targetOf(context.world), deps) };
    } catch (error) {
      if (deps.signal.aborted) return null;
      throw error;
    }
  });
};
