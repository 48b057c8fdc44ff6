import { onDemand } from '../../core/remember.ts';
import type { HostPlan } from '../../engine/plan.ts';
import type { Host } from '../../inventory/cluster.ts';
import type { RoleHosts, RoleWork, WorkRequest } from '../role-work.ts';
import { roleWork } from '../role-work.ts';
import type { StopContext } from '../stop/context.ts';
import type { UpgradeContext } from './context.ts';
import type { Upgrade } from './programs.ts';
import { versionsFor } from './programs.ts';
import type { VersionRecord } from './record.ts';
import { isFetching } from './tasks.ts';
import type { Versions } from './versions.ts';
import { versionsIn, withVersions } from './versions.ts';

/** What an upgrade takes besides what every operation that stops processes does. */
interface Given {
  readonly hosts: RoleHosts;
  readonly request: WorkRequest & { readonly upgrade: Upgrade };
  /** What runs that are taken up were to do to hosts, the newest first: what they had before stands in it. */
  readonly plans: readonly ReadonlyMap<string, HostPlan>[];
  readonly record: VersionRecord;
}

export const upgradeContext = (
  stopping: StopContext,
  { hosts, request, plans, record }: Given,
): UpgradeContext => {
  const { upgrade } = request;
  // Templates are read once, though hosts may go back to different versions.
  const work = onDemand(() => roleWork(hosts, request));
  const standing = new Map<Host, Versions>();
  return {
    ...stopping,
    upgrade,
    cluster: hosts.cluster.miner,
    isFetched: isFetching,
    goesOnSame: true,
    had: new Map(hosts.hosts.map((host) => [host, hadBefore(host, hosts, plans, upgrade)])),
    workAt: async (versions) => at(versions, await work()),
    startAt: async (versions, names) => at(versions, await stopping.workOn('start', names)),
    moved: new Set(),
    started: new Map(),
    standing,
    settled: (host, versions) => {
      standing.set(host, versions);
      return record.settle(host, versions);
    },
  };
};

const at = (versions: Versions, work: RoleWork): RoleWork => ({
  ...work,
  tasksOf: (host) => work.tasksOf(withVersions(host, versions)),
});

/** What the runs before have seen, and otherwise what the inventory says, where that is another version. */
export const hadBefore = (
  host: Host,
  { cluster, stated = cluster }: Pick<RoleHosts, 'cluster' | 'stated'>,
  plans: Given['plans'],
  upgrade: Pick<Upgrade, 'versions'>,
): Versions => {
  const seen = plans.flatMap((of) => {
    const plan = of.get(host.name);
    return plan ? [versionsIn(plan, upgrade, host)] : [];
  });
  const inFile = stated.hosts.find(({ name }) => name === host.name)?.versions ?? {};
  return new Map(
    [...versionsFor(host, upgrade)].map(([key, wanted]) => {
      const told = [...seen.map((versions) => versions.get(key)), inFile[key]];
      return [key, told.find((version) => version && version !== wanted) ?? null];
    }),
  );
};
