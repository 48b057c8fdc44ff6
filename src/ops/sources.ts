import { statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { edit, fcopsCommand } from '../core/next.ts';
import { FcopsError, type Problem } from '../core/problem.ts';
import { quote } from '../core/shell.ts';
import { checkTogether } from '../inventory/check-together.ts';
import type { Cluster, Host } from '../inventory/cluster.ts';
import { minerOfFile } from '../inventory/cluster-file-name.ts';
import type { Sign } from '../inventory/host-pattern.ts';
import { namesOf, termsIn } from '../inventory/host-pattern.ts';
import type { InventorySources } from '../inventory/load.ts';
import { filesOf, loadCluster, loadClusters, readNeighbours } from '../inventory/load.ts';
import type { Profiles } from '../inventory/profiles.ts';
import { loadProfiles } from '../inventory/profiles.ts';
import { type ReadCluster, readCluster } from '../inventory/read-cluster.ts';
import type { SecretValues } from '../inventory/secret-values.ts';
import {
  missingSecrets,
  namedFor,
  type OpenText,
  SECRET_USES,
  type SecretUse,
  secretsOf,
  unkeepable,
} from '../inventory/secrets.ts';
import { findHost, isOnlyRole, roleIsNoHost, selectHosts } from '../inventory/select.ts';
import { loadTemplates } from '../render/load.ts';
import { nodeFiles } from './node-files.ts';
import type { IdentitySources } from './secrets/identities.ts';
import { resolveSecrets } from './secrets/resolve.ts';

/** Where clusters, profiles and templates are, and where secrets are looked up. */
export interface Sources extends IdentitySources {
  /** Directory of the cluster files, or one of them, which then stands for itself alone. */
  readonly inventory: string;
  /** Hardware models in place of the shipped ones. */
  readonly profiles?: string;
  /** Templates that replace shipped ones of the same name. */
  readonly templates?: string;
  /** Where the shipped profiles and templates are. */
  readonly packageRoot: string;
  /** Secrets that are known already, and where others are kept; each reading of the inventory has its own without it. */
  readonly values?: SecretValues;
}

/** Which hosts an operation is about. */
export interface Selection {
  /** May be left out where there is only one cluster. */
  readonly miner?: string | undefined;
  /** Pattern of hosts, as `--limit` has it. */
  readonly limit?: string | undefined;
}

/** Hardware models: those of `profiles`, else the shipped ones. */
export const profilesOf = ({ profiles, packageRoot }: Sources): Profiles =>
  loadProfiles(profiles ?? `${packageRoot}/profiles`, nodeFiles);

/** Where the inventory is read from. */
export const inventorySources = (sources: Sources): InventorySources => ({
  inventoryDir: inventoryPlace(sources).directory,
  profiles: profilesOf(sources),
  examples: `${sources.packageRoot}/inventories`,
  files: nodeFiles,
  env: sources.env,
  home: sources.home,
  ...(sources.values && { values: sources.values }),
});

/** The directory of the cluster files, also where one of them is named. */
export const inventoryDirectory = (sources: Sources): string => inventoryPlace(sources).directory;

/** A cluster file in place of a directory, as fingers know it from Ansible. */
const inventoryPlace = ({ inventory }: Sources): { readonly directory: string; readonly only?: string } => {
  if (!isFile(inventory)) return { directory: inventory };
  const only = /^(.+)\.ya?ml$/.exec(basename(inventory))?.[1];
  if (only === undefined)
    throw new FcopsError({
      kind: 'usage',
      what: 'this is a file, and no cluster file (<miner id>.yaml)',
      where: { file: inventory },
      next: [edit(`give its directory: --inventory ${quote(dirname(inventory))}`)],
    });
  return { directory: dirname(inventory), only };
};

/** Whether one cluster file stands for itself alone: the others of its directory do not matter then. */
export const isOneFile = (sources: Sources): boolean => inventoryPlace(sources).only !== undefined;

const isFile = (path: string): boolean => {
  try {
    return statSync(path).isFile();
  } catch {
    // Whoever reads it says what is wrong with it.
    return false;
  }
};

/** The cluster that is named, by its miner id or as the file of the inventory. */
export const theNamed = (sources: Sources, miner: string | undefined): string | undefined => {
  const { only } = inventoryPlace(sources);
  if (only !== undefined && miner !== undefined && only !== miner)
    throw new FcopsError({
      kind: 'usage',
      what: `--inventory is the file of ${only}, and --miner says ${miner}`,
      next: [edit('leave one of them out')],
    });
  return miner ?? only;
};

/** The cluster that is named, or the only one there is. */
export const chosenCluster = (sources: Sources, miner: string | undefined): Cluster => {
  const from = inventorySources(sources);
  const name = theNamed(sources, miner);
  return name === undefined ? onlyCluster(loadClusters(from)) : loadCluster(name, from);
};

/** The file of the cluster that is named, or of the only one there is, whatever is wrong in it. */
export const chosenFile = (sources: Sources, miner: string | undefined): string => {
  const files = filesOf(inventorySources(sources), theNamed(sources, miner));
  const [first, second] = files;
  if (first !== undefined && second === undefined) return first;
  throw moreThanOne(files.map(minerOfFile));
};

/** Clusters that an operation may be about: the one that is named, else all. */
export const chosenClusters = (sources: Sources, miner: string | undefined): readonly Cluster[] => {
  const from = inventorySources(sources);
  const name = theNamed(sources, miner);
  return name === undefined ? loadClusters(from) : [loadCluster(name, from)];
};

/**
 * Throws where a host that is to be worked on is a host of another cluster of the directory as well: whoever works on
 * it last would take it from the other.
 */
export const refuseSharedHosts = (
  sources: Sources,
  { miner, file }: Cluster,
  hosts: readonly Host[],
): void => {
  if (isOneFile(sources)) return;
  const addresses = hosts.flatMap(({ address, listen }) => [address, listen]);
  const from = inventorySources(sources);
  const others = readNeighbours(miner, addresses, from);
  if (others.length === 0) return;
  const names = new Set(hosts.map(({ name }) => name));
  const problems = checkTogether([...others, readCluster(file, from)], miner).filter(({ where }) =>
    names.has(where?.host ?? ''),
  );
  if (problems.length > 0) throw new FcopsError(problems);
};

const sayWhich = (miners: readonly string[]) =>
  edit(`say which: ${miners.map((miner) => `--miner ${miner}`).join(' or ')}`);

const moreThanOne = (miners: readonly string[]): FcopsError =>
  new FcopsError({
    kind: 'usage',
    what: 'there is more than one cluster, and none is named',
    next: [sayWhich(miners)],
  });

export const onlyCluster = (clusters: readonly Cluster[]): Cluster => {
  const [first, second] = clusters;
  if (first && !second) return first;
  throw moreThanOne(clusters.map(({ miner }) => miner));
};

/**
 * The pattern of `--limit`: of `@FILE` what stands in the file, patterns as in `--limit`, `#` before what is not meant; a
 * relative path counts from where fcops is. `!@FILE` leaves all of them out.
 */
export const limitOf = (limit: string): string => {
  if (!limit.includes('@')) return limit;
  // The name of a file may have commas and blanks in it. It is read once: what a shell puts in its place is gone then.
  const file = limit.startsWith('@') ? limit.slice(1) : undefined;
  const text = file === undefined ? undefined : nodeFiles.read(file);
  if (file !== undefined && text !== undefined) return patternsOf(text, file, limit).join(',');
  return termsIn(limit)
    .map(({ text, sign, pattern }) =>
      pattern.startsWith('@') ? eachOf(patternsIn(pattern.slice(1), text), sign, text) : text,
    )
    .join(',');
};

/** The patterns of a file, all of them with a sign before them. Throws where that is not what the sign means. */
export const eachOf = (patterns: readonly string[], sign: Sign, term: string): string => {
  if (sign === '&' && patterns.length > 1)
    throw new FcopsError({
      kind: 'usage',
      what: `--limit ${term}: & is for one pattern, and these are ${patterns.length}`,
      next: [edit(`write it the other way round: ${term.slice(1)},&PATTERN`)],
    });
  return patterns.map((pattern) => sign + pattern).join(',');
};

const patternsIn = (file: string, term: string): readonly string[] => {
  const text = nodeFiles.read(file);
  if (text === undefined)
    throw new FcopsError({
      kind: 'usage',
      what: `--limit ${term}: there is no such file`,
      where: { file },
      next: [edit('write names of hosts or patterns into it, one a line')],
    });
  return patternsOf(text, file, term);
};

const patternsOf = (text: string, file: string, term: string): readonly string[] => {
  const patterns = text
    .split('\n')
    .flatMap((line) => termsIn(line.replace(/#.*/, '')).map((one) => one.text));
  if (patterns.length > 0) return patterns;
  throw new FcopsError({
    kind: 'usage',
    what: `--limit ${term}: no host stands in it`,
    where: { file },
    next: [edit('leave --limit out for all hosts')],
  });
};

/** A host with the cluster it belongs to. */
export interface FoundHost {
  readonly cluster: Cluster;
  readonly host: Host;
}

/** One host by its name or address, of whichever cluster has it. */
export const hostNamed = (clusters: readonly Cluster[], name: string): FoundHost => {
  const having = clusters.filter(({ hosts }) => hosts.some((host) => namesOf(host).includes(name)));
  if (having.length > 1)
    throw new FcopsError({
      kind: 'usage',
      what: `${name} is a host of ${having.map(({ miner }) => miner).join(' and ')}`,
      next: [sayWhich(having.map(({ miner }) => miner))],
    });
  return findHost(clusters, name);
};

/** The hosts that are named, each once; where none is, those of the cluster that `limit` lets through. */
export const hostsChosen = (
  sources: Sources,
  names: readonly string[],
  { miner, limit }: Selection,
  command: string,
): readonly FoundHost[] => {
  if (names.length > 0) {
    if (limit !== undefined)
      throw new FcopsError({
        kind: 'usage',
        what: 'hosts are named, and --limit is given',
        next: [fcopsCommand([command, '--limit', 'PATTERN'], 'leave one of them out')],
      });
    const clusters = chosenClusters(sources, miner);
    const role = names.find((name) => isOnlyRole(name, clusters));
    if (role !== undefined)
      throw roleIsNoHost(role, fcopsCommand([command, '--limit', names.join(',')], 'with its hosts'));
    const found = names.map((name) => hostNamed(clusters, name));
    return [...new Map(found.map((one) => [one.host.name, one])).values()];
  }
  if (miner === undefined && limit === undefined)
    throw new FcopsError({
      kind: 'usage',
      what: 'no host is named',
      next: [edit(`fcops ${command} HOST, or fcops ${command} --miner ID for all of a cluster`)],
    });
  const cluster = chosenCluster(sources, miner);
  return selectHosts(cluster, { ...(limit !== undefined && { limit: limitOf(limit) }) }).map((host) => ({
    cluster,
    host,
  }));
};

/** What is wrong with the secrets of a cluster: those that are not there, and those that could not be kept. */
export const secretProblems = (sources: Sources, cluster: Cluster): readonly Problem[] =>
  missingSecrets(cluster, openTexts(sources, cluster.file));

/** Texts that no secret may stand in: the cluster file itself, and fcops' own constants as its templates have them. */
export const openTexts = (sources: Sources, file: string): readonly OpenText[] => {
  const templates = loadTemplates(nodeFiles, `${sources.packageRoot}/templates`);
  return [
    { name: file, text: nodeFiles.read(file) ?? '' },
    ...[...templates].map(([name, { text }]) => ({ name: `the template ${name} of fcops`, text })),
  ];
};

/** The same of a file that may have other mistakes as well. */
export const secretProblemsIn = async (
  { file, secrets }: ReadCluster,
  sources: Sources,
): Promise<readonly Problem[]> => {
  await resolveSecrets(sources, secrets);
  return secrets.length === 0
    ? []
    : unkeepable(
        secrets.map(({ secret }) => secret),
        file,
        openTexts(sources, file),
      );
};

/**
 * Works out the secrets of the cluster: of a vault those for these uses alone, as who is asked may be a person, or away.
 * Throws one FcopsError that names every one for these uses which is not there, or could not be kept. One that is for
 * something else may be missing, and could give itself away all the same where it is at hand.
 */
export const requireSecrets = async (
  sources: Sources,
  cluster: Cluster,
  uses: readonly SecretUse[] = SECRET_USES,
): Promise<void> => {
  const atHand = cluster.secrets.filter(({ kept }) => kept.kind !== 'exec');
  await resolveSecrets(sources, [...atHand, ...namedFor(cluster, uses)]);
  const open = openTexts(sources, cluster.file);
  const wrong = (of: readonly SecretUse[]) => unkeepable(secretsOf(cluster, of), cluster.file, open);
  const others = SECRET_USES.filter((use) => !uses.includes(use));
  const problems = [...wrong(uses), ...wrong(others).filter(({ kind }) => kind === 'weak-secret')];
  if (problems.length > 0) throw new FcopsError(problems);
};
