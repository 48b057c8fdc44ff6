import type { Problem } from '../core/problem.ts';
import { problemsOf } from '../core/problem.ts';
import type { Stage } from '../engine/flow.ts';
import { changesOf } from '../engine/plan.ts';
import type { Observation } from '../resources/look.ts';
import type { DeployHost } from './deploy-host.ts';
import { leftProblems } from './deploy-host.ts';
import type { StageContext } from './deploy-stages.ts';
import { done, stage } from './deploy-stages.ts';
import type { RoleWork } from './role-work.ts';

/**
 * The last stage of an operation that is not over before more than its steps was seen: the host is as this work wants it,
 * and then `further` finds nothing wrong.
 */
export const checkStage = (
  context: StageContext,
  workOf: () => Promise<RoleWork>,
  further: (host: DeployHost, seen: Observation) => Promise<readonly Problem[]>,
): Stage<DeployHost> =>
  stage(context, {
    name: 'check',
    width: null,
    work: async (host) => {
      try {
        const work = await workOf();
        host.turnTo(work);
        const { plan, seen } = await host.look(work);
        const left = leftProblems(host.name, changesOf(plan));
        const wrong = left.length > 0 ? left : await further(host, seen);
        if (wrong.length === 0) return done(host);
        const isStopped = wrong.every(({ kind }) => kind === 'stopped');
        return host.result(isStopped ? 'stopped' : 'failed', wrong);
      } catch (error) {
        return host.result('failed', problemsOf(error, host.name));
      }
    },
  });
