import { formatCpuRanges } from '../core/cpu-list.ts';
import type { Facts } from '../core/facts.ts';
import { edit } from '../core/next.ts';
import type { Problem } from '../core/problem.ts';
import type { Profile } from '../core/profile.ts';
import { GiB, KiB } from '../core/units.ts';
import { c2Gpus } from './c2.ts';
import { topologyOf } from './topology.ts';
import type { Layout, Topology } from './types.ts';

/** What firmware and kernel keep for themselves before a machine counts as having less memory than it should. */
const MEMORY_TOLERANCE = 0.05;
/** The same for the huge pages of one node, whose share leaves the page map out already. */
const PAGES_TOLERANCE = 0.02;

/**
 * Where a real machine differs from its profile, so that a layout solved for the profile would be wrong on it.
 * Each problem shows both sides; empty when the machine is as the profile says. What the machine does not tell
 * (a GPU's node, L3 caches in some virtual machines) is no difference.
 */
export const compareTopology = (profile: Profile, facts: Facts, layout: Layout): Problem[] => {
  const topology = topologyOf(profile);
  const processor = compareProcessor(profile, facts);
  // Where sockets, cores or threads differ, every list of CPUs does; naming those as well would hide the cause.
  const places = processor.some(({ shape }) => shape) ? [] : comparePlaces(profile, topology, facts);
  const memory = compareMemory(profile, facts, layout);
  // APx runs on any core of any node, and uses no GPU: what numbers them is no concern of its layout.
  if (layout.kind === 'apx') return [...withoutShape(processor.filter(({ shape }) => !shape)), ...memory];
  return [
    ...withoutShape(processor),
    ...places,
    ...memory,
    ...compareGpus(profile, facts, layout.kind === 'c2' ? c2Gpus(profile) : profile.gpus),
  ];
};

const CORRECT = 'give the host the profile of its hardware, or correct the profile';

/** The machine has one thing, the profile says another. */
const differs = (
  profile: Profile,
  what: string,
  real: string | number,
  expected: string | number,
  next = CORRECT,
): Problem => ({
  kind: 'layout',
  what: `${what}: the machine has ${real}, profile ${profile.name} says ${expected}`,
  next: [edit(next)],
});

/** Processor differences; `shape` marks those that number the CPUs differently. */
const compareProcessor = (profile: Profile, facts: Facts): (Problem & { shape: boolean })[] => {
  const { cpu } = profile;
  const real = facts.cpu;
  const problems: (Problem & { shape: boolean })[] = [];
  const add = (shape: boolean, problem: Problem) => problems.push({ ...problem, shape });
  if (!real.model.includes(cpu.model))
    add(false, differs(profile, 'CPU model', `"${real.model}"`, `"${cpu.model}"`));
  if (real.sockets !== cpu.sockets) add(true, differs(profile, 'CPU sockets', real.sockets, cpu.sockets));
  if (real.coresPerSocket !== cpu.coresPerSocket)
    add(true, differs(profile, 'cores a socket', real.coresPerSocket, cpu.coresPerSocket));
  if (real.threadsPerCore !== cpu.threadsPerCore) {
    const [now, wanted] = [real.threadsPerCore, cpu.threadsPerCore].map((threads) =>
      threads > 1 ? `on (${threads} threads a core)` : 'off',
    );
    const next = `switch hyper-threading (SMT) ${cpu.threadsPerCore > 1 ? 'on' : 'off'} in the firmware and reboot`;
    add(true, {
      kind: 'layout',
      what: `hyper-threading: ${now} on the machine, ${wanted} in profile ${profile.name}`,
      next: [edit(next)],
    });
  }
  const count = cpu.sockets * cpu.coresPerSocket * cpu.threadsPerCore;
  if (problems.every(({ shape }) => !shape) && real.count !== count)
    add(true, {
      ...differs(profile, 'CPUs', real.count, count),
      next: [
        edit(
          'bring all CPUs online (/sys/devices/system/cpu/offline, maxcpus and isolcpus in /proc/cmdline)',
        ),
      ],
    });
  return problems;
};

const withoutShape = (problems: readonly (Problem & { shape: boolean })[]): Problem[] =>
  problems.map(({ shape: _, ...problem }) => problem);

/** NUMA nodes, their CPUs, and L3 caches. */
const comparePlaces = (profile: Profile, topology: Topology, facts: Facts): Problem[] => [
  ...compareNodes(profile, topology, facts),
  ...compareCaches(profile, topology, facts),
];

