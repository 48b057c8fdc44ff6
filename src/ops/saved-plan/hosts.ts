import { edit } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import { obstaclesOf } from '../../engine/plan.ts';
import type { Cluster } from '../../inventory/cluster.ts';
import type { HostState } from './moved.ts';
import type { ReadPlan, SavedHost } from './saved-plan.ts';

/** A host of a plan that the inventory does not have any more, or not in that role. */
export interface Gone {
  readonly name: string;
  readonly problem: Problem;
}

/** The hosts of a saved plan by what is done with them. */
export interface PlanHosts {
  /** Those that are looked at, and changed where they are as they were planned. */
  readonly concerned: ReadonlyMap<string, HostState>;
  readonly gone: readonly Gone[];
  /** Those that were not to be touched: they could not be reached, or something was in the way. */
  readonly left: readonly string[];
}

/** Sorts the hosts of a plan; a host that was blocked then was reviewed as one that stays as it is. */
export const hostsOfPlan = (
  { hosts, request }: ReadPlan,
  cluster: Pick<Cluster, 'hosts' | 'file'>,
): PlanHosts => {
  const stateOf = ({ planned, inputs }: SavedHost): HostState | null =>
    planned.state === 'planned' && obstaclesOf(planned.plan).length === 0
      ? { plan: planned.plan, inputs }
      : null;
  const isThere = ({ name }: SavedHost) =>
    cluster.hosts.some(
      (host) =>
        host.name === name && (request.role === 'all' || host.roles.some((role) => role === request.role)),
    );
  const planned = hosts.flatMap((host) => {
    const state = stateOf(host);
    return state === null ? [] : [{ host, state }];
  });
  return {
    concerned: new Map(
      planned.flatMap(({ host, state }) => (isThere(host) ? [[host.name, state] as const] : [])),
    ),
    gone: planned.flatMap(({ host }) => (isThere(host) ? [] : [goneOf(host, request.role, cluster.file)])),
    left: hosts.flatMap((host) => (stateOf(host) === null ? [host.name] : [])),
  };
};

const goneOf = ({ name }: SavedHost, role: string, file: string): Gone => ({
  name,
  problem: {
    kind: 'moved',
    what: `the plan is not applied to this host: the inventory has none of this name any more${role === 'all' ? '' : ` that is ${role}`}`,
    where: { file, host: name },
    next: [edit('make the plan anew, and have it reviewed')],
  },
});
