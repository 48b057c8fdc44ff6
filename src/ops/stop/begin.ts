import { onDemand } from '../../core/remember.ts';
import type { HostPlan } from '../../engine/plan.ts';
import type { Host } from '../../inventory/cluster.ts';
import type { Target } from '../../transport/connection.ts';
import type { StageContext } from '../deploy-stages.ts';
import type { ChangeDeps, OpsDeps } from '../deps.ts';
import { pause } from '../pause.ts';
import type { Operation } from '../process-work.ts';
import type { RoleHosts, WorkRequest } from '../role-work.ts';
import { isMiner, roleWork } from '../role-work.ts';
import { stopsMiner, windowGuard } from '../window/guard.ts';
import type { StopMode } from './at-risk.ts';
import { modeOf } from './at-risk.ts';
import type { StopContext } from './context.ts';
import { comingBack, listedAgain } from './listed-again.ts';
import { Miner, NO_MINER } from './miner.ts';
import { refusedStop } from './stages.ts';
import { untoldWork, workerHost, workOf } from './work-at-miner.ts';

export const stopsProcesses = (operation: Operation): boolean =>
  operation === 'stop' || operation === 'restart' || operation === 'upgrade' || operation === 'reboot';

/** What is done about tasks that would end with a process. */
export type StopRequest = StopMode & {
  /** Seconds that tasks are waited for; as long as they take where it is left out. */
  readonly drainTimeout?: number;
  /** What is done about proving windows where lotus or lotus-miner is stopped; left out: they refuse. */
  readonly window?: 'ignore' | 'wait';
  /** Seconds that lotus-miner is away when it is started anew; measured where it is left out. */
  readonly downtime?: number;
};

/** What a stop takes besides what every operation does. */
interface Given {
  readonly hosts: RoleHosts;
  readonly request: WorkRequest & { readonly stop?: StopRequest };
  readonly targetOf: (host: Host) => Target;
  readonly deps: ChangeDeps;
  /** What runs that are taken up were to do to hosts. */
  readonly plans?: readonly ReadonlyMap<string, HostPlan>[];
}

/** The context of an operation that stops processes: it asks the miner what they are at. */
export const stopContext = (
  common: StageContext,
  { hosts, request, targetOf, deps, plans = [] }: Given,
): StopContext => {
  const { operation, stop, upgrade: _, ...rest } = request;
  const reboots = operation === 'reboot';
  const mode = modeOf(stop);
  const miner = new Miner(hosts, targetOf, deps);
  if (plans.some((of) => [...of.values()].some(stopsMiner))) miner.isEnded();
  const startWork =
    operation !== undefined && operation !== 'stop'
      ? onDemand(() => roleWork(hosts, { ...rest, operation: 'start' }))
      : null;
  const guard = windowGuard(
    hosts.cluster.miner,
    { mode: stop?.window ?? 'refuse', downtime: stop?.downtime ?? null, reboots },
    deps,
  );
  const workerHosts = workerHostsOf(hosts, common.work);
  const waiting = { miner, workerHosts, pause: (ms: number) => pause(ms, deps) };
  const untilListed = listedAgain({ ...common, ...waiting });
  return {
    ...common,
    ...waiting,
    before: async (host) => {
      const problems = await common.before(host);
      if (problems.length === 0) await untilListed(host);
      return problems;
    },
    mode,
    startWork,
    workOn: (one, processes) => roleWork(hosts, { ...rest, operation: one, processes }),
    drainTimeout: stop?.drainTimeout ?? null,
    paused: new Map(),
    partly: new Map(),
    pausedBy: new Map(),
    gone: new Map(),
    atWork: atWorkBy(miner, workerHosts),
    guard,
    refuses: async (plan, host) => {
      const refused = refusedStop(
        plan,
        { mode, startWork: reboots ? null : startWork },
        await comingBack(host, waiting),
      );
      return refused.length > 0 ? refused : guard.atFirst(plan, host);
    },
  };
};

/** The hosts of a request as the miner knows them. */
const workerHostsOf = (
  { hosts }: Pick<RoleHosts, 'hosts'>,
  work: StageContext['work'],
): StopContext['workerHosts'] =>
  onDemand(async () => {
    const { processesOf } = await work();
    return hosts.filter((host) => !isMiner(host)).map((host) => workerHost(host, processesOf(host)));
  });

const atWorkBy =
  (miner: Miner, workerHosts: StopContext['workerHosts']): NonNullable<StageContext['atWork']> =>
  async (host) => {
    const all = await workerHosts();
    const own = all.find(({ name }) => name === host.name);
    if (!own) return new Map();
    return miner.host === null ? untoldWork(own, NO_MINER.what) : workOf(await miner.says(), own, all);
  };

/** What a look takes besides where it is about an end of processes: what the miner says that they are at. */
export const stopLook = (
  hosts: RoleHosts,
  work: StageContext['work'],
  targetOf: (host: Host) => Target,
  deps: OpsDeps,
): { readonly atWork: NonNullable<StageContext['atWork']>; readonly close: () => Promise<void> } => {
  const miner = new Miner(hosts, targetOf, deps);
  return { atWork: atWorkBy(miner, workerHostsOf(hosts, work)), close: () => miner.close() };
};
