import { runFlow } from '../engine/run-flow.ts';
import { gatesOf } from '../engine/widths.ts';
import type { Host } from '../inventory/cluster.ts';
import type { Target } from '../transport/connection.ts';
import type { PlannedHost } from './deploy.ts';
import { deployHosts, flowDeps, plannedHost, prepareFirst, workOf } from './deploy.ts';
import { planStage } from './deploy-stages.ts';
import type { OpsDeps } from './deps.ts';
import { interruptible } from './interruptible.ts';
import { beforeLook } from './miner-api.ts';
import type { RoleHosts, RoleRequest } from './role-work.ts';
import type { Sources } from './sources.ts';

/** Looks at every host and says what would change. Nothing is changed. */
export const planHosts = async (
  sources: Sources,
  hosts: RoleHosts,
  request: RoleRequest,
  targetOf: (host: Host) => Target,
  given: OpsDeps,
): Promise<PlannedHost[]> => {
  const deps = interruptible(given);
  const travellers = deployHosts(hosts, targetOf, deps);
  const work = workOf(sources, hosts, request, travellers, deps.widths.look);
  const { now, emit, signal } = deps;
  const before = beforeLook(hosts, request.tags, targetOf, deps);
  const look = planStage({ work, before, now, emit, signal });
  emit({ type: 'run-begin', run: '', hosts: travellers.map(({ name }) => name), stages: [look.name] });
  await prepareFirst(travellers, work);
  const flow = {
    name: 'plan',
    legs: [
      {
        // A host is let go as soon as it has been looked at.
        first: [
          {
            ...look,
            work: async (host: (typeof travellers)[number]) => {
              const result = await look.work(host);
              if (result === null) await host.release();
              return result;
            },
          },
        ],
        rolling: [],
      },
    ],
    batches: [],
    maxFail: { hosts: 0 },
  };
  await runFlow(flow, travellers, {
    ...flowDeps(deps, gatesOf(deps.widths)),
    failed: (host, state, problems) => host.endUnplanned(state, problems),
  });
  return travellers.flatMap(plannedHost);
};