const compareNodes = (profile: Profile, topology: Topology, facts: Facts): Problem[] => {
  if (facts.numaNodes.length !== topology.nodes.length) {
    return [
      differs(
        profile,
        'NUMA nodes',
        facts.numaNodes.length,
        topology.nodes.length,
        `set NUMA nodes per socket (NPS) to ${profile.cpu.numaNodesPerSocket} in the firmware and reboot, or correct the profile`,
      ),
    ];
  }
  return topology.nodes.flatMap((node) => {
    const real = facts.numaNodes.find(({ id }) => id === node.id);
    if (!real) return [differs(profile, `NUMA node ${node.id}`, 'no such node', 'there is one')];
    return areSame(real.cpus, node.cpus)
      ? []
      : [differs(profile, `CPUs of NUMA node ${node.id}`, cpuText(real.cpus), cpuText(node.cpus))];
  });
};

const compareCaches = (profile: Profile, topology: Topology, facts: Facts): Problem[] => {
  if (facts.l3Groups.length === 0) return [];
  if (facts.l3Groups.length !== topology.l3Caches.length)
    return [differs(profile, 'L3 caches', facts.l3Groups.length, topology.l3Caches.length)];
  // The first one that differs says it all; the rest follows from it.
  for (const expected of topology.l3Caches) {
    const real = facts.l3Groups.find((group) => group.some((cpu) => cpu === expected[0])) ?? [];
    if (!areSame(real, expected))
      return [
        differs(profile, `CPUs behind the L3 cache of CPU ${expected[0]}`, cpuText(real), cpuText(expected)),
      ];
  }
  return [];
};

/** Whether a machine that is to have so much has less, beyond what firmware and kernel keep for themselves. */
export const isShortOfMemory = (wantedGiB: number, memoryKib: number): boolean =>
  inGiB(memoryKib) < wantedGiB * (1 - MEMORY_TOLERANCE);

const compareMemory = (profile: Profile, facts: Facts, layout: Layout): Problem[] => {
  const problems: Problem[] = [];
  const real = inGiB(facts.memoryKib);
  if (isShortOfMemory(profile.memoryGiB, facts.memoryKib))
    problems.push(
      differs(
        profile,
        'memory',
        `${real.toFixed(1)} GiB`,
        `${profile.memoryGiB} GiB`,
        'look for a missing or failed memory module (dmidecode --type memory), or correct memoryGiB in the profile',
      ),
    );
  if (layout.kind !== 'p1' || facts.numaNodes.length !== layout.nodes.length) return problems;
  for (const { id, pages } of layout.nodes) {
    const node = inGiB(facts.numaNodes.find((other) => other.id === id)?.memoryKib ?? 0);
    if (node < pages * (1 - PAGES_TOLERANCE))
      problems.push({
        kind: 'layout',
        what: `memory of NUMA node ${id}: the machine has ${node.toFixed(1)} GiB, the huge pages of profile ${profile.name} take ${pages} GiB`,
        next: [edit('look for a missing or failed memory module on that node (dmidecode --type memory)')],
      });
  }
  return problems;
};

const compareGpus = (profile: Profile, facts: Facts, gpus: Profile['gpus']): Problem[] => {
  if (facts.gpus.length !== gpus.length) {
    const addresses = facts.gpus.map((gpu) => gpu.address).join(', ');
    return [
      differs(
        profile,
        'NVIDIA GPUs',
        addresses ? `${facts.gpus.length} (${addresses})` : 0,
        gpus.length,
        'see lspci for a card that is missing, or correct gpus in the profile',
      ),
    ];
  }
  return facts.gpus.flatMap((real, index) => {
    const expected = gpus[index];
    if (!expected) return [];
    const name = `GPU ${index + 1} (${real.address})`;
    return [
      ...(real.numaNode >= 0 && real.numaNode !== expected.numaNode
        ? [differs(profile, `NUMA node of ${name}`, real.numaNode, expected.numaNode)]
        : []),
      ...(expected.busId !== undefined && expected.busId !== real.busId
        ? [differs(profile, `bus id of ${name}`, real.busId, expected.busId)]
        : []),
    ];
  });
};

const inGiB = (kib: number): number => kib / (GiB / KiB);

const inOrder = (cpus: readonly number[]): readonly number[] => cpus.toSorted((a, b) => a - b);

const cpuText = (cpus: readonly number[]): string => formatCpuRanges(inOrder(cpus));

/** Whether two lists have the same CPUs, in whatever order. */
const areSame = (some: readonly number[], others: readonly number[]): boolean => {
  const wanted = inOrder(others);
  return some.length === wanted.length && inOrder(some).every((cpu, index) => cpu === wanted[index]);
};
