import { edit } from '../core/next.ts';
import { FcopsError, type Problem } from '../core/problem.ts';
import { inProfile, type Profile } from '../core/profile.ts';
import { remember } from '../core/remember.ts';
import type { Topology, TopologyNode } from './types.ts';

/**
 * The machine that a profile describes. Cores are numbered as Linux does on these machines: along the sockets,
 * then the nodes; the second threads of all cores follow after the last core. Memory is spread evenly.
 * Throws where the cores of a socket do not divide into its nodes or L3 groups.
 */
export const topologyOf = remember((profile: Profile): Topology => {
  const { sockets, coresPerSocket, threadsPerCore, numaNodesPerSocket, l3GroupsPerSocket } = profile.cpu;
  const problems = [
    indivisible(profile, 'numaNodesPerSocket', numaNodesPerSocket),
    indivisible(profile, 'l3GroupsPerSocket', l3GroupsPerSocket),
  ].filter((problem) => problem !== undefined);
  if (problems.length > 0) throw new FcopsError(problems);

  const coreCount = sockets * coresPerSocket;
  const coresPerL3 = coresPerSocket / l3GroupsPerSocket;
  const threadsOf = (core: number) => range(threadsPerCore).map((thread) => core + thread * coreCount);
  const nodeCount = sockets * numaNodesPerSocket;
  const nodeCores = chunk(range(coreCount), coreCount / nodeCount);
  return {
    threadsPerCore,
    l3Caches: chunk(range(coreCount), coresPerL3).map((cores) => ascending(cores.flatMap(threadsOf))),
    nodes: nodeCores.map(
      (cores, id): TopologyNode => ({
        id,
        socket: Math.floor(id / numaNodesPerSocket),
        cpus: ascending(cores.flatMap(threadsOf)),
        cores: cores.map(threadsOf),
        l3Groups: groupBy(cores, (core) => Math.floor(core / coresPerL3)),
        memoryGiB: Math.floor(profile.memoryGiB / nodeCount),
      }),
    ),
  };
});

/** The physical cores of a node, as first threads. */
export const coresOf = (node: TopologyNode): readonly number[] => node.l3Groups.flat();

const indivisible = (profile: Profile, key: string, parts: number): Problem | undefined =>
  profile.cpu.coresPerSocket % parts === 0
    ? undefined
    : {
        kind: 'layout',
        what: `profile ${profile.name}: ${profile.cpu.coresPerSocket} cores a socket do not divide into ${parts} (cpu.${key})`,
        why: 'every NUMA node and every L3 group of a socket has the same number of cores',
        ...inProfile(profile, 'cpu', key),
        next: [
          edit(`correct cpu.${key} or cpu.coresPerSocket in the profile; lstopo on the machine shows both`),
        ],
      };

const range = (length: number): number[] => Array.from({ length }, (_, index) => index);

const ascending = (numbers: readonly number[]): number[] => numbers.toSorted((a, b) => a - b);

const chunk = (items: readonly number[], size: number): number[][] =>
  range(Math.ceil(items.length / size)).map((index) => items.slice(index * size, (index + 1) * size));

/** Neighbours with the same key together, in order. */
const groupBy = (items: readonly number[], key: (item: number) => number): number[][] => {
  const groups = new Map<number, number[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return [...groups.values()];
};
