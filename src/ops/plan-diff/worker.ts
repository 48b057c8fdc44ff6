import type { Cluster, Host } from '../../inventory/cluster.ts';
import { loadTemplates } from '../../render/load.ts';
import type { Render } from '../../render/renderer.ts';
import { createRenderer } from '../../render/renderer.ts';
import type { Task } from '../../resources/resource.ts';
import { nodeFiles } from '../node-files.ts';
import type { RequestedRole, RoleWork } from '../role-work.ts';
import type { Sources } from '../sources.ts';
import { workWithoutSecrets } from '../work-without-secrets.ts';
import type { BaseSources } from './base-sources.ts';
import type { Paired } from './pairs.ts';

/** Works out what a host of a cluster is to be; throws an FcopsError where that cannot be. */
export type Worker = (cluster: Cluster, host: Host) => readonly Task[];

/** The work of both states, by the templates of each. */
export const workersOf = async ({
  sources,
  base,
  role,
  pairs: { both, added },
}: {
  readonly sources: Pick<Sources, 'packageRoot' | 'templates'>;
  readonly base: Pick<BaseSources, 'templates'>;
  readonly role: RequestedRole;
  readonly pairs: Paired;
}): Promise<{ readonly was: Worker; readonly is: Worker }> => {
  const templates = loadTemplates(nodeFiles, `${sources.packageRoot}/templates`, sources.templates);
  const now = await createRenderer(templates);
  const then = await createRenderer(base.templates);
  return {
    // What it was before may be of another role.
    was: await workerOf(
      then,
      'all',
      both.map(({ was: cluster, before: host }) => ({ cluster, host })),
    ),
    is: await workerOf(now, role, [
      ...both.map(({ is: cluster, after: host }) => ({ cluster, host })),
      ...added,
    ]),
  };
};

const workerOf = async (
  render: Render,
  role: RequestedRole,
  hosts: readonly { readonly cluster: Cluster; readonly host: Host }[],
): Promise<Worker> => {
  const works = new Map<Cluster, RoleWork>();
  for (const cluster of new Set(hosts.map((one) => one.cluster))) {
    const own = hosts.filter((one) => one.cluster === cluster).map(({ host }) => host);
    works.set(cluster, await workWithoutSecrets({ role, cluster, hosts: own }, render));
  }
  return (cluster, host) => {
    const work = works.get(cluster);
    if (!work) throw new RangeError(`${cluster.miner} is no cluster of this comparison`);
    return work.tasksOf(host);
  };
};
