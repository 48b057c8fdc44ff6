import type { Problem } from '../../core/problem.ts';
import { problemsOf } from '../../core/problem.ts';
import type { Stage } from '../../engine/flow.ts';
import { changesOf } from '../../engine/plan.ts';
import type { DeployHost } from '../deploy-host.ts';
import { leftProblems } from '../deploy-host.ts';
import { done, stage } from '../deploy-stages.ts';
import { untilRegistered } from '../stop/registered.ts';
import type { UpgradeContext } from './context.ts';
import type { Versions } from './versions.ts';

/**
 * Looks at the host and at the miner: its links lead to these versions, all of it runs by them, and its workers are
 * registered.
 */
export const checkStage = (
  context: UpgradeContext,
  versionsOf: (host: DeployHost['host']) => Versions,
): Stage<DeployHost> =>
  stage(context, {
    name: 'check',
    width: null,
    work: async (host) => {
      try {
        const wrong = await checked(host, context, versionsOf(host.host));
        if (wrong.length === 0) return done(host);
        const isStopped = wrong.every(({ kind }) => kind === 'stopped');
        return host.result(isStopped ? 'stopped' : 'failed', wrong);
      } catch (error) {
        return host.result('failed', problemsOf(error, host.name));
      }
    },
  });

const checked = async (
  host: DeployHost,
  context: UpgradeContext,
  versions: Versions,
): Promise<readonly Problem[]> => {
  const work = await context.work();
  host.turnTo(work);
  const { plan } = await host.look(work);
  const left = leftProblems(host.name, changesOf(plan));
  if (left.length > 0) return left;
  // Whatever the miner says: this is what the host has.
  await context.settled(host.host, versions);
  return untilRegistered(host, context);
};
