import { posix } from 'node:path';
import { edit } from '../core/next.ts';
import type { Problem } from '../core/problem.ts';
import { err, ok, type Result } from '../core/result.ts';
import { checkHosts } from './check-hosts.ts';
import { checkVersions } from './check-versions.ts';
import type { Checking } from './checking.ts';
import type { Cluster } from './cluster.ts';
import { clusterFileSchema, clusterTopSchema, hostFileSchema } from './inventory-file.ts';
import { withNumberTexts } from './number-texts.ts';
import type { Profiles } from './profiles.ts';
import { resolveCluster } from './resolve.ts';
import { readSavedFacts } from './saved-facts.ts';
import { inventoryJsonSchema } from './schema.ts';
import { type SecretSources, secretFrom } from './secrets.ts';
import { byPlace, readYaml, type YamlFile } from './yaml-file.ts';
import { hostOf, withHost, zodProblems } from './zod-problems.ts';

interface Sources extends SecretSources {
  readonly profiles: Profiles;
}

type Section = Readonly<Record<string, unknown>>;
const isSection = (value: unknown): value is Section =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The parts of a file that passed the schema, for the cross-checks: top-level sections and hosts without an
 * error of their own.
 */
const soundParts = (yaml: YamlFile, profiles: Profiles): Checking => {
  const content = isSection(yaml.value) ? yaml.value : {};
  const issues = clusterFileSchema.safeParse(content).error?.issues ?? [];
  const broken = new Set(
    issues.flatMap(({ path: [section] }) =>
      section === undefined || section === 'hosts' ? [] : [String(section)],
    ),
  );
  const top = Object.fromEntries(
    Object.entries(content).filter(([key]) => Object.hasOwn(clusterTopSchema.shape, key) && !broken.has(key)),
  );
  const parsed = clusterTopSchema.safeParse(top);
  const listed: readonly unknown[] = Array.isArray(content.hosts) ? content.hosts : [];
  return {
    cluster: parsed.success ? parsed.data : {},
    broken,
    hosts: listed.flatMap((value, index) => {
      const host = hostFileSchema.safeParse(value);
      return host.success ? [{ index, host: host.data }] : [];
    }),
    profiles,
    valuePlace: yaml.valuePlace,
  };
};

/** Cross-checks within the top of the file. */
const checkTop = ({ cluster, valuePlace }: Checking, yaml: YamlFile): readonly Problem[] => {
  const { artifacts, miner } = cluster;
  const name = posix.basename(yaml.file).replace(/\.ya?ml$/, '');
  const problems: Problem[] = [];
  if (miner !== undefined && miner !== name)
    problems.push({
      kind: 'inventory',
      what: `the file is named ${posix.basename(yaml.file)}, but its miner is ${miner}`,
      where: valuePlace(['miner']),
      next: [edit(`rename the file to ${miner}.yaml, or correct the miner id`)],
    });
  if (artifacts && (artifacts.user === undefined) !== (artifacts.password === undefined))
    problems.push({
      kind: 'inventory',
      what: `\`artifacts.${artifacts.user === undefined ? 'user' : 'password'}\` is missing: a download needs both or none`,
      where: valuePlace(['artifacts', artifacts.user === undefined ? 'password' : 'user']),
      next: [edit(artifacts.user === undefined ? 'add `user: NAME`' : 'add `password: { env: NAME }`')],
    });
  return problems;
};

/** Reads one cluster file: the cluster, or all that is wrong with the file in the order of its lines. */
export const readCluster = (file: string, sources: Sources): Result<Cluster, readonly Problem[]> => {
  const yaml = withNumberTexts(readYaml(file, sources.files.read(file) ?? ''));
  if (!yaml.readable) return err(yaml.problems);
  const parsed = clusterFileSchema.safeParse(yaml.value);
  const checking = soundParts(yaml, sources.profiles);
  const problems = [
    ...yaml.problems,
    ...(parsed.success
      ? []
      : zodProblems(parsed.error.issues, yaml, { zod: clusterFileSchema, json: inventoryJsonSchema() })),
    ...checkTop(checking, yaml),
    ...checkHosts(checking),
    ...checkVersions(checking),
  ].sort(byPlace);
  if (!parsed.success) return err(problems);
  if (problems.length > 0) return err(problems);
  return ok(
    resolveCluster(parsed.data, {
      file,
      profiles: sources.profiles,
      savedFactsOf: (host) => readSavedFacts(file, host, sources.files),
      secretAt: (ref, path) => secretFrom(ref, withHost(yaml.valuePlace(path), hostOf(yaml, path)), sources),
    }),
  );
};
