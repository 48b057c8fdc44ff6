import { FcopsError, inShort } from '../core/problem.ts';
import { runFlow } from '../engine/run-flow.ts';
import { gatesOf } from '../engine/widths.ts';
import type { Host } from '../inventory/cluster.ts';
import type { Target } from '../transport/connection.ts';
import type { DeployHost } from './deploy-host.ts';
import { planStage } from './deploy-stages.ts';
import type { OpsDeps } from './deps.ts';
import type { Drift } from './drift/drift.ts';
import type { LeftOnHost } from './drift/look.ts';
import { interruptible } from './interruptible.ts';
import { beforeLook } from './miner-api.ts';
import { preflightOf, startsIn } from './preflight/before-start.ts';
import type { RoleHosts, RoleRequest } from './role-work.ts';
import { isMiner } from './role-work.ts';
import type { Sources } from './sources.ts';
import { stopLook, stopsProcesses } from './stop/begin.ts';
import type { PlannedHost } from './travellers.ts';
import { deployHosts, flowDeps, plannedHost, prepareFirst, workOf } from './travellers.ts';

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
  const work = workOf(hosts, request, travellers, deps);
  const { now, emit, signal } = deps;
  const before = beforeLook(hosts, request.tags, targetOf, deps);
  const { bringsMiner, seen } = minersIn(travellers);
  const preflight = preflightOf({ sources, hosts, work, deps, bringsMiner });
  const asksFirst = request.start && request.preflight !== false;
  const stops = stopsProcesses(request.operation ?? 'deploy') ? stopLook(hosts, work, targetOf, deps) : null;
  const look = planStage({
    ...{ work, before, now, emit, signal },
    ...(asksFirst && { preflight }),
    ...(stops && { atWork: stops.atWork }),
  });
  const drifts = new Map<DeployHost, Drift>();
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
              const result = await look.work(host).finally(() => seen(host));
              if (result === null && request.onlyDrift) await seeDrift(host, drifts);
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
  try {
    await runFlow(flow, travellers, {
      ...flowDeps(deps, gatesOf(deps.widths)),
      failed: (host, state, problems) => host.endUnplanned(state, problems),
    });
  } finally {
    await stops?.close();
  }
  return travellers.flatMap((host) =>
    plannedHost(host).map((one) => {
      const drift = drifts.get(host);
      return one.state === 'planned' && drift ? { ...one, drift } : one;
    }),
  );
};

/** Leaves in the plan of a host what is drift, as the host itself tells; where it does not tell, nothing is left out. */
const seeDrift = async (host: DeployHost, drifts: Map<DeployHost, Drift>): Promise<void> => {
  if (host.plan === null) return;
  // Loaded here: a plan of all that differs needs none of it.
  const { driftKeys, onlyDrift } = await import('./drift/drift.ts');
  const { plan, drift } = onlyDrift(host.plan, await leftOn(host, driftKeys(host.plan)));
  host.plan = plan;
  drifts.set(host, drift);
};

const leftOn = async (
  { session }: DeployHost,
  keys: readonly string[],
): Promise<LeftOnHost | { readonly why: string }> => {
  try {
    const { leftQuery } = await import('./drift/look.ts');
    return await session.ask(leftQuery(keys));
  } catch (error) {
    if (!(error instanceof FcopsError)) throw error;
    return { why: error.problems.map(inShort).join('; ') };
  }
};

/**
 * Where all hosts are looked at before anything is done: whether the miner that the workers of a host register at will be
 * started by then. A deploy comes to the workers when their miner has been started. `seen` is told of each host.
 */
export const minersIn = (
  travellers: readonly DeployHost[],
): {
  readonly bringsMiner: (host: DeployHost) => Promise<boolean>;
  readonly seen: (host: DeployHost) => void;
} => {
  const miners = travellers.filter(({ host }) => isMiner(host)).map((host) => ({ host, ...ending() }));
  return {
    bringsMiner: async (host) => {
      if (isMiner(host.host)) return false;
      await Promise.all(miners.map(({ ended }) => ended));
      return miners.some(({ host: { plan } }) => plan !== null && startsIn(plan).size > 0);
    },
    seen: (host) => miners.find((one) => one.host === host)?.end(),
  };
};

/** Something that ends, and whoever waits for it. */
const ending = (): { readonly ended: Promise<void>; readonly end: () => void } => {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { ended, end: () => end() };
};
