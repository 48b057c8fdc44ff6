import type { VersionKey } from './check-versions.ts';
import type { Cluster, Host } from './cluster.ts';

/** A version of a program, and the hosts that have it. */
export interface VersionOnHosts {
  readonly key: VersionKey;
  readonly version: string;
  readonly hosts: readonly string[];
}

/** The cluster as its file would have it with these versions. A sum of an archive that is known besides comes with it. */
export const withVersions = (
  cluster: Cluster,
  versions: readonly VersionOnHosts[],
  sha256: Readonly<Record<string, string>> = {},
): Cluster => {
  const changed = new Map(cluster.hosts.map((host) => [host, hostWith(host, versions)]));
  const of = (host: Host): Host => changed.get(host) ?? host;
  const { api, artifacts } = cluster;
  return {
    ...cluster,
    hosts: cluster.hosts.map(of),
    api: api.from === 'miner' ? { ...api, host: of(api.host) } : api,
    artifacts: { ...artifacts, sha256: { ...artifacts.sha256, ...sha256 } },
  };
};

const hostWith = (host: Host, versions: readonly VersionOnHosts[]): Host => {
  const own = versions.filter(({ hosts }) => hosts.includes(host.name));
  if (own.length === 0) return host;
  const other = Object.fromEntries(own.map(({ key, version }) => [key, version]));
  return { ...host, versions: { ...host.versions, ...other } };
};
