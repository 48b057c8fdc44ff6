import { FcopsError } from '../core/errors.ts';
import type { Profile } from '../core/profile.ts';
import type { Cluster, Host } from '../inventory/cluster.ts';
import { nodeFiles } from '../inventory/files.ts';
import type { InventorySources } from '../inventory/load.ts';
import { loadCluster, loadClusters } from '../inventory/load.ts';
import { loadProfiles } from '../inventory/profiles.ts';
import { missingSecrets, secretsOf } from '../inventory/secrets.ts';
import { findHost } from '../inventory/select.ts';
import type { Session } from './session.ts';

/** Hardware models: those of `--profiles`, else the shipped ones. */
export const profilesOf = ({ world, options }: Session): ReadonlyMap<string, Profile> =>
  loadProfiles(options.profiles ?? `${world.packageRoot}/profiles`, nodeFiles);

export const inventorySources = (session: Session): InventorySources => ({
  inventoryDir: session.options.inventory,
  profiles: profilesOf(session),
  files: nodeFiles,
  env: session.world.env,
  home: session.world.home,
});

/** The cluster of `--miner`, or the only one there is. Its secrets are masked in the output from here on. */
export const chosenCluster = (session: Session, miner: string | undefined): Cluster => {
  const sources = inventorySources(session);
  const cluster = miner === undefined ? onlyCluster(loadClusters(sources)) : loadCluster(miner, sources);
  hideSecrets(session, cluster);
  return cluster;
};

/** Clusters that a command may be about: that of `--miner`, else all. Their secrets are masked from here on. */
export const chosenClusters = (session: Session, miner: string | undefined): readonly Cluster[] => {
  const sources = inventorySources(session);
  const clusters = miner === undefined ? loadClusters(sources) : [loadCluster(miner, sources)];
  for (const cluster of clusters) hideSecrets(session, cluster);
  return clusters;
};

const onlyCluster = (clusters: readonly Cluster[]): Cluster => {
  const [first, second] = clusters;
  if (first && !second) return first;
  throw new FcopsError({
    what: 'there is more than one cluster, and none is named',
    next: `say which: --miner ${clusters.map(({ miner }) => miner).join(', --miner ')}`,
  });
};

/** Hosts by name or address, of the cluster of `--miner` or whichever has them. */
export const hostsNamed = (
  session: Session,
  names: readonly string[],
  miner: string | undefined,
): { readonly cluster: Cluster; readonly host: Host }[] => {
  const clusters = chosenClusters(session, miner);
  const found = new Map(
    names.map((name) => {
      const one = findHost(clusters, name);
      return [one.host.name, one];
    }),
  );
  return [...found.values()];
};

/** Throws one FcopsError that names every secret of the cluster which is not there. */
export const requireSecrets = (cluster: Cluster): void => {
  const problems = missingSecrets(cluster);
  if (problems.length > 0) throw new FcopsError(problems);
};

const hideSecrets = ({ output }: Session, cluster: Cluster): void =>
  output.hide(
    secretsOf(cluster).flatMap((secret) => {
      try {
        return [secret.reveal()];
      } catch (error) {
        // Not there: nothing to mask; who needs it says so.
        if (error instanceof FcopsError) return [];
        throw error;
      }
    }),
  );
