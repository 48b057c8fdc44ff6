import type { Cluster } from '../../inventory/cluster.ts';
import type { InventorySources } from '../../inventory/load.ts';
import { loadCluster, loadClusters, minersIn } from '../../inventory/load.ts';
import { factsFile } from '../../inventory/saved-facts.ts';
import type { Sources } from '../sources.ts';
import { inventorySources, onlyCluster, theNamed } from '../sources.ts';
import type { BaseSources } from './base-sources.ts';
import { baseSources } from './base-sources.ts';

/** All clusters. */
const ALL = 'all';

/** The clusters that are asked about, as they were and as they are. */
export interface BothStates {
  readonly base: Omit<BaseSources, 'inventory'>;
  readonly before: readonly Cluster[];
  readonly after: readonly Cluster[];
}

/** Reads both. Throws an FcopsError with all that is wrong with the files of either. */
export const bothStates = async (
  sources: Sources,
  { miner, base: name }: { readonly miner?: string | undefined; readonly base: string },
): Promise<BothStates> => {
  const base = await baseSources(sources, name);
  const now = inventorySources(sources);
  const named = miner === ALL ? undefined : theNamed(sources, miner);
  const hadFile = minersIn(base.inventory).filter((one) => named === undefined || one === named);
  const hasFile = minersIn(now).filter((one) => named === undefined || one === named);
  // Where there is none in either, what is wrong is told.
  const after =
    named !== undefined && hasFile.length === 0 && hadFile.length > 0
      ? []
      : named !== undefined
        ? [loadCluster(named, now)]
        : miner === ALL
          ? loadClusters(now)
          : [onlyCluster(loadClusters(now))];
  const wanted = miner === ALL || named !== undefined ? hadFile : after.map((cluster) => cluster.miner);
  const before = hadFile
    .filter((one) => wanted.includes(one))
    .map((one) => {
      const same = after.find((cluster) => cluster.miner === one);
      return same && isUnchanged(same, now, base.inventory)
        ? same
        : base.placed(() => loadCluster(one, base.inventory));
    });
  return { base, before, after };
};

/** Whether all that a cluster is read from is the same in both, so that it need not be read twice. */
const isUnchanged = (cluster: Cluster, now: InventorySources, then: InventorySources): boolean => {
  const profiles = new Set(cluster.hosts.map(({ profile }) => profile.base ?? profile.name));
  const files = [cluster.file, ...cluster.hosts.map(({ name }) => factsFile(cluster.file, name))];
  return (
    files.every((file) => now.files.read(file) === then.files.read(file)) &&
    [...profiles].every(
      (name) => JSON.stringify(now.profiles.get(name)) === JSON.stringify(then.profiles.get(name)),
    )
  );
};
