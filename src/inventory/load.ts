import { posix } from 'node:path';
import { edit, fcopsCommand, shellHere } from '../core/next.ts';
import { FcopsError, type Problem } from '../core/problem.ts';
import { quote } from '../core/shell.ts';
import { didYouMean } from '../core/suggest.ts';
import type { Cluster } from './cluster.ts';
import { isClusterFile, minerOfFile } from './cluster-file-name.ts';
import { isMinerId, MINER_ID_FORM } from './inventory-file.ts';
import type { Profiles } from './profiles.ts';
import { type ReadCluster, readCluster } from './read-cluster.ts';
import type { SecretSources } from './secrets.ts';

/** Where inventories come from; the only way to anything outside. */
export interface InventorySources extends SecretSources {
  /** Directory of the cluster files, as the user gave it: messages show it. */
  readonly inventoryDir: string;
  readonly profiles: Profiles;
  /** Directory of examples, where there is one. */
  readonly examples?: string;
}

/** Miners that have a cluster file in the directory, or two; none where there is no such directory. */
export const minersIn = ({
  inventoryDir,
  files,
}: Pick<InventorySources, 'inventoryDir' | 'files'>): readonly string[] => [
  ...new Set((files.list(inventoryDir) ?? []).filter(isClusterFile).map(minerOfFile)),
];

const clusterFiles = ({ inventoryDir, files }: InventorySources, miner = 'MINER'): readonly string[] => {
  const names = files.list(inventoryDir);
  if (!names && isClusterFile(inventoryDir))
    throw new FcopsError({
      kind: 'inventory',
      what: 'there is no such cluster file',
      where: { file: inventoryDir },
      next: [shellHere(`ls ${quote(posix.dirname(inventoryDir))}`, 'see which there are')],
    });
  if (!names)
    throw new FcopsError({
      kind: 'inventory',
      what: 'there is no such directory of inventories',
      where: { file: inventoryDir },
      next: [
        edit('give the directory of your cluster files: --inventory DIR'),
        fcopsCommand(['init', miner], 'or make it, with a cluster file to begin with'),
      ],
    });
  return names.filter(isClusterFile).sort();
};

/** What the files of a directory say. */
export interface ReadInventory {
  readonly files: readonly ReadCluster[];
  /** What is wrong with the files as files, not with what they say. */
  readonly problems: readonly Problem[];
}

const readFiles = (names: readonly string[], sources: InventorySources): ReadInventory => ({
  files: names.map((name) => readCluster(posix.join(sources.inventoryDir, name), sources)),
  problems: names.flatMap((name): readonly Problem[] =>
    name.endsWith('.yml') && names.includes(`${minerOfFile(name)}.yaml`)
      ? [
          {
            kind: 'inventory',
            what: `${minerOfFile(name)} has two files, ${minerOfFile(name)}.yaml and ${name}`,
            where: { file: posix.join(sources.inventoryDir, name) },
            next: [edit('keep one of them')],
          },
        ]
      : [],
  ),
});

/**
 * The files of other miners of the directory that say anything of one of these addresses: enough to tell whose a machine
 * is, and no more than a look at the text of the others.
 */
export const readNeighbours = (
  miner: string,
  addresses: readonly string[],
  sources: InventorySources,
): readonly ReadCluster[] =>
  clusterFiles(sources)
    .filter((name) => minerOfFile(name) !== miner)
    .map((name) => posix.join(sources.inventoryDir, name))
    .filter((file) => {
      const there = writtenIn(file, sources);
      return addresses.some((address) => there.has(address));
    })
    .map((file) => readCluster(file, sources));

/** The addresses that stand anywhere in the files of a miner, whatever is wrong with them. */
export const writtenAddresses = (
  miner: string,
  sources: Pick<InventorySources, 'inventoryDir' | 'files'>,
): ReadonlySet<string> =>
  new Set(
    (sources.files.list(sources.inventoryDir) ?? [])
      .filter((name) => isClusterFile(name) && minerOfFile(name) === miner)
      .flatMap((name) => [...writtenIn(posix.join(sources.inventoryDir, name), sources)]),
  );

const writtenIn = (file: string, { files }: Pick<InventorySources, 'files'>): ReadonlySet<string> => {
  try {
    return new Set(files.read(file)?.match(/\d+(?:\.\d+){3}/g));
  } catch (error) {
    // A file of somebody else that cannot be read does not matter here.
    if (error instanceof FcopsError) return new Set();
    throw error;
  }
};

const namesOf = (miner: string | undefined, sources: InventorySources): readonly string[] => {
  const names = clusterFiles(sources, miner);
  if (miner === undefined && names.length === 0)
    throw new FcopsError({
      kind: 'inventory',
      what: 'there is no cluster file here',
      where: { file: sources.inventoryDir },
      next: [
        fcopsCommand(['init', 'MINER'], 'write one to begin with'),
        ...(sources.examples === undefined ? [] : [edit(`examples are in ${sources.examples}`)]),
      ],
    });
  const chosen = names.filter((name) => miner === undefined || minerOfFile(name) === miner);
  if (chosen.length > 0) return chosen;
  throw new FcopsError({
    kind: 'inventory',
    what: `there is no cluster ${miner}`,
    where: { file: sources.inventoryDir },
    next: [
      ...(names.length > 0 && miner !== undefined ? [edit(didYouMean(miner, names.map(minerOfFile)))] : []),
      miner === undefined || isMinerId(miner)
        ? fcopsCommand(['init', miner ?? 'MINER'], 'for a new one')
        : edit(MINER_ID_FORM),
    ],
  });
};

/** Paths of all cluster files of the directory, or of that of one miner. Throws an FcopsError where there is none. */
export const filesOf = (sources: InventorySources, miner?: string): readonly string[] =>
  namesOf(miner, sources).map((name) => posix.join(sources.inventoryDir, name));

/**
 * What all files of the directory say, or that of one miner, with all that is wrong in them. Throws an FcopsError
 * only where there is no file.
 */
export const readInventory = (sources: InventorySources, miner?: string): ReadInventory =>
  readFiles(namesOf(miner, sources), sources);

const clustersIn = ({ files, problems: ofFiles }: ReadInventory): readonly Cluster[] => {
  const problems = [...ofFiles, ...files.flatMap((file) => file.problems)];
  // Two clusters with one broken profile tell of it once.
  if (problems.length > 0) throw new FcopsError([...new Set(problems)]);
  return files.flatMap(({ cluster }) => cluster ?? []);
};

/** All clusters of the directory, by miner id. Throws one FcopsError with everything that is wrong. */
export const loadClusters = (sources: InventorySources): readonly Cluster[] =>
  clustersIn(readInventory(sources));

/** One cluster by its miner id; mistakes in the files of others do not matter to it. */
export const loadCluster = (miner: string, sources: InventorySources): Cluster => {
  const [cluster] = clustersIn(readInventory(sources, miner));
  if (!cluster) throw new Error(`no cluster ${miner} was read`);
  return cluster;
};
