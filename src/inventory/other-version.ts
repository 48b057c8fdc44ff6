import { edit } from '../core/next.ts';
import type { Problem } from '../core/problem.ts';
import { keysOfRole, type VersionKey } from './check-versions.ts';
import { foldHosts } from './checking.ts';
import type { Cluster, Host } from './cluster.ts';
import { platformProblem } from './fits-platform.ts';
import { isVersion } from './inventory-file.ts';

/** Hosts that run a program; those that are named, where any are. */
export const hostsRunning = (
  { hosts }: Pick<Cluster, 'hosts'>,
  key: VersionKey,
  names?: ReadonlySet<string>,
): readonly Host[] =>
  hosts.filter(
    ({ name, roles }) =>
      (names === undefined || names.has(name)) && roles.some((role) => keysOfRole(role).includes(key)),
  );

/**
 * The cluster as its file would have it with another version of these programs, on the named hosts or on all that run
 * them. A sum of an archive that is known besides comes with it.
 */
export const withVersion = (
  cluster: Cluster,
  keys: readonly VersionKey[],
  version: string,
  {
    hosts: names,
    sha256 = {},
  }: {
    readonly hosts?: ReadonlySet<string>;
    readonly sha256?: Readonly<Record<string, string>>;
  } = {},
): Cluster => {
  const changed = new Map(
    cluster.hosts.map((host) => [host, hostWith(host, keysFor(cluster, host, keys, names), version)]),
  );
  const of = (host: Host): Host => changed.get(host) ?? host;
  const { api, artifacts } = cluster;
  return {
    ...cluster,
    hosts: cluster.hosts.map(of),
    api: api.from === 'miner' ? { ...api, host: of(api.host) } : api,
    artifacts: { ...artifacts, sha256: { ...artifacts.sha256, ...sha256 } },
  };
};

const keysFor = (
  cluster: Cluster,
  host: Host,
  keys: readonly VersionKey[],
  names: ReadonlySet<string> | undefined,
): readonly VersionKey[] => keys.filter((key) => hostsRunning(cluster, key, names).includes(host));

const hostWith = (host: Host, keys: readonly VersionKey[], version: string): Host =>
  keys.length === 0
    ? host
    : { ...host, versions: { ...host.versions, ...Object.fromEntries(keys.map((key) => [key, version])) } };

/**
 * What is said against a version of these programs before it is anywhere: that it is none, or what the matrix of
 * platforms says of the hosts. Hosts of which the same is said are named once.
 */
export const checkVersion = (
  cluster: Cluster,
  keys: readonly VersionKey[],
  version: string,
  names?: ReadonlySet<string>,
): readonly Problem[] => {
  if (!isVersion(version))
    return [
      {
        kind: 'usage',
        what: `${JSON.stringify(version)} is no version`,
        next: [edit('give one like 1.11.1-3079a405a')],
      },
    ];
  return foldHosts(
    keys.flatMap((key) =>
      hostsRunning(cluster, key, names).flatMap((host) => {
        const found = platformProblem(host, key, version);
        if (!found) return [];
        const next = [edit('give a build that is made for them; --limit HOSTS for hosts of one kind')];
        return [{ host: host.name, problem: { ...found, next, where: { file: cluster.file } } }];
      }),
    ),
  );
};
