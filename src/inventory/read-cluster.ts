import { posix } from 'node:path';
import { edit } from '../core/next.ts';
import { FcopsError, type Problem } from '../core/problem.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Secret } from '../core/secret.ts';
import { checkApi } from './check-api.ts';
import { checkBackup } from './check-backup.ts';
import { checkBootstrap } from './check-bootstrap.ts';
import { checkEnvironment } from './check-environment.ts';
import { checkHosts } from './check-hosts.ts';
import { checkOverrides } from './check-overrides.ts';
import { checkStorage } from './check-storage.ts';
import { checkVersions } from './check-versions.ts';
import type { Checking } from './checking.ts';
import type { Cluster } from './cluster.ts';
import { clusterFileSchema } from './inventory-file.ts';
import { withNumberTexts } from './number-texts.ts';
import type { Profiles } from './profiles.ts';
import { resolveCluster } from './resolve.ts';
import { readSavedFacts } from './saved-facts.ts';
import { inventoryJsonSchema } from './schema.ts';
import { type SecretRef, secretRefSchema } from './schema-parts.ts';
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
  const name = posix.basename(file).replace(/\.ya?ml$/, '');
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
  /** All that is wrong with the file, in the order of its lines. */
  readonly problems: readonly Problem[];
  /** Only where nothing is wrong. */
  readonly cluster?: Cluster;
  /** Its single values that are right: what else is to be checked is checked by them. */
  readonly checking: Checking;
  /** All secrets that it names, each with every place that names it. */
  readonly secrets: readonly Secret[];
}

/** Keys below which a secret may be named, at the top of a file and in a host. */
const SECRETS: readonly Path[] = [
  ['api', 'token'],
  ['artifacts', 'password'],
  ['ssh', 'password'],
  ['ssh', 'sudoPassword'],
];

/** Reads one cluster file. Throws nothing: a file that cannot be read is a problem like others. */
export const readCluster = (file: string, sources: Sources): ReadCluster => {
  const read = textOf(file, sources);
  const yaml = withNumberTexts(readYaml(file, read.ok ? read.value : ''));
  const parsed = clusterFileSchema.safeParse(yaml.value);
  const checking = soundParts(yaml, parsed.data, sources.profiles);
  const secretAt = (ref: SecretRef, path: Path) =>
    secretFrom(ref, withHost(yaml.valuePlace(path), hostOf(yaml, path)), sources);
  const secrets = secretPaths(checking).flatMap((path) => {
    const ref = secretRefSchema.safeParse(valueAt(yaml.value, path));
    return ref.success ? [secretAt(ref.data, path)] : [];
  });
  const found = { file, checking, secrets };
  if (!read.ok) return { ...found, problems: read.error };
  if (!yaml.readable) return { ...found, problems: yaml.problems };
  const problems = [
    ...yaml.problems,
    ...(parsed.success
      ? []
      : zodProblems(parsed.error.issues, yaml, { zod: clusterFileSchema, json: inventoryJsonSchema() })),
    ...checkTop(checking, yaml),
    ...checkApi(checking),
    ...checkHosts(checking),
    ...checkVersions(checking),
    ...checkEnvironment(checking),
    ...checkOverrides(checking),
    ...checkStorage(checking),
    ...checkBootstrap(checking),
    ...checkBackup(checking),
  ].sort(byPlace);
  if (!parsed.success || problems.length > 0) return { ...found, problems };
  const cluster = resolveCluster(parsed.data, {
    file,
    placeOf: yaml.valuePlace,
    profiles: sources.profiles,
    savedFactsOf: (host) => readSavedFacts(file, host, sources.files),
    secretAt,
  });
  return { ...found, problems, cluster };
};

const secretPaths = ({ storage, hosts }: Checking): readonly Path[] => [
  ...SECRETS,
  ...storage.map(({ index }): Path => ['storage', index, 'key']),
  ...hosts.flatMap(({ index }) =>
    SECRETS.filter(([section]) => section === 'ssh').map((path) => ['hosts', index, ...path]),
  ),
];

const textOf = (file: string, { files }: Sources): Result<string, readonly Problem[]> => {
  try {
    return ok(files.read(file) ?? '');
  } catch (error) {
    if (error instanceof FcopsError) return err(error.problems);
    throw error;
  }
};
