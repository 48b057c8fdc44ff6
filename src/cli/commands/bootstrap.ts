import { bootstrapHost, bootstrapMiner } from '../../ops/bootstrap/bootstrap-miner.ts';
import type { Action } from '../context.ts';
import type { GuidedOptions } from '../guided.ts';
import { guided } from '../guided.ts';
import type { ClusterOptions } from '../options.ts';
import { sourcesOf } from '../sources.ts';

export interface BootstrapOptions extends ClusterOptions, GuidedOptions {
  readonly check?: boolean;
  readonly importOver?: string;
}

/** `fcops bootstrap miner` */
export const bootstrap: Action<BootstrapOptions> = async (context, _, options) => {
  const sources = sourcesOf(context);
  const { miner, limit, importOver, check = false } = options;
  const request = { miner, limit, importOver, check };
  const host = bootstrapHost(sources, request);
  return guided(context, host.setup.cluster, options, (hooks, world) =>
    bootstrapMiner(host, request, hooks, world),
  );
};
