import type { Secret } from '../../core/secret.ts';
import type { Cluster, Host, Storage } from '../../inventory/cluster.ts';

/** Everything that counts for one host, defaults included; of secrets the name, never the value. */
export const describeHost = (cluster: Cluster, host: Host): Record<string, unknown> => {
  const { api, artifacts, storage, miner, sectorSize, file } = cluster;
  const { ssh, profile, facts, savedFacts, savedFactsProblem, ...own } = host;
  return present({
    miner,
    file,
    sectorSize,
    ...own,
    profile: profile.name,
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
    ssh: present({
      ...ssh,
      password: ssh.password && named(ssh.password),
      sudoPassword: ssh.sudoPassword && named(ssh.sudoPassword),
    }),
    facts: facts ?? 'none stated',
    savedFacts: savedFactsProblem ? `broken: ${savedFactsProblem.what}` : savedFacts ? 'saved' : 'none saved',
  });
};

const describeStorage = (storage: Storage): Record<string, unknown> =>
  storage.type === 'ceph' ? present({ ...storage, key: named(storage.key) }) : { ...storage };

const named = (secret: Secret): string => `(secret: ${secret.name})`;

const present = (values: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
