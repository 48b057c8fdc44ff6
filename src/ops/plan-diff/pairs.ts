import { FcopsError } from '../../core/problem.ts';
import type { Cluster, Host } from '../../inventory/cluster.ts';
import { selectHosts } from '../../inventory/select.ts';
import type { RequestedRole } from '../role-work.ts';
import type { Selection } from '../sources.ts';
import { limitOf } from '../sources.ts';
import type { Pair } from './alike.ts';

/** A host with its cluster. */
export interface OfCluster {
  readonly cluster: Cluster;
  readonly host: Host;
}

/** A machine that is in both, with the cluster of each. */
export interface PairOfClusters extends Pair {
  readonly was: Cluster;
  readonly is: Cluster;
}

/** Machines of two states of the same inventory. */
export interface Paired {
  readonly both: readonly PairOfClusters[];
  readonly added: readonly OfCluster[];
  readonly gone: readonly OfCluster[];
}

/**
 * Which machines are the same: those with the same address, whatever they are called and whose they are; of the rest those
 * of one name in one cluster, whose address has changed.
 */
export const pairHosts = (
  before: readonly Cluster[],
  after: readonly Cluster[],
  role: RequestedRole,
  { limit }: Selection,
): Paired => {
  const were = before.flatMap((cluster) => cluster.hosts.map((host): OfCluster => ({ cluster, host })));
  const are = after.flatMap((cluster) => cluster.hosts.map((host): OfCluster => ({ cluster, host })));
  const byAddress = new Map(were.map((one) => [one.host.address, one]));
  const addresses = new Set(are.map(({ host }) => host.address));
  const byName = new Map(
    were.filter(({ host }) => !addresses.has(host.address)).map((one) => [nameOf(one), one]),
  );
  const sameAs = (one: OfCluster) => byAddress.get(one.host.address) ?? byName.get(nameOf(one));
  const chosen = selected(after, role, limit);
  const dropped = selected(before, role, limit);
  const still = new Set(are.flatMap((one) => sameAs(one)?.host ?? []));
  // Of a pattern that matches nowhere the message of now is the one that helps.
  if (chosen.hosts.length + dropped.hosts.length === 0 && chosen.problem) throw chosen.problem;
  return {
    both: chosen.hosts.flatMap((one) => {
      const was = sameAs(one);
      return was ? [{ before: was.host, after: one.host, was: was.cluster, is: one.cluster }] : [];
    }),
    added: chosen.hosts.filter((one) => !sameAs(one)),
    gone: dropped.hosts.filter(({ host }) => !still.has(host)),
  };
};

const nameOf = ({ cluster, host }: OfCluster): string => `${cluster.miner} ${host.name}`;

interface Selected {
  readonly hosts: readonly OfCluster[];
  readonly problem?: FcopsError;
}

/** The hosts that are asked about, the miners first. */
const selected = (clusters: readonly Cluster[], role: RequestedRole, limit: string | undefined): Selected => {
  const problems: FcopsError[] = [];
  const hosts = clusters.flatMap((cluster) => {
    try {
      return selectHosts(cluster, {
        ...(role !== 'all' && { role }),
        ...(limit !== undefined && { limit: limitOf(limit) }),
      })
        .toSorted((a, b) => Number(b.roles.includes('miner')) - Number(a.roles.includes('miner')))
        .map((host) => ({ cluster, host }));
    } catch (error) {
      if (!(error instanceof FcopsError)) throw error;
      problems.push(error);
      return [];
    }
  });
  const [problem] = problems;
  return { hosts, ...(problem && { problem }) };
};
