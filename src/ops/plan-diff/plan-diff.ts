import { posix } from 'node:path';
import type { Facts } from '../../core/facts.ts';
import { groupBy } from '../../core/group-by.ts';
import type { Problem } from '../../core/problem.ts';
import { problemsOf } from '../../core/problem.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Cluster, Host } from '../../inventory/cluster.ts';
import type { RequestedRole } from '../role-work.ts';
import { checkTags, requestedRole, withTags } from '../role-work.ts';
import type { Selection, Sources } from '../sources.ts';
import { refuseSharedHosts } from '../sources.ts';
import { alikePairs, factsShape } from './alike.ts';
import type { BothStates, UnreadCluster } from './both-states.ts';
import { bothStates } from './both-states.ts';
import type { Asked, HostDiff } from './host-diff.ts';
import { hostDiff } from './host-diff.ts';
import type { OfCluster, PairOfClusters } from './pairs.ts';
import { pairHosts } from './pairs.ts';
import type { Revision } from './revision.ts';
import type { SecretChange } from './secret-changes.ts';
import { secretChanges } from './secret-changes.ts';
import type { Worker } from './worker.ts';
import { workersOf } from './worker.ts';

/** What a comparison is asked for. */
export interface PlanDiffRequest extends Selection {
  readonly role: string;
  readonly tags: readonly string[];
  /** Name of the revision that is compared with: `origin/main`. */
  readonly base: string;
  /** `all` for every cluster of the inventory. */
  readonly miner?: string | undefined;
}

/** A host that is meant: as it is now, or was where it is gone. */
export interface NamedHost {
  readonly name: string;
  readonly address: string;
  readonly listen: string;
  /** What it was called before, where that was something else. */
  readonly was?: Pick<Host, 'name' | 'address'> & { readonly miner: string };
}

interface Group {
  readonly miner: string;
  /** Alike but for the name and the addresses of each. */
  readonly hosts: readonly NamedHost[];
}

/** Hosts of one fate. */
export type DiffGroup = Group &
  (
    | {
        readonly state: 'compared';
        /** Of the first of them. */
        readonly diff: HostDiff;
        /** Resources whose change has the name or an address of its host in it: each has it with its own. */
        readonly own: ReadonlySet<string>;
      }
    /** Everything is put on them: so many things by kind. */
    | { readonly state: 'new'; readonly kinds: ReadonlyMap<string, number> }
    /** Nothing is done to them any more. */
    | { readonly state: 'gone' }
    /** What they are to be cannot be worked out. */
    | { readonly state: 'failed'; readonly problems: readonly Problem[] }
    /** What they were to be cannot be worked out, by a mistake of the revision: no hosts where the cluster is gone. */
    | { readonly state: 'unread'; readonly problems: readonly Problem[] }
  );

/** What changes between a revision and the files of now. */
export interface PlanDiff {
  readonly role: RequestedRole;
  readonly revision: Revision;
  /** In the order of the inventory. */
  readonly groups: readonly DiffGroup[];
  readonly secrets: readonly (SecretChange & { readonly miner: string })[];
  /** Directories of options that the revision has not. */
  readonly missing: readonly string[];
}

/**
 * Compares what hosts are to be by the files of now with what they were to be by those of a revision. No host is asked and
 * no secret is read: hosts are taken for such as are in all as the revision says, with all their processes running.
 */
export const planDiff = async (sources: Sources, request: PlanDiffRequest): Promise<PlanDiff> => {
  requestedRole(request.role);
  checkTags(request.tags);
  const both = await bothStates(sources, request);
  for (const cluster of both.after) refuseSharedHosts(sources, cluster, cluster.hosts);
  return compareStates(sources, both, request);
};

