import { DEFAULT_OS, parseOs } from '../core/distributions.ts';
import type { Place } from '../core/problem.ts';
import type { Profile } from '../core/profile.ts';
import type { Secret } from '../core/secret.ts';
import { apiSecrets } from './api-secrets.ts';
import type { BackupFile } from './backup-file.ts';
import type { BootstrapFile } from './bootstrap-file.ts';
import type { Api, Bootstrap, Cluster, Host, MinerBackup, SshSettings, Storage } from './cluster.ts';
import { degradedProfile } from './degraded.ts';
import { hostOver, valuesOf } from './groups.ts';
import type { ClusterFile, HostFile } from './inventory-file.ts';
import type { NamedSecret } from './named-secret.ts';
import type { Profiles } from './profiles.ts';
import { resolveStorage } from './resolve-storage.ts';
import type { SavedFacts } from './saved-facts.ts';
import type { SecretRef } from './schema-parts.ts';
import { resolveVariables } from './variables.ts';
import type { Path } from './yaml-file.ts';

/** As many as six P1 machines start at the same time by the handbook, one every 30 s each (2.2.6.4). */
const START_RATE = 12;

/** What a checked file still needs to become a cluster. */
export interface Resolving {
  readonly file: string;
  readonly profiles: Pick<Profiles, 'get'>;
  /** The secret that stands at a path of the file. */
  readonly secretAt: (ref: SecretRef, path: Path) => Secret;
  /** Names of the groups that the host at a position of the file is in, in the order of the file. */
  readonly groupsOf: (index: number) => readonly string[];
  readonly placeOf: (path: Path) => Place;
  readonly savedFactsOf: (host: string) => SavedFacts;
  /** All that the file names. */
  readonly secrets: readonly NamedSecret[];
}

type SshFile = NonNullable<HostFile['ssh']>;

const resolveSsh = (ssh: SshFile, path: Path, { secretAt }: Resolving): SshSettings => {
  const { password, sudoPassword, ...plain } = ssh;
  return {
    ...plain,
    ...(password && { password: secretAt(password, [...path, 'password']) }),
    ...(sudoPassword && { sudoPassword: secretAt(sudoPassword, [...path, 'sudoPassword']) }),
  };
};

const resolveHost = (
  cluster: ClusterFile,
  stated: HostFile,
  index: number,
  profile: Profile,
  resolving: Resolving,
): Host => {
  const groups = resolving.groupsOf(index);
  const host = hostOver(groups.flatMap((name) => cluster.groups?.[name] ?? []).map(valuesOf), stated);
  const os = parseOs(host.os ?? cluster.os ?? DEFAULT_OS);
  return {
    name: host.name,
    address: host.address,
    listen: host.listen ?? host.address,
    roles: host.roles,
    groups,
    profile: degradedProfile(profile, cluster.sectorSize, host.overrides),
    os,
    ssh: {
      ...resolveSsh(cluster.ssh ?? {}, ['ssh'], resolving),
      ...resolveSsh(host.ssh ?? {}, ['hosts', index, 'ssh'], resolving),
    },
    versions: { ...cluster.versions, ...host.versions },
    variables: resolveVariables(os, cluster.variables, host.variables),
    checks: host.checks ?? cluster.checks ?? 'enforce',
    ...(host.overrides && {
      overrides: host.overrides,
      overridesAt: resolving.placeOf(['hosts', index, 'overrides', 'until']),
    }),
    ...(host.facts && { facts: host.facts }),
    ...resolving.savedFactsOf(host.name),
  };
};

const resolveApi = (
  { miner, api: { address, token } }: ClusterFile,
  hosts: readonly Host[],
  { secretAt }: Resolving,
): Api => {
  if (address !== undefined && token)
    return { from: 'inventory', address, token: secretAt(token, ['api', 'token']) };
  const host = hosts.find(({ roles }) => roles.includes('miner'));
  if (!host) throw new RangeError(`${miner} has neither an API nor a miner host: its file was not checked`);
  return { from: 'miner', host, ...apiSecrets(miner) };
};
const resolveBootstrap = ({
  snapshot,
  parameters,
  owner,
  worker,
  minFunds = 1,
}: BootstrapFile): Bootstrap => ({
  snapshot: snapshot ? { url: snapshot.url, sha256: snapshot.sha256.toLowerCase() } : null,
  parameters: parameters ? { from: parameters.from, directory: parameters.directory ?? null } : null,
  owner: owner ?? null,
  worker: worker ?? null,
  minFunds,
});

const resolveBackup = (
  miner: string,
  { storage, mount, directory, every = '6h', keep = 28 }: BackupFile,
  storages: readonly Storage[],
): MinerBackup => {
  const top = mount ?? storages.find(({ name }) => name === storage)?.path;
  if (top === undefined) throw new RangeError('`backup` names no storage: its file was not checked');
  return {
    mount: top,
    storage: storage ?? null,
    directory: directory ?? `${top}/${miner}`,
    hours: Number.parseInt(every, 10),
    keep,
  };
};

/** The cluster that a checked file means: defaults filled in, over the cluster's values those of groups and of hosts. */
export const resolveCluster = (cluster: ClusterFile, resolving: Resolving): Cluster => {
  const { url, user, password, sha256 } = cluster.artifacts;
  const hosts = cluster.hosts.flatMap((host, index) => {
    const profile = resolving.profiles.get(host.profile);
    return profile ? [resolveHost(cluster, host, index, profile, resolving)] : [];
  });
  const storage = (cluster.storage ?? []).flatMap((one, index) =>
    resolveStorage(one, ['storage', index], resolving.secretAt),
  );
  return {
    miner: cluster.miner,
    sectorSize: cluster.sectorSize,
    api: resolveApi(cluster, hosts, resolving),
    artifacts: {
      url: url.replace(/\/+$/, ''),
      ...(user !== undefined && { user }),
      ...(password && { password: resolving.secretAt(password, ['artifacts', 'password']) }),
      sha256: Object.fromEntries(
        Object.entries(sha256).map(([name, digest]) => [name, digest.toLowerCase()]),
      ),
    },
    storage,
    config: { lotus: cluster.config?.lotus ?? {}, miner: cluster.config?.miner ?? {} },
    packing: cluster.pledge?.packing ?? null,
    startRate: cluster.startRate ?? START_RATE,
    bootstrap: resolveBootstrap(cluster.bootstrap ?? {}),
    backup: cluster.backup ? resolveBackup(cluster.miner, cluster.backup, storage) : null,
    hosts,
    secrets: resolving.secrets,
    file: resolving.file,
  };
};
