import { edit } from '../core/next.ts';
import { FcopsError, type Problem } from '../core/problem.ts';
import { type C2Pin, inProfile, type Profile } from '../core/profile.ts';
import { remember } from '../core/remember.ts';
import { count } from '../core/units.ts';
import { badCpus, badNumbers, overlaps } from './rows.ts';
import { coresOf, topologyOf } from './topology.ts';
import type { C2Layout, C2Worker, Topology } from './types.ts';

const C2_PORT = 20000;

/** Where a profile holds its pins. */
const PINS = ['c2', 'pins'];

const pinPath = (pins: readonly C2Pin[], worker: number): readonly PropertyKey[] => {
  const index = pins.findIndex((pin) => pin.worker === worker);
  return index < 0 ? ['c2'] : [...PINS, index, 'cpus'];
};

const gpusPath = ({ c2 }: Profile): readonly PropertyKey[] => (c2?.gpus ? ['c2', 'gpus'] : ['gpus']);

/** The GPUs of a machine that serves C2, in its own order. */
export const c2Gpus = (profile: Profile): Profile['gpus'] => profile.c2?.gpus ?? profile.gpus;

/**
 * The layout of a C2 machine (handbook 2.3.4.3): a worker for each GPU, with the cores that feed it (the last
 * of the GPU's node) and an equal share of the others; siblings follow their cores where hyper-threading is
 * on. Rows pinned in the profile are taken as they are. Throws an FcopsError for a profile that has no C2 or too
 * few cores.
 */
export const solveC2 = remember((profile: Profile): C2Layout => {
  const { c2 } = profile;
  if (!c2) {
    throw new FcopsError({
      kind: 'layout',
      what: `profile ${profile.name} is not for C2`,
      ...inProfile(profile),
      why: 'it has no c2 section',
      next: [edit('give the host another profile, or add c2 with feedingCores to this one')],
    });
  }
  const topology = topologyOf(profile);
  const gpuNodes = c2Gpus(profile).map((gpu) => gpu.numaNode);
  const pins = c2.pins ?? [];
  refuse([
    ...gpuProblems(profile, topology, gpuNodes, c2.feedingCores),
    ...pinProblems(profile, topology, gpuNodes.length, pins),
  ]);

  const feeding = feedingCores(topology, gpuNodes, c2.feedingCores);
  const shares = shareCores(topology, gpuNodes, new Set(feeding.flat()));
  const workers = gpuNodes.map((gpuNode, gpu): C2Worker => {
    const index = gpu + 1;
    const pin = pins.find(({ worker }) => worker === index);
    const feedingCpus = pin ? [] : withSiblings(topology, feeding[gpu] ?? []);
    const cpus = pin?.cpus ?? [...feedingCpus, ...withSiblings(topology, shares[gpu] ?? [])];
    return { index, cpus, feedingCpus, port: C2_PORT + 10 * index, gpu, gpuNode };
  });
  refuse(
    overlaps(
      profile,
      workers.map(({ index, cpus }) => ({
        name: `C2 worker ${index}`,
        cpus,
        path: pinPath(pins, index),
      })),
    ),
  );
  return {
    kind: 'c2',
    profile: profile.name,
    threadsPerCore: topology.threadsPerCore,
    nodes: topology.nodes,
    workers,
  };
});

const refuse = (problems: readonly Problem[]): void => {
  if (problems.length > 0) throw new FcopsError(problems);
};

const gpuProblems = (
  profile: Profile,
  topology: Topology,
  gpuNodes: readonly number[],
  feedingPerGpu: number,
): Problem[] => {
  if (gpuNodes.length === 0) {
    return [
      {
        kind: 'layout',
        what: `profile ${profile.name} has no GPU, and C2 runs one worker a GPU`,
        ...inProfile(profile, ...gpusPath(profile)),
        next: [edit('add the GPUs and their NUMA nodes to gpus in the profile')],
      },
    ];
  }
  const beyond = gpuNodes.filter((node) => node >= topology.nodes.length);
  const crowded = topology.nodes.filter(
    (node) => gpuNodes.filter((id) => id === node.id).length * feedingPerGpu > coresOf(node).length,
  );
  return [
    ...beyond.map((node) => ({
      kind: 'layout' as const,
      what: `profile ${profile.name}: a GPU is on NUMA node ${node}, which the machine does not have`,
      ...inProfile(profile, ...gpusPath(profile), gpuNodes.indexOf(node), 'numaNode'),
      why: `its nodes are 0-${topology.nodes.length - 1}`,
      next: [edit('correct numaNode of the GPU in the profile')],
    })),
    ...crowded.map((node) => ({
      kind: 'layout' as const,
      what: `profile ${profile.name}: node ${node.id} has ${count(coresOf(node).length, 'core')}, too few to feed its GPUs`,
      ...inProfile(profile, 'c2', 'feedingCores'),
      why: `${count(gpuNodes.filter((id) => id === node.id).length, 'GPU')} × ${feedingPerGpu} feeding cores`,
      next: [edit('lower c2.feedingCores in the profile')],
    })),
  ];
};

const pinProblems = (
  profile: Profile,
  topology: Topology,
  workerCount: number,
  pins: readonly C2Pin[],
): Problem[] => [
  ...badNumbers(
    profile,
    'C2 worker',
    pins.map((pin) => pin.worker),
    PINS,
    workerCount,
  ),
  ...pins.flatMap(({ worker, cpus }, index) =>
    badCpus(profile, topology, { name: `C2 worker ${worker}`, cpus, path: [...PINS, index, 'cpus'] }),
  ),
];

/** The feeding cores of each GPU: the GPUs of a node divide its last cores in their order. */
const feedingCores = (topology: Topology, gpuNodes: readonly number[], perGpu: number): number[][] =>
  gpuNodes.map((nodeId, gpu) => {
    const cores = topology.nodes.filter((node) => node.id === nodeId).flatMap(coresOf);
    const before = gpuNodes.slice(0, gpu).filter((id) => id === nodeId).length;
    const onNode = gpuNodes.filter((id) => id === nodeId).length;
    const begin = cores.length - (onNode - before) * perGpu;
    return cores.slice(begin, begin + perGpu);
  });

/**
 * Equal shares of the cores that feed no GPU, in core order, handed out in the order of the GPUs' nodes so that
 * a share lies near its GPU. Cores that do not divide go to the first ones.
 */
const shareCores = (
  topology: Topology,
  gpuNodes: readonly number[],
  feeding: ReadonlySet<number>,
): number[][] => {
  const cores = topology.nodes.flatMap(coresOf).filter((core) => !feeding.has(core));
  const size = Math.floor(cores.length / gpuNodes.length);
  const extra = cores.length % gpuNodes.length;
  const places = gpuNodes
    .map((node, gpu) => ({ node, gpu }))
    .sort((a, b) => a.node - b.node || a.gpu - b.gpu);
  return gpuNodes.map((_, gpu) => {
    const place = places.findIndex((other) => other.gpu === gpu);
    const begin = place * size + Math.min(place, extra);
    return cores.slice(begin, begin + size + (place < extra ? 1 : 0));
  });
};

/** Cores, then their second threads. */
const withSiblings = (topology: Topology, cores: readonly number[]): number[] => {
  const threads = new Map(topology.nodes.flatMap((node) => node.cores).map((core) => [core[0], core]));
  return Array.from({ length: topology.threadsPerCore }, (_, thread) => thread).flatMap((thread) =>
    cores.flatMap((core) => threads.get(core)?.slice(thread, thread + 1) ?? []),
  );
};