/** The same of two states that have been read. */
export const compareStates = async (
  sources: Pick<Sources, 'packageRoot' | 'templates'>,
  { base, before, after, unread }: BothStates,
  request: Omit<PlanDiffRequest, 'base' | 'miner'>,
): Promise<PlanDiff> => {
  const role = requestedRole(request.role);
  const pairs = pairHosts(before, after, role, request);
  const { was, is } = await workersOf({ sources, base, role, pairs });
  const chosen = request.tags.length === 0 ? undefined : withTags(['stamp', ...request.tags]);
  const asked = (worker: Worker, { cluster, host }: OfCluster): Asked => {
    const tasks = worker(cluster, host);
    return { host, tasks, ...(chosen && { chosen: tasks.filter(chosen) }) };
  };
  const sides: Sides = {
    was: (pair) => base.placed(() => asked(was, { cluster: pair.was, host: pair.before })),
    is: (pair) => asked(is, { cluster: pair.is, host: pair.after }),
  };
  const order = new Map(
    [...pairs.both.map((pair) => pair.after), ...pairs.added.map(({ host }) => host)].map((host, index) => [
      host.address,
      index,
    ]),
  );
  const groups = [
    ...comparedGroups(pairs.both, sides),
    ...unreadGroups(
      newGroups(pairs.added, (one) => asked(is, one)),
      unread,
      after,
    ),
    ...goneGroups(pairs.gone),
  ];
  const miners = new Set([...before, ...after].map(({ miner }) => miner));
  for (const { miner } of unread) miners.delete(miner);
  return {
    role,
    revision: base.revision,
    groups: groups.toSorted((a, b) => firstOf(a, order) - firstOf(b, order)),
    secrets: [...miners].flatMap((miner) =>
      secretChanges(
        before.find((one) => one.miner === miner),
        after.find((one) => one.miner === miner),
      ).map((change) => ({ miner, ...change })),
    ),
    missing: base.missing.map((directory) => posix.normalize(directory)),
  };
};

const firstOf = ({ hosts: [first] }: DiffGroup, order: ReadonlyMap<string, number>): number =>
  order.get(first?.address ?? '') ?? order.size;

/** What a pair was to be, and what it is to be. */
interface Sides {
  readonly was: (pair: PairOfClusters) => Asked;
  readonly is: (pair: PairOfClusters) => Asked;
}

/** What comes of it, or the problems of the host. */
const attempted = <T>(host: string, work: () => T): Result<T, readonly Problem[]> => {
  try {
    return ok(work());
  } catch (error) {
    return err(problemsOf(error, host));
  }
};

/** One of each sort is compared, and stands for the others. */
const comparedGroups = (pairs: readonly PairOfClusters[], sides: Sides): readonly DiffGroup[] => {
  const clusters = new Map<unknown, number>();
  const numberOf = (cluster: unknown): number => {
    const known = clusters.get(cluster) ?? clusters.size;
    clusters.set(cluster, known);
    return known;
  };
  const about = ({ was, is }: PairOfClusters) => `${numberOf(was)} ${numberOf(is)}`;
  return alikePairs(pairs, about).flatMap((alike) => comparedAlike(alike, sides));
};

const comparedAlike = (alike: readonly PairOfClusters[], sides: Sides): readonly DiffGroup[] => {
  const [first] = alike;
  if (!first) return [];
  const group = (hosts: readonly PairOfClusters[]): Group => ({
    miner: first.is.miner,
    hosts: hosts.map(namedPair),
  });
  const { name } = first.after;
  // A mistake that both have is one of now.
  const is = attempted(name, () => sides.is(first));
  if (!is.ok) return [{ ...group(alike), state: 'failed', problems: is.error }];
  const was = attempted(name, () => sides.was(first));
  if (!was.ok) return [{ ...group(alike), state: 'unread', problems: was.error }];
  const compared = attempted(name, () => hostDiff(was.value, is.value));
  if (!compared.ok) return [{ ...group(alike), state: 'failed', problems: compared.error }];
  const diff = compared.value;
  const same = withSameFacts(alike, diff.read);
  const rest = alike.filter((pair) => !same.has(pair));
  const hosts = alike.filter((pair) => same.has(pair));
  return [
    { ...group(hosts), state: 'compared', diff, own: ownOf(diff, hosts[1], sides) },
    ...comparedAlike(rest, sides),
  ];
};

