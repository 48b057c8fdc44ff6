import { edit } from '../core/next.ts';
import { FcopsError, type Problem } from '../core/problem.ts';
import { inProfile, type Profile } from '../core/profile.ts';
import { remember } from '../core/remember.ts';
import type { Topology, TopologyNode } from './types.ts';

/**
 * The machine that a profile describes. Cores are numbered as Linux does on these machines: along the sockets,
 * then the nodes; the second threads of all cores follow after the last core. Memory and cores are spread evenly,
 * unless the profile lists its nodes. Throws where the cores of a socket do not divide into its nodes or L3 groups.
 */
export const topologyOf = remember((profile: Profile): Topology => {
  const { sockets, coresPerSocket, threadsPerCore, numaNodesPerSocket, l3GroupsPerSocket } = profile.cpu;
  const nodeCount = sockets * numaNodesPerSocket;
  const ownCores = coresByNode(profile);
  const problems = [
    ...(ownCores ? [] : [indivisible(profile, 'numaNodesPerSocket', numaNodesPerSocket)]),
    ...unequalNodes(profile, nodeCount, ownCores),
    indivisible(profile, 'l3GroupsPerSocket', l3GroupsPerSocket),
  ].filter((problem) => problem !== undefined);
  if (problems.length > 0) throw new FcopsError(problems);

  const coreCount = sockets * coresPerSocket;
  const coresPerL3 = coresPerSocket / l3GroupsPerSocket;
  const threadsOf = (core: number) => range(threadsPerCore).map((thread) => core + thread * coreCount);
  const nodeCores = ownCores
    ? cut(range(coreCount), ownCores)
    : chunk(range(coreCount), coreCount / nodeCount);
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
        memoryGiB: profile.nodes?.[id]?.memoryGiB ?? Math.floor(profile.memoryGiB / nodeCount),
      }),
    ),
  };
});

/** The physical cores of a node, as first threads. */
export const coresOf = (node: TopologyNode): readonly number[] => node.l3Groups.flat();

/** Cores of each node, where the profile states them. */
const coresByNode = ({ nodes }: Profile): readonly number[] | undefined =>
  nodes?.some(({ cores }) => cores !== undefined) ? nodes.map(({ cores }) => cores ?? 0) : undefined;

/** What is wrong with the list of nodes. */
const unequalNodes = (
  profile: Profile,
  nodeCount: number,
  ownCores: readonly number[] | undefined,
): readonly Problem[] => {
  const { nodes, cpu, memoryGiB } = profile;
  if (!nodes) return [];
  const problem = (what: string, next: string, ...path: readonly PropertyKey[]): Problem => ({
    kind: 'layout',
    what: `profile ${profile.name}: ${what}`,
    ...inProfile(profile, 'nodes', ...path),
    next: [edit(next)],
  });
  if (nodes.length !== nodeCount)
    return [
      problem(
        `nodes lists ${nodes.length} NUMA nodes, and cpu.sockets × cpu.numaNodesPerSocket are ${nodeCount}`,
        'list every node, from node 0 on',
      ),
    ];
  const memory = nodes.reduce((sum, node) => sum + node.memoryGiB, 0);
  const silent = ownCores ? nodes.findIndex(({ cores }) => cores === undefined) : -1;
  const wrongSocket = ownCores
    ? range(cpu.sockets).find((socket) => coresOfSocket(ownCores, socket, cpu) !== cpu.coresPerSocket)
    : undefined;
  return [
    ...(memory > memoryGiB
      ? [
          problem(
            `its nodes have ${memory} GiB together, and memoryGiB is ${memoryGiB}`,
            'correct one of the two',
          ),
        ]
      : []),
    ...(silent >= 0
      ? [problem(`node ${silent} does not say its cores, and others do`, 'add cores to every node', silent)]
      : []),
    ...(silent < 0 && ownCores && wrongSocket !== undefined
      ? [
          problem(
            `the nodes of socket ${wrongSocket} have ${coresOfSocket(ownCores, wrongSocket, cpu)} cores together, and cpu.coresPerSocket is ${cpu.coresPerSocket}`,
            'correct one of the two; lstopo on the machine shows both',
            wrongSocket * cpu.numaNodesPerSocket,
          ),
        ]
      : []),
  ];
};

const coresOfSocket = (
  cores: readonly number[],
  socket: number,
  { numaNodesPerSocket }: Profile['cpu'],
): number =>
  cores
    .slice(socket * numaNodesPerSocket, (socket + 1) * numaNodesPerSocket)
    .reduce((sum, own) => sum + own, 0);

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

/** Pieces of these lengths, one after the other. */
const cut = (items: readonly number[], lengths: readonly number[]): number[][] => {
  let begin = 0;
  return lengths.map((length) => {
    begin += length;
    return items.slice(begin - length, begin);
  });
};

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
