import { groupBy } from '../core/group-by.ts';
import type { Secret } from '../core/secret.ts';
import type { Cluster, Host, Storage } from '../inventory/cluster.ts';
import type { TomlKey } from '../resources/toml/edit-toml.ts';
import { lotusKeys, minerKeys } from '../roles/miner-config.ts';

/** Everything that counts for one host, defaults included; of secrets the name, never the value. */
export const describeHost = (cluster: Cluster, host: Host): Record<string, unknown> => {
  const { api, artifacts, storage, miner, sectorSize, file } = cluster;
  const { ssh, profile, overridesAt: _, facts, savedFacts, savedFactsProblem, ...own } = host;
  return present({
    miner,
    file,
    sectorSize,
    ...own,
    profile: profile.base ?? profile.name,
    api:
      api.from === 'miner'
        ? { from: 'miner', host: api.host.name }
        : { address: api.address, token: named(api.token) },
    artifacts: present({
      url: artifacts.url,
      user: artifacts.user,
      password: artifacts.password && named(artifacts.password),
    }),
    storage: storage.filter(({ on }) => on.some((role) => host.roles.includes(role))).map(describeStorage),
    ...(host.roles.includes('miner') && {
      config: {
        lotus: nested(lotusKeys(cluster, host)),
        miner: nested(minerKeys(cluster, host)),
      },
      pledge: cluster.packing === null ? 'none' : { packing: cluster.packing },
    }),
    ssh: present({
      ...ssh,
      password: ssh.password && named(ssh.password),
      sudoPassword: ssh.sudoPassword && named(ssh.sudoPassword),
    }),
    facts: facts ?? 'none stated',
    savedFacts: savedFactsProblem ? `broken: ${savedFactsProblem.what}` : savedFacts ? 'saved' : 'none saved',
  });
};

/** Keys of a config.toml as its sections have them, with those that the inventory says nothing of. */
const nested = (keys: readonly TomlKey[]): Record<string, unknown> => {
  const sections = groupBy(keys, ({ path: [first = ''] }) => first);
  return Object.fromEntries(
    [...sections].map(([name, own]): [string, unknown] => {
      const [only] = own;
      if (only?.path.length === 1) return [name, only.value];
      return [name, nested(own.map((key) => ({ ...key, path: key.path.slice(1) })))];
    }),
  );
};

const describeStorage = (storage: Storage): Record<string, unknown> =>
  storage.type === 'ceph' ? present({ ...storage, key: named(storage.key) }) : { ...storage };

const named = (secret: Secret): string => `(secret: ${secret.name})`;

const present = (values: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
