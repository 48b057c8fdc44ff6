import { type ClusterHost, type WrittenCluster, writeCluster } from './cluster.ts';
import { type SimulatedHost, type SimulatedHosts, startSimulatedHosts } from './simulated-hosts.ts';

/** How an inventory of them differs from the first one. */
export interface UndeployedChange {
  /** Names of the workers that stand in it, and then no miner; all hosts, unless they are given. */
  readonly only?: readonly string[];
  /** Whatever else stands in it. */
  readonly more?: Readonly<Record<string, unknown>>;
  /** Whatever else stands at a host, by its name. */
  readonly at?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** A miner and workers on which nothing was deployed, and nothing will be: there is nothing to download. */
export interface UndeployedHosts {
  readonly hosts: SimulatedHosts;
  readonly miner: SimulatedHost;
  readonly workers: readonly SimulatedHost[];
  readonly cluster: WrittenCluster;
  /** Writes the inventory anew. */
  write(change?: UndeployedChange): Promise<WrittenCluster>;
}

const SUM = '0'.repeat(64);
const artifacts = {
  url: 'http://127.0.0.1:1',
  user: 'u',
  password: 'pass-of-artifacts',
  sha256: { 'lotus-1.tar.gz': SUM, 'lotus-miner-1.tar.gz': SUM, 'lotus-worker-1.tar.gz': SUM },
};

/** Starts `miner-1`, and workers of one role by their names. */
export const startUndeployedHosts = async (
  role: 'p1' | 'apx',
  names: readonly string[],
): Promise<UndeployedHosts> => {
  const hosts = await startSimulatedHosts({ hosts: ['miner-1', ...names].map((name) => ({ name })) });
  const { host: miner } = hosts;
  const workers = hosts.hosts.slice(1);
  const write: UndeployedHosts['write'] = ({ only, more, at = {} } = {}) => {
    const member = (host: SimulatedHost, its: ClusterHost['roles'][number]): ClusterHost => ({
      ...{ host, roles: [its], profile: 'amd-7532', more: { ...at[host.name] } },
    });
    return writeCluster({
      ...hosts,
      artifacts,
      hosts: [
        ...(only ? [] : [member(miner, 'miner')]),
        ...workers.filter(({ name }) => !only || only.includes(name)).map((host) => member(host, role)),
      ],
      more: {
        ...(!only && { api: { from: 'miner' } }),
        versions: { lotus: '1', miner: '1', [role]: '1' },
        ...more,
      },
    });
  };
  return { hosts, miner, workers, cluster: await write(), write };
};

/** A token of the miner that stands in the profiles of its workers, and in no file of the controller. */
export const OTHER_TOKEN = 'bm90LWEtand0LWF0LWFsbA';

/** A line of such a profile. */
export const OTHER_API = `export MINER_API_INFO=${OTHER_TOKEN}:/ip4/10.0.0.1/tcp/2345/http`;
