import type { Observation } from '../resources/observation.ts';
import type { Diff, Task } from '../resources/resource.ts';

/** What one host would see done, in order. Hosts that could not be looked at have no plan. */
export interface HostPlan {
  readonly host: string;
  /** Everything that is not as it shall be. */
  readonly items: readonly PlanItem[];
  /** How many resources are as they shall be. */
  readonly same: number;
}

/** A resource that differs, with the task that declares it. */
export type PlanItem = { readonly task: string; readonly resource: string } & Exclude<
  Diff,
  { state: 'same' }
>;

export type ChangeItem = Extract<PlanItem, { state: 'change' }>;

/** Compares every resource with what was seen. Pure: the same observation gives the same plan. */
export const planHost = (host: string, tasks: readonly Task[], seen: Observation): HostPlan => {
  const items: PlanItem[] = [];
  const pending = new Set<string>();
  let same = 0;
  for (const task of tasks) {
    for (const resource of task.resources) {
      const diff = resource.diff(seen, pending);
      if (diff.state === 'same') {
        same += 1;
        continue;
      }
      if (diff.state === 'change') pending.add(resource.id);
      items.push({ task: task.name, resource: resource.id, ...diff });
    }
  }
  return { host, items, same };
};

export const changesOf = (plan: HostPlan): ChangeItem[] =>
  plan.items.filter((item) => item.state === 'change');

/** What keeps a host from being changed: an enforced check that failed, or something that could not be seen. */
export const obstaclesOf = (plan: HostPlan): PlanItem[] =>
  plan.items.filter(
    (item) =>
      item.state === 'unknown' || (item.state === 'violated' && item.violation.severity === 'enforce'),
  );

export const rebootReasonsOf = (plan: HostPlan): string[] =>
  plan.items.flatMap((item) => (item.state === 'reboot' ? [item.reason] : []));