/** Those whose machines are like the first one in all that its changes follow from. */
const withSameFacts = (
  alike: readonly PairOfClusters[],
  read: ReadonlySet<keyof Facts>,
): ReadonlySet<PairOfClusters> => {
  const [first] = alike;
  if (!first || read.size === 0) return new Set(alike);
  const wanted = factsShape(first, read);
  return new Set(alike.filter((pair) => factsShape(pair, read) === wanted));
};

const ownOf = (
  { items }: HostDiff,
  second: PairOfClusters | undefined,
  { was, is }: Sides,
): ReadonlySet<string> => {
  if (!second || items.length === 0) return new Set();
  const others = new Map(
    hostDiff(was(second), is(second)).items.map((item) => [item.resource, JSON.stringify(item)]),
  );
  return new Set(
    items.flatMap((item) => (others.get(item.resource) === JSON.stringify(item) ? [] : [item.resource])),
  );
};

const namedPair = ({ before, after, was, is }: PairOfClusters): NamedHost => ({
  name: after.name,
  address: after.address,
  listen: after.listen,
  ...((before.name !== after.name || before.address !== after.address || was.miner !== is.miner) && {
    was: { name: before.name, address: before.address, miner: was.miner },
  }),
});

const newGroups = (added: readonly OfCluster[], wanted: (one: OfCluster) => Asked): readonly DiffGroup[] => {
  const byNothing = added.map((one) => ({ ...one, before: one.host, after: one.host }));
  return alikePairs(byNothing, ({ cluster }) => cluster.miner).flatMap((alike): DiffGroup[] => {
    const [first] = alike;
    if (!first) return [];
    const group = { miner: first.cluster.miner, hosts: alike.map(({ host }) => nameOf(host)) };
    const asked = attempted(first.host.name, () => wanted(first));
    if (!asked.ok) return [{ ...group, state: 'failed', problems: asked.error }];
    const { tasks, chosen = tasks } = asked.value;
    const kinds = new Map<string, number>();
    for (const { resources } of chosen)
      for (const { kind, isCheck, manages } of resources)
        if (isCheck !== true && manages?.length !== 0) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    return [{ ...group, state: 'new', kinds }];
  });
};

/**
 * Hosts that are of a cluster that the revision is wrong about, or that its text names, are new only as far as it can be
 * read. Where it is gone it is told without hosts: of others hosts that are not meant are left out, as ever.
 */
const unreadGroups = (
  groups: readonly DiffGroup[],
  unread: readonly UnreadCluster[],
  after: readonly Cluster[],
): readonly DiffGroup[] => {
  const clusterOf = ({ state, miner }: DiffGroup, { address }: NamedHost) =>
    state !== 'new'
      ? undefined
      : (unread.find((one) => one.miner === miner) ?? unread.find(({ addresses }) => addresses.has(address)));
  const hostsOf = (group: DiffGroup, cluster?: UnreadCluster) =>
    group.hosts.filter((host) => clusterOf(group, host) === cluster);
  const readGroups = groups.map((group) => ({ ...group, hosts: hostsOf(group) }));
  return [
    ...readGroups.filter(({ hosts }) => hosts.length > 0),
    ...unread.flatMap((one): readonly DiffGroup[] => {
      const { miner: was, problems } = one;
      const found = groups.flatMap((group) =>
        hostsOf(group, one).map((host) => ({ miner: group.miner, host })),
      );
      const told = [...groupBy(found, ({ miner }) => miner)].map(([miner, own]) => ({
        miner,
        hosts: own.map(({ host }) => host),
      }));
      if (!after.some(({ miner }) => miner === was)) told.push({ miner: was, hosts: [] });
      return told.map((group) => ({ ...group, state: 'unread', problems }));
    }),
  ];
};

const goneGroups = (gone: readonly OfCluster[]): readonly DiffGroup[] =>
  [...new Set(gone.map(({ cluster }) => cluster))].map((cluster) => ({
    miner: cluster.miner,
    hosts: gone.filter((one) => one.cluster === cluster).map(({ host }) => nameOf(host)),
    state: 'gone',
  }));

const nameOf = ({ name, address, listen }: Host): NamedHost => ({ name, address, listen });
