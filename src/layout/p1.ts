import { edit } from '../core/next.ts';
import { FcopsError, type Problem } from '../core/problem.ts';
import { inProfile, isTestSize, type P1Pin, type Profile, type SectorSize } from '../core/profile.ts';
import { remember } from '../core/remember.ts';
import { APX_PORT } from './apx.ts';
import { producerOf, seatTasks } from './p1-cores.ts';
import { pagesPerTask, sharePages, takePages } from './page-shares.ts';
import { badCpus, badNumbers, overlaps } from './rows.ts';
import { coresOf, topologyOf } from './topology.ts';
import type { NodePages, P1Layout, P1Task, Topology } from './types.ts';

const P1_PORT = 10000;
const P2_PORT = 12000;

/**
 * The layout of a P1 machine for a sector size (handbook 2.2.5 and 2.2.6): every task's CPUs, NUMA nodes, huge
 * pages and port. Rows pinned in the profile are taken as they are; a pin of CPUs moves no other task. Throws
 * an FcopsError for a profile that has no P1 or cannot carry its tasks.
 */
export const solveP1 = (profile: Profile, sectorSize: SectorSize): P1Layout => solvers[sectorSize](profile);

const solver = (sectorSize: SectorSize) =>
  remember((profile: Profile): P1Layout => solve(profile, sectorSize));
const solvers: Readonly<Record<SectorSize, (profile: Profile) => P1Layout>> = {
  '32GiB': solver('32GiB'),
  '64GiB': solver('64GiB'),
  '2KiB': solver('2KiB'),
  '8MiB': solver('8MiB'),
  '512MiB': solver('512MiB'),
};

const solve = (profile: Profile, sectorSize: SectorSize): P1Layout => {
  const { taskCount, maxSealing, pins, p2Pin } = p1Section(profile, sectorSize);
  const topology = topologyOf(profile);
  const gpuNode = gpuNodeOf(profile, topology, sectorSize);
  refuse(pinProblems(profile, sectorSize, topology, taskCount, pins, p2Pin));

  const pagesEach = pagesPerTask(sectorSize);
  const totalPages = taskCount * pagesEach;
  const perNode = sharePages(profile, topology.nodes, gpuNode, totalPages, sectorSize);
  const memory = takePages(profile, perNode, taskCount, pagesEach, pins, sectorSize);
  const p2Cpus = p2Pin ?? coresOfP2(topology, gpuNode);
  const tasks = ownCpus(profile, sectorSize, topology, gpuNode, memory, pins, p2Cpus);
  refuse(
    overlaps(profile, [
      ...tasks.map((task) => ({
        name: `P1 task ${task.index}`,
        cpus: task.cpus,
        path: pinPath(pins, task.index, sectorSize),
      })),
      { name: 'P2', cpus: p2Cpus, path: p2Path(sectorSize) },
    ]),
  );
  return {
    kind: 'p1',
    profile: profile.name,
    sectorSize,
    threadsPerCore: topology.threadsPerCore,
    nodes: topology.nodes.map((node, index) => ({ ...node, pages: perNode[index] ?? 0 })),
    totalPages,
    numaNodeCount: topology.nodes.length,
    gpuNode,
    hasGpu: profile.gpus.length > 0,
    tasks,
    apx: { port: APX_PORT, maxSealing },
    p2: { cpus: p2Cpus, port: P2_PORT },
  };
};

const refuse = (problems: readonly Problem[]): void => {
  if (problems.length > 0) throw new FcopsError(problems);
};

const p1Section = (profile: Profile, sectorSize: SectorSize) => {
  const { p1 } = profile;
  if (!p1) {
    throw new FcopsError({
      kind: 'layout',
      what: `profile ${profile.name} is not for P1`,
      ...inProfile(profile),
      why: 'it has no p1 section',
      next: [edit('give the host another profile, or add p1 with tasks and maxSealing to this one')],
    });
  }
  const taskCount = p1.tasks[sectorSize];
  const maxSealing = p1.maxSealing[sectorSize];
  if (taskCount === undefined || maxSealing === undefined) {
    const key = taskCount === undefined ? 'tasks' : 'maxSealing';
    throw new FcopsError({
      kind: 'layout',
      what: `profile ${profile.name} does not say how P1 runs with ${sectorSize} sectors`,
      ...inProfile(profile, 'p1', key),
      why: `p1.${key} has no ${sectorSize}`,
      next: [edit(`add ${sectorSize} to p1.tasks and p1.maxSealing in the profile`)],
    });
  }
  return { taskCount, maxSealing, pins: p1.pins?.[sectorSize] ?? [], p2Pin: p1.p2Cpus?.[sectorSize] };
};

