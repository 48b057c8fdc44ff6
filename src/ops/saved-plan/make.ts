import type { HostPlan } from '../../engine/plan.ts';
import { hostPlanSchema } from '../../engine/plan.ts';
import { keptStep } from '../../resources/kinds.ts';
import type { OpsDeps } from '../deps.ts';
import type { RoleHosts, RoleRequest } from '../role-work.ts';
import { stamp } from '../run-name.ts';
import type { Sources } from '../sources.ts';
import type { PlannedHost } from '../travellers.ts';
import { hostInputs, templateSums } from './inputs.ts';
import type { SavedHost, SavedPlan } from './saved-plan.ts';

/** Who makes a plan, and how long it may be applied. */
export interface Making {
  /** `alice@ops1` */
  readonly who: string;
  /** Of fcops. */
  readonly version: string;
  /** Seconds. */
  readonly valid: number;
}

/** What is saved of a plan: what a review sees and what has to be the same when it is applied. */
export const savedPlan = (
  sources: Sources,
  hosts: RoleHosts,
  request: Pick<RoleRequest, 'tags' | 'start' | 'preflight'>,
  planned: readonly PlannedHost[],
  { who, version, valid }: Making,
  { date }: Pick<OpsDeps, 'date'>,
): SavedPlan => {
  const now = date();
  const { cluster, role, redact } = hosts;
  const { tags, start, preflight } = request;
  return {
    version,
    who,
    made: stamp(now),
    expires: stamp(new Date(now.getTime() + valid * 1000)),
    request: { role, miner: cluster.miner, tags, start, ...(preflight === false && { preflight }) },
    templates: templateSums(sources),
    hosts: planned.flatMap((one): SavedHost[] => {
      const name = one.state === 'planned' ? one.plan.host : one.result.host;
      const host = hosts.hosts.find((each) => each.name === name);
      if (!host) return [];
      const { address, listen, roles } = host;
      const kept: PlannedHost = one.state === 'planned' ? { ...one, plan: savedForm(one.plan, redact) } : one;
      return [
        {
          name,
          address,
          ...(listen !== address && { listen }),
          roles,
          planned: kept,
          inputs: hostInputs(cluster, host),
        },
      ];
    }),
  };
};

/**
 * A plan as it is saved and compared: of text that stands on the host, where others have their secrets, no more than is
 * shown, and the sum of what a step needs of it. Two plans that do the same have the same form.
 */
export const savedForm = (plan: HostPlan, redact: (text: string) => string): HostPlan => {
  const form = {
    ...plan,
    items: plan.items.map((item) =>
      item.state === 'change'
        ? { ...item, change: { ...item.change, steps: item.change.steps.map(keptStep) } }
        : item,
    ),
  };
  // Through its schema, so that its keys stand in one order wherever it comes from.
  return hostPlanSchema.parse(JSON.parse(redact(JSON.stringify(form))));
};
