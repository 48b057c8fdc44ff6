import type { Cluster, Host } from '../../inventory/cluster.ts';
import type { Selected } from '../../inventory/select.ts';
import { selectAmong } from '../../inventory/select.ts';
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
  /** Those that are nowhere any more, or not of the role that is asked about. */
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
  // One that has not changed is the same in both; what a pattern means may be there in one of them alone.
  const selected = selectAmong([...new Set([...after, ...before])], {
    ...(role !== 'all' && { role }),
    ...(limit !== undefined && { limit: limitOf(limit) }),
  });
  const chosen = ofClusters(after, selected);
  const dropped = ofClusters(before, selected);
  const now = new Map(
    are.flatMap((one) => {
      const was = sameAs(one);
      return was ? [[was.host, one.host]] : [];
    }),
  );
  const isOfRole = (host: Host | undefined) =>
    host !== undefined && (role === 'all' || host.roles.includes(role));
  return {
    both: chosen.flatMap((one) => {
      const was = sameAs(one);
      return was ? [{ before: was.host, after: one.host, was: was.cluster, is: one.cluster }] : [];
    }),
    added: chosen.filter((one) => !sameAs(one)),
    gone: dropped.filter(({ host }) => !isOfRole(now.get(host))),
  };
};

const nameOf = ({ cluster, host }: OfCluster): string => `${cluster.miner} ${host.name}`;

/** The hosts that are asked about, the miners first. */
const ofClusters = (clusters: readonly Cluster[], selected: readonly Selected[]): readonly OfCluster[] =>
  clusters.flatMap((cluster) =>
    selected
      .flatMap((one) => (one.cluster === cluster ? one.hosts : []))
      .toSorted((a, b) => Number(b.roles.includes('miner')) - Number(a.roles.includes('miner')))
      .map((host) => ({ cluster, host })),
  );
