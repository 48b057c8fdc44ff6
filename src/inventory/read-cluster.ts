import { posix } from 'node:path';
import type * as z from 'zod';
import { edit, shellHere } from '../core/next.ts';
import { FcopsError, type Place, type Problem } from '../core/problem.ts';
import { err, ok, type Result } from '../core/result.ts';
import { quote } from '../core/shell.ts';
import { checkApi } from './check-api.ts';
import { checkBackup } from './check-backup.ts';
import { checkBootstrap } from './check-bootstrap.ts';
import { checkEnvironment } from './check-environment.ts';
import { checkGroups } from './check-groups.ts';
import { checkHosts } from './check-hosts.ts';
import { checkOverrides } from './check-overrides.ts';
import { checkStorage } from './check-storage.ts';
import { checkVersions, type VersionProblems } from './check-versions.ts';
import type { Checking } from './checking.ts';
import type { Cluster } from './cluster.ts';
import { minerOfFile } from './cluster-file-name.ts';
import { type ClusterFile, clusterFileSchema } from './inventory-file.ts';
import type { NamedSecret } from './named-secret.ts';
import { withNumberTexts } from './number-texts.ts';
import type { Profiles } from './profiles.ts';
import { resolveCluster } from './resolve.ts';
import { readSavedFacts, type SavedFacts } from './saved-facts.ts';
import { inventoryJsonSchema } from './schema.ts';
import { type SecretRef, secretRefSchema } from './schema-parts.ts';
import { secretPaths } from './secret-paths.ts';
import { SecretValues } from './secret-values.ts';
import { type SecretSources, secretFrom } from './secrets.ts';
import { soundParts } from './sound-parts.ts';
import { byPlace, type Path, readYaml, valueAt, type YamlFile } from './yaml-file.ts';
import { hostOf, withHost, zodProblems } from './zod-problems.ts';

interface Sources extends SecretSources {
  readonly profiles: Profiles;
}

/** Cross-checks within the top of the file. */
const checkTop = ({ cluster, valuePlace, isWritten }: Checking, { file }: YamlFile): readonly Problem[] => {
  const { miner } = cluster;
  const name = minerOfFile(file);
  const problems: Problem[] = [];
  if (miner !== undefined && miner !== name)
    problems.push({
      kind: 'inventory',
      what: `the file is named ${posix.basename(file)}, but its miner is ${miner}`,
      where: valuePlace(['miner']),
      next: [edit(`rename the file to ${miner}.yaml, or correct the miner id`)],
    });
  const hasUser = isWritten(['artifacts', 'user']);
  if (hasUser !== isWritten(['artifacts', 'password']))
    problems.push({
      kind: 'inventory',
      what: `\`artifacts.${hasUser ? 'password' : 'user'}\` is missing: a download needs both or none`,
      where: valuePlace(['artifacts', hasUser ? 'user' : 'password']),
      next: [edit(hasUser ? 'add `password: { env: NAME }`' : 'add `user: NAME`')],
    });
  return problems;
};

/** What a cluster file says, as far as it is right. */
export interface ReadCluster {
  readonly file: string;
  /** Whether what stands in it is known: false for a file that cannot be read, or is no YAML. */
  readonly isKnown: boolean;
  /** All that is wrong with the file, in the order of its lines. */
  readonly problems: readonly Problem[];
  /** Those of them that are about versions and checksums. */
  readonly ofVersions: VersionProblems;
  /** Only where nothing is wrong. */
  readonly cluster?: Cluster;
  /** Its single values that are right: what else is to be checked is checked by them. */
  readonly checking: Checking;
  /** Saved facts of a host by its name, read when they are first asked for. */
  readonly savedFactsOf: (host: string) => SavedFacts;
  /** All secrets that it names, each with every place that names it. */
  readonly secrets: readonly NamedSecret[];
  /** Places at which a value stands where it should be said where a secret is kept. */
  readonly inClear: readonly Place[];
}

/**
 * Reads one cluster file. Throws nothing: a file that cannot be read is a problem like others. `schema`: that of cluster
 * files, or one with more keys.
 */
