import type { Stage } from '../../engine/flow.ts';
import { checkStage } from '../check-stage.ts';
import type { DeployHost } from '../deploy-host.ts';
import { doubtWorkers } from '../stop/gone.ts';
import { untilRegistered } from '../stop/registered.ts';
import type { UpgradeContext } from './context.ts';
import type { Versions } from './versions.ts';

/**
 * Looks at the host and at the miner: its links lead to these versions, all of it runs by them, and its workers are
 * registered.
 */
export const versionCheck = (
  context: UpgradeContext,
  versionsOf: (host: DeployHost['host']) => Versions,
): Stage<DeployHost> =>
  checkStage(context, context.work, async (host, seen) => {
    // Whatever the miner says: this is what the host has.
    await context.settled(host.host, versionsOf(host.host));
    await doubtWorkers(host, seen, context);
    return untilRegistered(host, context);
  });
