import { isGood } from '../engine/events.ts';
import type { Stage } from '../engine/flow.ts';
import type { DeployHost } from './deploy-host.ts';

/** A stage after which a host that ends well goes on: it is not over before it was checked. */
export const onward = (one: Stage<DeployHost>): Stage<DeployHost> => ({
  ...one,
  work: async (host) => {
    const result = await one.work(host);
    return result && isGood(result) ? null : result;
  },
});
