import { statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { FcopsError } from '../core/errors.ts';
import { quote } from '../core/shell.ts';
import type { Cluster, Host } from '../inventory/cluster.ts';
import { nodeFiles } from '../inventory/files.ts';
import type { InventorySources } from '../inventory/load.ts';
import { loadCluster, loadClusters } from '../inventory/load.ts';
import type { Profiles } from '../inventory/profiles.ts';
import { loadProfiles } from '../inventory/profiles.ts';
import { missingSecrets, secretsOf } from '../inventory/secrets.ts';
import { findHost, selectHosts } from '../inventory/select.ts';
import { commandLine } from './command-line.ts';
import type { ClusterOptions } from './options.ts';
import type { Session } from './session.ts';

/** Hardware models: those of `--profiles`, else the shipped ones. */
export const profilesOf = ({ world, options }: Session): Profiles =>
  loadProfiles(options.profiles ?? `${world.packageRoot}/profiles`, nodeFiles);

export const inventorySources = (session: Session): InventorySources => ({
  inventoryDir: inventoryPlace(session).directory,
  profiles: profilesOf(session),
  files: nodeFiles,
  env: session.world.env,
  home: session.world.home,
});

/** `--inventory` names a directory; a cluster file, as fingers know it from Ansible, stands for itself alone. */
const inventoryPlace = ({ options }: Session): { readonly directory: string; readonly only?: string } => {
  const { inventory } = options;
  if (!isFile(inventory)) return { directory: inventory };
  const only = /^(.+)\.ya?ml$/.exec(basename(inventory))?.[1];
  if (only === undefined)
    throw new FcopsError({
      what: 'this is a file, and no cluster file (<miner id>.yaml)',
      where: { file: inventory },
      next: `give its directory: --inventory ${quote(dirname(inventory))}`,
    });
  return { directory: dirname(inventory), only };
};

const isFile = (path: string): boolean => {
  try {
    return statSync(path).isFile();
  } catch {
    // Whoever reads it says what is wrong with it.
    return false;
  }
};

/** The cluster that is named, by `--miner` or as the file of `--inventory`. */
const named = (session: Session, miner: string | undefined): string | undefined => {
  const { only } = inventoryPlace(session);
  if (only !== undefined && miner !== undefined && only !== miner)
    throw new FcopsError({
      what: `--inventory is the file of ${only}, and --miner says ${miner}`,
      next: 'leave one of them out',
    });
  return miner ?? only;
};

/** The cluster of `--miner`, or the only one there is. Its secrets are masked in the output from here on. */
export const chosenCluster = (session: Session, miner: string | undefined): Cluster => {
  const sources = inventorySources(session);
  const name = named(session, miner);
  const cluster = name === undefined ? onlyCluster(loadClusters(sources)) : loadCluster(name, sources);
  hideSecrets(session, cluster);
  return cluster;
};

/** Clusters that a command may be about: that of `--miner`, else all. Their secrets are masked from here on. */
export const chosenClusters = (session: Session, miner: string | undefined): readonly Cluster[] => {
  const sources = inventorySources(session);
  const name = named(session, miner);
  const clusters = name === undefined ? loadClusters(sources) : [loadCluster(name, sources)];
  for (const cluster of clusters) hideSecrets(session, cluster);
  return clusters;
};

const sayWhich = (clusters: readonly Cluster[]): string =>
  `say which: ${clusters.map(({ miner }) => `--miner ${miner}`).join(' or ')}`;

const onlyCluster = (clusters: readonly Cluster[]): Cluster => {
  const [first, second] = clusters;
  if (first && !second) return first;
  throw new FcopsError({
    what: 'there is more than one cluster, and none is named',
    next: sayWhich(clusters),
  });
};

/** A host with the cluster it belongs to. */
export interface FoundHost {
  readonly cluster: Cluster;
  readonly host: Host;
}

/** One host by its name or address, of the cluster of `--miner` or whichever has it. */
export const hostNamed = (clusters: readonly Cluster[], name: string): FoundHost => {
  const having = clusters.filter(({ hosts }) =>
    hosts.some((host) => host.name === name || host.address === name),
  );
  if (having.length > 1)
    throw new FcopsError({
      what: `${name} is a host of ${having.map(({ miner }) => miner).join(' and ')}`,
      next: sayWhich(having),
    });
  return findHost(clusters, name);
};

/** The hosts that are named, each once; where none is, those of `--miner` that `--limit` lets through. */
export const hostsChosen = (
  session: Session,
  names: readonly string[],
  { miner, limit }: ClusterOptions,
  command: string,
): readonly FoundHost[] => {
  if (names.length > 0) {
    if (limit !== undefined)
      throw new FcopsError({
        what: 'hosts are named, and --limit is given',
        next: `leave one of them out: ${commandLine(session, `${command} --limit PATTERN`, { miner })}`,
      });
    const clusters = chosenClusters(session, miner);
    const found = names.map((name) => hostNamed(clusters, name));
    return [...new Map(found.map((one) => [one.host.name, one])).values()];
  }
  if (miner === undefined && limit === undefined)
    throw new FcopsError({
      what: 'no host is named',
      next: `fcops ${command} HOST, or fcops ${command} --miner ID for all of a cluster`,
    });
  const cluster = chosenCluster(session, miner);
  return selectHosts(cluster, { ...(limit !== undefined && { limit }) }).map((host) => ({ cluster, host }));
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
