import { type ArtifactServer, startArtifactServer } from '../artifact-server.ts';
import { type ClusterHost, MINER, type WrittenCluster, writeCluster } from '../cluster.ts';
import { type Ended, fcops } from '../fcops.ts';
import type { SimulatedHostOptions } from '../host-set.ts';
import { type SimulatedHost, type SimulatedHosts, startSimulatedHosts } from '../simulated-hosts.ts';
import { makeMiner, stopMiner } from './running-miner.ts';

/** A machine of such a cluster, and what stands of it in the inventory. */
export interface Member {
  readonly machine: SimulatedHostOptions;
  readonly role: ClusterHost['roles'][number];
  /** That of machines of its role, unless it is given. */
  readonly profile?: string;
  readonly more?: Readonly<Record<string, unknown>>;
}

export interface MinerAndWorkersOptions {
  /** One of them is the miner; they stand in the inventory in this order. */
  readonly members: readonly Member[];
  /** Publishes the programs of lotus that there are; gives their sha256. */
  readonly publish: (artifacts: ArtifactServer) => Promise<Readonly<Record<string, string>>>;
  /** Whatever else stands in the inventory. */
  readonly more: Readonly<Record<string, unknown>>;
}

/** Hosts of a miner and of its workers, the programs of lotus for them, and the inventory that leads to both. */
export interface MinerAndWorkers {
  readonly hosts: SimulatedHosts;
  readonly miner: SimulatedHost;
  /** All others. */
  readonly workers: readonly SimulatedHost[];
  host(name: string): SimulatedHost;
  readonly artifacts: ArtifactServer;
  readonly cluster: WrittenCluster;
  /** Writes the inventory again, with this besides or in place of what stands there: in it, and at hosts by their name. */
  write(
    more: Readonly<Record<string, unknown>>,
    at?: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ): Promise<WrittenCluster>;
  /** Runs fcops with that inventory, to its end. */
  fcops(...words: readonly string[]): Promise<Ended>;
  /** Does so where it has to end well. */
  well(...words: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

/** Ends what runs on the hosts first: it does not end with them. */
const stopAll = async (hosts: SimulatedHosts, artifacts: ArtifactServer): Promise<void> => {
  await Promise.all(
    hosts.hosts.map(async (host) => {
      // It ends its own shell too, whose words it finds.
      await host.sh('pkill -KILL -f worker-repo; true').catch(() => {});
      await stopMiner(host).catch(() => {});
    }),
  );
  await artifacts.stop();
  await hosts.stop();
};

const around = async (
  { members, publish, more }: MinerAndWorkersOptions,
  hosts: SimulatedHosts,
  artifacts: ArtifactServer,
): Promise<MinerAndWorkers> => {
  const sha256 = await publish(artifacts);
  const host: MinerAndWorkers['host'] = (name) => {
    const found = hosts.hosts.find((one) => one.name === name);
    if (!found) throw new Error(`there is no ${name}`);
    return found;
  };
  const all = members.map((member) => ({ ...member, host: host(member.machine.name ?? '') }));
  const miner = all.find(({ role }) => role === 'miner')?.host;
  if (!miner) throw new Error('there is no miner');
  const workers = hosts.hosts.filter((one) => one !== miner);
  const write: MinerAndWorkers['write'] = (other, at = {}) =>
    writeCluster({
      ...hosts,
      artifacts: { ...artifacts, sha256 },
      more: { api: { from: 'miner' }, ...more, ...other },
      hosts: all.map((one) => ({
        host: one.host,
        roles: [one.role],
        profile: one.profile ?? (one.role === 'c2' ? 'intel-4216' : 'amd-7532'),
        more: { ...one.more, ...at[one.host.name] },
      })),
    });
  const cluster = await write({});
  const run: MinerAndWorkers['fcops'] = (...words) =>
    fcops([...words, '--inventory', cluster.inventory], { env: cluster.env });
  return {
    ...{ hosts, miner, workers, host, artifacts, cluster, write, fcops: run },
    well: async (...words) => {
      const { exitCode, stdout, stderr } = await run(...words);
      if (exitCode !== 0) throw new Error(stdout + stderr);
    },
    stop: () => stopAll(hosts, artifacts),
  };
};

/**
 * Starts the hosts, on which nothing is yet. What makes them what a test needs is given to `prepare`; where that fails,
 * all is stopped again.
 */
export const startMinerAndWorkers = async (
  options: MinerAndWorkersOptions,
  prepare: (begun: MinerAndWorkers) => Promise<unknown>,
): Promise<MinerAndWorkers> => {
  const hosts = await startSimulatedHosts({ hosts: options.members.map(({ machine }) => machine) });
  const artifacts = await startArtifactServer({ versions: [] });
  try {
    const begun = await around(options, hosts, artifacts);
    await prepare(begun);
    return begun;
  } catch (error) {
    await stopAll(hosts, artifacts);
    throw error;
  }
};

/** Deploys the miner, and makes it once: in the end neither lotus nor lotus-miner runs. */
export const deployMiner = async ({
  miner,
  well,
}: Pick<MinerAndWorkers, 'miner' | 'well'>): Promise<void> => {
  await well('deploy', 'miner', '--yes');
  await makeMiner(miner, MINER);
};
