import type { Cluster } from '../../inventory/cluster.ts';

/** A secret that is taken from elsewhere than before. */
export interface SecretChange {
  /** Key of the cluster file: `artifacts.password`; of a host with its name. */
  readonly key: string;
  /** `env F0494733_TOKEN`; null: there was none. */
  readonly before: string | null;
  readonly after: string | null;
}

/** Secrets of a cluster whose names are others than before: their values are nowhere here. */
export const secretChanges = (
  before: Cluster | undefined,
  after: Cluster | undefined,
): readonly SecretChange[] => {
  if (before === after) return [];
  const [were, are] = [secretsIn(before), secretsIn(after)];
  return [...new Set([...were.keys(), ...are.keys()])].flatMap((key) => {
    const change = { key, before: were.get(key) ?? null, after: are.get(key) ?? null };
    return change.before === change.after ? [] : [change];
  });
};

const secretsIn = (cluster: Cluster | undefined): ReadonlyMap<string, string> => {
  if (!cluster) return new Map();
  const { api, artifacts, storage, hosts } = cluster;
  const all: (readonly [string, string | undefined])[] = [
    ['api.token', api.from === 'miner' ? `the repository on ${api.host.name}` : api.token.name],
    ['artifacts.password', artifacts.password?.name],
    ...storage.map(
      (one) => [`key of storage ${one.name}`, one.type === 'ceph' ? one.key.name : undefined] as const,
    ),
    ...hosts.flatMap(({ name, ssh }) => [
      [`ssh.password of ${name}`, ssh.password?.name] as const,
      [`ssh.sudoPassword of ${name}`, ssh.sudoPassword?.name] as const,
    ]),
  ];
  return new Map(all.flatMap(([key, name]): [string, string][] => (name === undefined ? [] : [[key, name]])));
};
