import { theMinerHost } from '../../ops/backups/miner-host.ts';
import { checkFrom, restoreMiner } from '../../ops/restore/restore-miner.ts';
import type { Action } from '../context.ts';
import type { GuidedOptions } from '../guided.ts';
import { guided } from '../guided.ts';
import type { ClusterOptions } from '../options.ts';
import { sourcesOf } from '../sources.ts';

export interface RestoreOptions extends ClusterOptions, GuidedOptions {
  readonly check?: boolean;
  readonly from?: string;
}

/** `fcops restore miner` */
export const restore: Action<RestoreOptions> = async (context, _, options) => {
  const sources = sourcesOf(context);
  const { miner, limit, from, check = false } = options;
  checkFrom(from);
  const host = theMinerHost(sources, { miner, limit }, 'a miner is restored on one host');
  return guided(context, host.hosts.cluster, options, (hooks, world) =>
    restoreMiner(host, { miner, limit, from, check }, hooks, world),
  );
};