export const readCluster = (
  file: string,
  sources: Sources,
  schema: z.ZodType<ClusterFile> = clusterFileSchema,
): ReadCluster => {
  const read = textOf(file, sources);
  const yaml = withNumberTexts(readYaml(file, read.ok ? read.value : ''));
  const parsed = schema.safeParse(yaml.value);
  const checking = soundParts(yaml, parsed.data, sources.profiles);
  const { values = new SecretValues() } = sources;
  const secretUse = (ref: SecretRef, path: Path) =>
    secretFrom(ref, withHost(checking.valuePlace(path), hostOf(yaml, path)), sources, values, useOf(path));
  const paths = secretPaths(schema, yaml.value);
  const secrets = paths.flatMap((path) => {
    const ref = secretRefSchema.safeParse(valueAt(yaml.value, path));
    return ref.success ? [secretUse(ref.data, path)] : [];
  });
  const inClear = paths
    .filter((path) => ['string', 'number'].includes(typeof valueAt(yaml.value, path)))
    .map((path) => withHost(yaml.valuePlace(path), hostOf(yaml, path)));
  const ofVersions = checkVersions(checking);
  const savedFactsOf = eachOnce((host) => readSavedFacts(file, host, sources.files));
  const isKnown = read.ok && yaml.readable;
  const found = { file, isKnown, checking, ofVersions, savedFactsOf, secrets, inClear };
  if (!read.ok) return { ...found, problems: read.error };
  if (!yaml.readable) return { ...found, problems: yaml.problems };
  const problems = [
    ...yaml.problems,
    ...(parsed.success
      ? []
      : zodProblems(parsed.error.issues, yaml, { zod: schema, json: inventoryJsonSchema() })),
    ...checkTop(checking, yaml),
    ...checkApi(checking),
    ...checkHosts(checking),
    ...checkGroups(checking),
    ...ofVersions.versions,
    ...ofVersions.checksums,
    ...checkEnvironment(checking),
    ...checkOverrides(checking),
    ...checkStorage(checking),
    ...checkBootstrap(checking),
    ...checkBackup(checking),
  ].sort(byPlace);
  if (!parsed.success || problems.length > 0) return { ...found, problems };
  const cluster = resolveCluster(parsed.data, {
    file,
    placeOf: checking.valuePlace,
    groupsOf: (index) => checking.hosts[index]?.groups ?? [],
    profiles: sources.profiles,
    savedFactsOf,
    secretAt: (ref, path) => secretUse(ref, path).secret,
    secrets,
  });
  return { ...found, problems, cluster };
};

const eachOnce = (read: (host: string) => SavedFacts): ((host: string) => SavedFacts) => {
  const known = new Map<string, SavedFacts>();
  return (host) => {
    const facts = known.get(host) ?? read(host);
    known.set(host, facts);
    return facts;
  };
};

/** The section of a path, of a host or a group as of the cluster. */
const useOf = ([section, _, inside]: Path): string =>
  String(section === 'hosts' || section === 'groups' ? inside : section);

/** Of a name in a directory behind which nothing is. */
const leadsNowhere = (file: string): Problem => ({
  kind: 'inventory',
  what: 'there is no such file, though its directory has the name',
  where: { file },
  why: 'it is a link that leads nowhere, or was removed just now',
  next: [shellHere(`ls -l ${quote(file)}`, 'see where it leads')],
});

/** Of a file with zero bytes: UTF-16, as an editor of Windows may save it, or no text at all. */
const noText = (file: string): Problem => ({
  kind: 'inventory',
  what: 'this is no text in UTF-8',
  where: { file, line: 1, column: 1 },
  next: [edit('save it as UTF-8')],
});

const textOf = (file: string, { files }: Sources): Result<string, readonly Problem[]> => {
  try {
    const text = files.read(file);
    if (text === undefined) return err([leadsNowhere(file)]);
    return text.includes('\0') ? err([noText(file)]) : ok(text);
  } catch (error) {
    if (error instanceof FcopsError) return err(error.problems);
    throw error;
  }
};
