import type { Size } from '../../engine/batches.ts';
import type { Cluster } from '../../inventory/cluster.ts';
import type { DeployHost } from '../deploy-host.ts';
import type { OpsDeps } from '../deps.ts';
import { forecastStarts } from './forecast.ts';
import { Pacer } from './pacer.ts';
import { startingOf } from './starts.ts';

/** The pace of a run: who gives the turns, and what is told of the hosts whose plans were agreed to. */
export interface RunPace {
  readonly pacer: Pacer;
  /** Says how long it takes to start what these hosts start, in batches of these sizes. */
  readonly agreed: (hosts: readonly DeployHost[]) => void;
  /** What keeps the pace while the flow goes on. */
  readonly beside: {
    /** Divides what the hosts of a batch start among the minutes that it takes. */
    readonly batchBegins: (hosts: readonly DeployHost[]) => void;
    /** Lets go of a host, and of its turn. */
    readonly release: (host: DeployHost) => Promise<void>;
  };
}

export const paceRun = (
  { startRate }: Pick<Cluster, 'startRate'>,
  batches: readonly Size[],
  { widths, now, after, signal, emit }: Pick<OpsDeps, 'widths' | 'now' | 'after' | 'signal' | 'emit'>,
): RunPace => {
  const rate = { perMinute: startRate, atOnce: widths.apply };
  const pacer = new Pacer({ ...rate, now, after, signal });
  const startings = (hosts: readonly DeployHost[]) =>
    hosts.flatMap(({ plan }) => (plan && startingOf(plan)) ?? []);
  return {
    pacer,
    agreed: (hosts) => {
      const forecast = forecastStarts(startings(hosts), rate, batches);
      if (forecast.processes > 0) emit({ type: 'pace', ...forecast });
    },
    beside: {
      batchBegins: (hosts) => pacer.begin(startings(hosts)),
      release: (host) => {
        pacer.release(host.name);
        return host.release();
      },
    },
  };
};
