import type { HostResult } from '../engine/events.ts';
import type { FlowDeps } from '../engine/flow.ts';
import type { HostPlan } from '../engine/plan.ts';
import type { Gates } from '../engine/widths.ts';
import type { Host } from '../inventory/cluster.ts';
import type { Target } from '../transport/connection.ts';
import { DeployHost } from './deploy-host.ts';
import type { OpsDeps } from './deps.ts';
import type { Drift } from './drift/drift.ts';
import { overridesTasks } from './overrides.ts';
import type { RoleHosts, RoleWork, WorkRequest } from './role-work.ts';
import { isMiner, roleOf, roleWork } from './role-work.ts';
import { sessionOf } from './session-of.ts';

/** The plan of one host, or how the look at it ended without one. */
export type PlannedHost =
  | {
      readonly state: 'planned';
      readonly plan: HostPlan;
      /** Where no more than that was asked for: what of it is drift. */
      readonly drift?: Drift;
    }
  | { readonly state: 'ended'; readonly result: HostResult };

/** Sessions for hosts that nobody has asked anything yet. */
export const deployHosts = (
  request: RoleHosts,
  targetOf: (host: Host) => Target,
  deps: OpsDeps,
): DeployHost[] =>
  request.hosts.map((host) => new DeployHost(host, sessionOf(targetOf(host), request, deps)));

/** The work of all hosts, worked out once, while the first connections are made. */
export const workOf = (
  hosts: RoleHosts,
  request: WorkRequest,
  travellers: readonly DeployHost[],
  { widths, date }: Pick<OpsDeps, 'widths' | 'date'>,
): (() => Promise<RoleWork>) => {
  // Of several legs the later ones connect when their turn has come: it may be hours until then.
  const [leg] = legsOf(hosts, travellers);
  const asked = (leg ?? []).slice(0, widths.look).map((host) => host.session.warm());
  const loading = Promise.race(asked).then(async () =>
    withOverrides(await roleWork(hosts, request), request, date()),
  );
  // Whoever asks for it is told.
  loading.catch(() => {});
  return () => loading;
};

/** What is to be done tells of machines that run with less for a while; to stop processes nothing stands in the way. */
const withOverrides = (work: RoleWork, { operation }: WorkRequest, now: Date): RoleWork =>
  operation === 'stop'
    ? work
    : { ...work, tasksOf: (host) => [...overridesTasks(host, now), ...work.tasksOf(host)] };

/** The hosts in the order of their roles: the miner, whose API the workers need, then the workers. */
export const legsOf = (
  { role }: Pick<RoleHosts, 'role'>,
  travellers: readonly DeployHost[],
): readonly (readonly DeployHost[])[] => {
  const [miners, workers] = [true, false].map((wanted) =>
    travellers.filter(({ host }) => isMiner(host) === wanted),
  );
  const legs = role === 'all' ? [miners ?? [], workers ?? []] : [travellers];
  return legs.filter(({ length }) => length > 0);
};

/** What a flow of an operation takes from outside, but for how a host that was not come to ends. */
export const flowDeps = (
  { emit, signal, defect, inOrder }: OpsDeps,
  gates: Gates,
): Omit<FlowDeps<DeployHost>, 'failed'> => ({
  gates,
  emit,
  signal,
  defect,
  release: (host) => host.release(),
  ...(inOrder && { inOrder }),
});

/** A mistake that concerns all hosts of a role, in a template for example, is told once and before anything else. */
export const prepareFirst = async (
  travellers: readonly DeployHost[],
  work: () => Promise<RoleWork>,
): Promise<void> => {
  try {
    const done = await work();
    const firsts = new Map(travellers.map((one) => [roleOf(done, one.host), one] as const).reverse());
    for (const first of firsts.values()) first.prepare(done);
  } catch (error) {
    await Promise.all(travellers.map((host) => host.release()));
    throw error;
  }
};

/** What the looks have found: a plan, or how a host ended without one. */
export const plannedHost = ({ plan, unplanned }: DeployHost): PlannedHost[] => {
  if (plan) return [{ state: 'planned', plan }];
  return unplanned ? [{ state: 'ended', result: unplanned }] : [];
};
