import { posix } from 'node:path';
import { edit } from '../core/next.ts';
import { FcopsError, type Problem } from '../core/problem.ts';
import { didYouMean } from '../core/suggest.ts';
import type { Cluster } from './cluster.ts';
import type { Profiles } from './profiles.ts';
import { readCluster } from './read-cluster.ts';
import type { SecretSources } from './secrets.ts';

/** Where inventories come from; the only way to anything outside. */
export interface InventorySources extends SecretSources {
  /** Directory of the cluster files, as the user gave it: messages show it. */
  readonly inventoryDir: string;
  readonly profiles: Profiles;
  /** Directory of examples, where there is one. */
  readonly examples?: string;
}

const minerOf = (name: string): string => name.replace(/\.ya?ml$/, '');

const clusterFiles = ({ inventoryDir, files }: InventorySources): readonly string[] => {
  const names = files.list(inventoryDir);
  if (!names)
    throw new FcopsError({
      kind: 'inventory',
      what: 'there is no such directory of inventories',
      where: { file: inventoryDir },
      next: [edit('give the directory of your cluster files: --inventory DIR')],
    });
  return names.filter((name) => /\.ya?ml$/.test(name)).sort();
};

const readAll = (names: readonly string[], sources: InventorySources): readonly Cluster[] => {
  const twice = names.flatMap((name): readonly Problem[] =>
    name.endsWith('.yml') && names.includes(`${minerOf(name)}.yaml`)
      ? [
          {
            kind: 'inventory',
            what: `${minerOf(name)} has two files, ${minerOf(name)}.yaml and ${name}`,
            where: { file: posix.join(sources.inventoryDir, name) },
            next: [edit('keep one of them')],
          },
        ]
      : [],
  );
  const results = names.map((name) => readCluster(posix.join(sources.inventoryDir, name), sources));
  const problems = [...twice, ...results.flatMap((result) => (result.ok ? [] : result.error))];
  // Two clusters with one broken profile tell of it once.
  if (problems.length > 0) throw new FcopsError([...new Set(problems)]);
  return results.flatMap((result) => (result.ok ? [result.value] : []));
};

/** All clusters of the directory, by miner id. Throws one FcopsError with everything that is wrong. */
export const loadClusters = (sources: InventorySources): readonly Cluster[] => {
  const names = clusterFiles(sources);
  if (names.length > 0) return readAll(names, sources);
  throw new FcopsError({
    kind: 'inventory',
    what: 'there is no cluster file here',
    where: { file: sources.inventoryDir },
    next: [
      edit(
        `write <miner id>.yaml there, after the examples ${sources.examples === undefined ? 'that come with fcops' : `in ${sources.examples}`}`,
      ),
    ],
  });
};

/** One cluster by its miner id; mistakes in the files of others do not matter to it. */
export const loadCluster = (miner: string, sources: InventorySources): Cluster => {
  const names = clusterFiles(sources);
  const [cluster] = readAll(
    names.filter((name) => minerOf(name) === miner),
    sources,
  );
  if (cluster) return cluster;
  throw new FcopsError({
    kind: 'inventory',
    what: `there is no cluster ${miner}`,
    where: { file: sources.inventoryDir },
    next: [edit(names.length > 0 ? didYouMean(miner, names.map(minerOf)) : `write ${miner}.yaml there`)],
  });
};
