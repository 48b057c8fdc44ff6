import { FcopsError, type Problem } from '../../core/problem.ts';
import type { Cluster } from '../../inventory/cluster.ts';
import type { InventorySources } from '../../inventory/load.ts';
import { loadCluster, loadClusters, minersIn, writtenAddresses } from '../../inventory/load.ts';
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
  /** Clusters that the revision has and is wrong about. */
  readonly unread: readonly UnreadCluster[];
}

/** A cluster of a revision that cannot be read, and why. */
export interface UnreadCluster {
  readonly miner: string;
  readonly problems: readonly Problem[];
  /** Those in its text: a machine with one of them may have been a host of it. */
  readonly addresses: ReadonlySet<string>;
}

/**
 * Reads both. Throws an FcopsError with all that is wrong with the files of now; a mistake of the revision is nobody's to
 * mend, and who mends it here compares with it.
 */
export const bothStates = async (
  sources: Sources,
  { miner, base: name }: { readonly miner?: string | undefined; readonly base: string },
): Promise<BothStates> => {
  const base = await baseSources(sources, name);
  const now = inventorySources(sources);
  // Of an inventory that is one file, all are the one in it.
  const named = theNamed(sources, miner === ALL ? undefined : miner);
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
  const before: Cluster[] = [];
  const unread: UnreadCluster[] = [];
  for (const one of hadFile.filter((miner) => wanted.includes(miner))) {
    const same = after.find((cluster) => cluster.miner === one);
    try {
      before.push(clusterThen(base, one, same, now));
    } catch (error) {
      if (!(error instanceof FcopsError)) throw error;
      unread.push({
        miner: one,
        problems: error.problems,
        addresses: writtenAddresses(one, base.inventory),
      });
    }
  }
  return { base, before, after, unread };
};

/** The cluster of the revision. Throws an FcopsError with what is wrong there. */
const clusterThen = (
  { inventory, placed, wrong }: BaseSources,
  miner: string,
  same: Cluster | undefined,
  now: InventorySources,
): Cluster => {
  if (wrong.length > 0) throw new FcopsError(wrong);
  return same && isUnchanged(same, now, inventory) ? same : placed(() => loadCluster(miner, inventory));
};

/** Whether all that a cluster is read from is the same in both, so that it need not be read twice. */
const isUnchanged = (cluster: Cluster, now: InventorySources, then: InventorySources): boolean => {
  const profiles = new Set(cluster.hosts.map(({ profile }) => profile.base ?? profile.name));
  const files = [cluster.file, ...cluster.hosts.map(({ name }) => factsFile(cluster.file, name))];
  return (
    files.every((file) => isSameText(file, now, then)) &&
    [...profiles].every(
      (name) => JSON.stringify(now.profiles.get(name)) === JSON.stringify(then.profiles.get(name)),
    )
  );
};

/** Of one that cannot be read it is not known: whoever needs it tells what is wrong. */
const isSameText = (file: string, now: InventorySources, then: InventorySources): boolean => {
  try {
    return now.files.read(file) === then.files.read(file);
  } catch (error) {
    if (error instanceof FcopsError) return false;
    throw error;
  }
};