/** The node that P2 has to itself. A test network's P2 needs no GPU: it has the last node, and shares an only one. */
const gpuNodeOf = (profile: Profile, topology: Topology, sectorSize: SectorSize): number => {
  const stated = profile.gpus[0]?.numaNode;
  const isTest = isTestSize(sectorSize);
  const node = stated ?? (isTest ? topology.nodes.length - 1 : undefined);
  if (node === undefined) {
    throw new FcopsError({
      kind: 'layout',
      what: `profile ${profile.name} has no GPU, and P2 runs beside one`,
      ...inProfile(profile, 'gpus'),
      next: [edit('add the GPU and its NUMA node to gpus in the profile')],
    });
  }
  if ((topology.nodes.length < 2 && !isTest) || node >= topology.nodes.length) {
    throw new FcopsError({
      kind: 'layout',
      what: `profile ${profile.name}: the GPU is on NUMA node ${node}, and P1 needs a node besides it`,
      ...inProfile(profile, 'gpus', 0, 'numaNode'),
      why: `the machine has ${topology.nodes.length === 1 ? 'node 0 only' : `nodes 0-${topology.nodes.length - 1}`}`,
      next: [
        edit(
          'set NUMA nodes per socket (NPS) to the most in the firmware and in the profile, and check gpus',
        ),
      ],
    });
  }
  return node;
};

/** What of a profile the row of a task follows from. */
const pinPath = (pins: readonly P1Pin[], task: number, sectorSize: SectorSize): readonly PropertyKey[] => {
  const index = pins.findIndex((pin) => pin.task === task);
  return index < 0 ? ['p1'] : ['p1', 'pins', sectorSize, index];
};

const p2Path = (sectorSize: SectorSize): readonly PropertyKey[] => ['p1', 'p2Cpus', sectorSize];

const pinProblems = (
  profile: Profile,
  sectorSize: SectorSize,
  topology: Topology,
  taskCount: number,
  pins: readonly P1Pin[],
  p2Pin: readonly number[] | undefined,
): Problem[] => [
  ...badNumbers(
    profile,
    'P1 task',
    pins.map((pin) => pin.task),
    ['p1', 'pins', sectorSize],
    taskCount,
  ),
  ...pins.flatMap(({ task, cpus = [], numaNodes = [] }) => {
    const path = pinPath(pins, task, sectorSize);
    return [
      ...badCpus(profile, topology, { name: `P1 task ${task}`, cpus, path }),
      ...badNodes(profile, topology, task, numaNodes, path),
    ];
  }),
  ...badCpus(profile, topology, { name: 'P2', cpus: p2Pin ?? [], path: p2Path(sectorSize) }),
];

const badNodes = (
  profile: Profile,
  topology: Topology,
  task: number,
  numaNodes: readonly number[],
  path: readonly PropertyKey[],
): Problem[] => {
  const last = topology.nodes.length - 1;
  const wrong = numaNodes.some((node, index) => node > last || numaNodes.indexOf(node) !== index);
  if (!wrong) return [];
  return [
    {
      kind: 'layout',
      what: `profile ${profile.name}: P1 task ${task} is pinned to NUMA nodes ${numaNodes.join(',')}`,
      ...inProfile(profile, ...path),
      why: `each may be named once, and the machine has nodes 0-${last}`,
      next: [edit('correct numaNodes of the pin in the profile')],
    },
  ];
};

/** P2's cores where the profile names none: 24,26,28,30 of the node 24-31 (handbook 2.2.6.5). */
const everySecondCore = (topology: Topology, gpuNode: number): number[] =>
  topology.nodes
    .filter((node) => node.id === gpuNode)
    .flatMap((node) => coresOf(node).filter((_, index) => index % 2 === 0));

/** On a machine of one node P2 has its last core, and the P1 tasks have the others. */
const coresOfP2 = (topology: Topology, gpuNode: number): number[] =>
  topology.nodes.length > 1
    ? everySecondCore(topology, gpuNode)
    : topology.nodes.flatMap((node) => coresOf(node).slice(-1));

const ownCpus = (
  profile: Profile,
  sectorSize: SectorSize,
  topology: Topology,
  gpuNode: number,
  memory: readonly (readonly NodePages[])[],
  pins: readonly P1Pin[],
  p2Cpus: readonly number[],
): P1Task[] => {
  const pinnedCpus = new Map(pins.flatMap((pin) => (pin.cpus ? [[pin.task, pin.cpus] as const] : [])));
  const seats = seatTasks(profile, sectorSize, topology.nodes, { gpuNode, p2Cpus }, memory, [
    ...pinnedCpus.keys(),
  ]);
  const base = seats.map((seat, index) => pinnedCpus.get(index + 1) ?? seat?.cpus ?? []);
  const owned = new Set([...p2Cpus, ...base.flat()]);
  return memory.map((pages, index) => {
    const task = index + 1;
    const seat = pinnedCpus.has(task) ? undefined : seats[index];
    const producer = seat && producerOf(topology.nodes, seat, pages, owned);
    if (producer !== undefined) owned.add(producer);
    const cpus = base[index] ?? [];
    return {
      index: task,
      cpus: producer === undefined ? cpus : [...cpus, producer],
      numaNodes: pages.map((part) => part.node),
      pages,
      port: P1_PORT + task,
    };
  });
};
