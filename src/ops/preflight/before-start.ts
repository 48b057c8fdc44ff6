import { look } from '../../core/next.ts';
import { FcopsError, inShort } from '../../core/problem.ts';
import { onDemand } from '../../core/remember.ts';
import type { HostPlan, ViolatedItem } from '../../engine/plan.ts';
import { changesOf } from '../../engine/plan.ts';
import type { DeployHost } from '../deploy-host.ts';
import type { OpsDeps } from '../deps.ts';
import type { RoleHosts, RoleWork } from '../role-work.ts';
import type { Sources } from '../sources.ts';
import { processesBy, rolesOf } from '../status/status.ts';
import { askHost } from './ask-hosts.ts';
import type { Finding } from './finding.ts';

/** The plan of a host, with what stands against what it would start. */
export type Preflight = (host: DeployHost, plan: HostPlan) => Promise<HostPlan>;

/** What the checks before a start are made from. */
interface Given {
  readonly sources: Sources;
  readonly hosts: RoleHosts;
  readonly work: () => Promise<RoleWork>;
  readonly deps: Pick<OpsDeps, 'now' | 'date'>;
  /** Whether the same run brings the miner that the workers of a host register at. Left out: none does. */
  readonly bringsMiner?: (host: DeployHost) => Promise<boolean>;
}

/** Names of the processes that a plan starts. */
export const startsIn = (plan: HostPlan): ReadonlySet<string> =>
  new Set(changesOf(plan).flatMap(({ kind, title }) => (kind === 'process' ? [title] : [])));

/**
 * Asks each host whose plan starts something, once: what would fail keeps the host from its first change, what may is a
 * warning. Only what matters to that plan is checked.
 */
export const preflightOf = ({ sources, hosts, work, deps, bringsMiner }: Given): Preflight => {
  const processesOf = onDemand(() => processesBy(sources, rolesOf(hosts.hosts)));
  return async (host, plan) => {
    const starts = startsIn(plan);
    if (starts.size === 0) return plan;
    const { processesOf: startable } = await work();
    const changes = new Set(changesOf(plan).map(({ resource }) => resource));
    try {
      const findings = await askHost(
        hosts,
        await processesOf(),
        {
          host: host.host,
          session: host.session,
          tasks: host.tasks,
          processes: startable(host.host),
          only: { changes, starts },
          withoutApi: (await bringsMiner?.(host)) ?? false,
        },
        deps,
      );
      return { ...plan, items: [...findings.flatMap(itemOf), ...plan.items] };
    } catch (error) {
      if (!(error instanceof FcopsError) || error.problems.some(({ kind }) => kind !== 'unseen')) throw error;
      return { ...plan, items: [unasked(error.problems.map(inShort).join('; ')), ...plan.items] };
    }
  };
};

const TASK = 'preflight';

const itemOf = ({ check, state, about, message, why, next, isQuiet }: Finding): ViolatedItem[] => {
  if (state === 'ok' || isQuiet) return [];
  return [
    {
      state: 'violated',
      task: TASK,
      kind: 'preflight',
      resource: `preflight:${check}:${about}`,
      title: `${check} before the start`,
      violation: {
        message: why === undefined || why === '' ? message : `${message} (${why})`,
        ...(next && { next }),
        severity: state === 'off' ? 'enforce' : 'warn',
      },
    },
  ];
};

/** Nobody could tell: that is no reason to leave a host as it is. */
const unasked = (why: string): ViolatedItem => ({
  state: 'violated',
  task: TASK,
  kind: 'preflight',
  resource: 'preflight',
  title: 'what stands against a start',
  violation: {
    message: `what stands against a start is not known: ${why}`,
    next: [look('log in and see what hangs')],
    severity: 'warn',
  },
});
