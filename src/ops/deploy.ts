import type { Stage } from '../engine/flow.ts';
import type { HostPlan } from '../engine/plan.ts';
import { changesOf } from '../engine/plan.ts';
import type { DeployHooks } from './deploy-hooks.ts';
import type { DeployHost } from './deploy-host.ts';
import type { DeployRequest } from './deploy-request.ts';
import { sizesOf } from './deploy-request.ts';
import type { StageContext } from './deploy-stages.ts';
import type { ChangeDeps } from './deps.ts';
import type { Deployed } from './operation-run.ts';
import { OperationRun } from './operation-run.ts';
import type { Opening } from './operation-stages.ts';
import { operationStages } from './operation-stages.ts';
import { paceRun } from './pace/pace-run.ts';
import type { RoleHosts } from './role-work.ts';
import type { Sources } from './sources.ts';
import { legsOf, prepareFirst } from './travellers.ts';

/** What a run takes up that another one left. */
export interface TakenUp {
  readonly run: string;
  /** Before a host is looked at: finds out what became of it there. */
  readonly before: (context: StageContext) => readonly Stage<DeployHost>[];
  /** What it was to do, by host; then what the runs were that it took up itself, the newest first. */
  readonly plans: readonly ReadonlyMap<string, HostPlan>[];
}

/**
 * Looks at every host, asks, and makes the changes: what `confirm` is shown is what is done. Hosts where there
 * is nothing to do end at once; one host's failure leaves the others of its batch going.
 */
export const deploy = async (
  sources: Sources,
  hosts: RoleHosts,
  request: DeployRequest,
  hooks: DeployHooks,
  given: ChangeDeps,
  takenUp?: TakenUp,
): Promise<Deployed> => {
  const operationRun = new OperationRun({ sources, hosts, request, hooks, resumes: takenUp?.run }, given);
  const { run, holder, gates, deps, travellers } = operationRun;
  const { operation = 'deploy', batches, maxFail } = request;
  const { pacer, agreed: pace, beside } = paceRun(hosts.cluster, sizesOf(request), deps);
  const { context, first, legsAfter, close, ...told } = operationStages(
    { sources, hosts, request, hooks, deps, plans: takenUp?.plans ?? [] },
    { run, holder, gates, pacer },
    travellers,
  );
  const forward = legsOf(hosts, travellers);
  // Workers end before the miner, which says what they are at.
  const legs = operation === 'stop' ? forward.toReversed() : forward;
  const before = takenUp?.before(context) ?? [];
  // That a machine is not to be rebooted is to be known as well.
  const isKept = (plan: HostPlan) => operation === 'reboot' || changesOf(plan).length > 0;
  const opening: Opening = (own) => ({
    concerns: (host) => own.includes(host),
    first: [...before, ...first],
    gate: {
      name: 'confirm',
      ask: async (waiting) => {
        const later = travellers.filter(
          (host) => !own.includes(host) && host.plan === null && host.unplanned === null,
        );
        const answer = await operationRun.confirm(
          own,
          later.map(({ name }) => name),
          isKept,
        );
        if (answer === true) pace(waiting);
        return answer;
      },
    },
  });
  return operationRun.carryOut(
    { name: operation, legs: legsAfter(legs, opening), batches, maxFail },
    {
      ...told,
      ...beside,
      close,
      prepare: () => prepareFirst(travellers, context.work),
    },
  );
};
