import { type ArtifactServer, startArtifactServer } from '../../support/artifact-server.ts';
import { VERSIONS, type WrittenCluster, writeCluster } from '../../support/cluster.ts';
import { type Ended, fcops, startFcops, startFcopsOnTerminal } from '../../support/fcops.ts';
import { dual4216, dual7532 } from '../../support/hardware.ts';
import { c2Machine, copyPieceInfo, p1Machine } from '../../support/machines.ts';
import { RELEASE, type Release } from './debian-root.ts';
import { type BootedHost, type BootedHosts, BRIDGE_ADDRESS, bootHosts } from './nspawn.ts';

/** One machine of a cluster; its name and address end in the number: `p1-50`, 10.198.77.50. */
export interface SceneHost {
  readonly role: 'p1' | 'c2';
  readonly number: number;
  /** What it runs; Debian 12 where it is left out. */
  readonly release?: Release;
}

/** What stands in the cluster's file besides what every test needs. */
export interface ClusterChange {
  /** Name of the directory that the file goes to; another one does not disturb the scene's own. */
  readonly directory: string;
  /** Over the whole file. */
  readonly cluster?: Readonly<Record<string, unknown>>;
  /** Over each host. */
  readonly host?: Readonly<Record<string, unknown>>;
  readonly knownHosts?: string;
  readonly artifacts?: Partial<Pick<ArtifactServer, 'url' | 'user' | 'password' | 'sha256'>>;
  readonly addresses?: Readonly<Record<string, Partial<Pick<BootedHost, 'address' | 'port'>>>>;
}

type Environment = Readonly<Record<string, string>>;

/** Booted machines as they come from the racks, what they download from, and a cluster's file about them. */
export interface Scene {
  readonly hosts: BootedHosts;
  readonly artifacts: ArtifactServer;
  readonly cluster: WrittenCluster;
  host(name: string): BootedHost;
  /** Runs fcops with the scene's inventory, or another one; `env` over the environment. */
  fcops(args: readonly string[], cluster?: WrittenCluster, env?: Environment): Promise<Ended>;
  /** Starts it, for what happens meanwhile. */
  start(args: readonly string[], env?: Environment): ReturnType<typeof startFcops>;
  startOnTerminal(args: readonly string[], env?: Environment): ReturnType<typeof startFcopsOnTerminal>;
  /** Writes a file of the same cluster that differs. */
  write(change: ClusterChange): Promise<WrittenCluster>;
  stop(): Promise<void>;
}

const VERSIONS_THERE = [...Object.values(VERSIONS), '1.11.2-7a967ae03', '1.11.2-7a967ae03-intel'];

const bootOptions = ({ role, number, release = RELEASE }: SceneHost) => {
  const common = { name: `${role}-${number}`, address: `10.198.77.${number}`, release };
  if (role === 'c2') return { ...common, hardware: dual4216() };
  const { raid0 = 0, sparse = {} } = p1Machine(common.name);
  return { ...common, hardware: dual7532(), raid0, sparse };
};

/** The data that an operator copies before fcops comes: template data, proof parameters. */
const copyData = async (host: BootedHost, role: SceneHost['role']): Promise<void> => {
  if (role === 'p1') {
    await copyPieceInfo(host);
    return;
  }
  const files = Object.entries(c2Machine(host.name).sparse ?? {});
  await host.sh(
    [
      'mkdir -p /opt/filecoin-proof-parameters',
      ...files.map(([path, bytes]) => `truncate -s ${bytes} ${path}`),
    ].join('\n'),
  );
};

/** Boots the machines; nothing of fcops is on them. */
export const startScene = async (list: readonly SceneHost[]): Promise<Scene> => {
  const hosts = await bootHosts(list.map(bootOptions), console.log);
  const artifacts = await startArtifactServer({ address: BRIDGE_ADDRESS, versions: VERSIONS_THERE });
  const roles = new Map(list.map(({ role, number }) => [`${role}-${number}`, role]));
  const releases = new Map(list.map(({ role, number, release }) => [`${role}-${number}`, release]));
  const roleOf = (name: string) => (roles.get(name) === 'p1' ? 'p1' : 'c2');
  await Promise.all(hosts.hosts.map((host) => copyData(host, roleOf(host.name))));
  const write: Scene['write'] = (change) =>
    writeCluster({
      directory: `${hosts.directory}/${change.directory}`,
      privateKey: hosts.privateKey,
      knownHosts: change.knownHosts ?? hosts.knownHosts,
      artifacts: { ...artifacts, ...change.artifacts },
      // Made-up workers need no time between their starts.
      more: { os: RELEASE, variables: { startPause: 0 }, ...change.cluster },
      hosts: hosts.hosts.map((host) => ({
        host: { ...host, ...change.addresses?.[host.name] },
        roles: [roleOf(host.name)],
        profile: roleOf(host.name) === 'p1' ? 'amd-7532' : 'intel-4216',
        more: { os: releases.get(host.name) ?? RELEASE, ...change.host },
      })),
    });
  const cluster = await write({ directory: 'cluster' });
  const within = (args: readonly string[], { inventory } = cluster) => [...args, '--inventory', inventory];
  return {
    hosts,
    artifacts,
    cluster,
    host: (name) => {
      const found = hosts.hosts.find((host) => host.name === name);
      if (!found) throw new Error(`no host ${name} was booted`);
      return found;
    },
    fcops: (args, other = cluster, env = {}) => fcops(within(args, other), { env: { ...other.env, ...env } }),
    start: (args, env = {}) => startFcops(within(args), { env: { ...cluster.env, ...env } }),
    startOnTerminal: (args, env = {}) =>
      startFcopsOnTerminal(within(args), { env: { ...cluster.env, ...env } }),
    write,
    stop: async () => {
      await artifacts.stop();
      await hosts.stop();
    },
  };
};
