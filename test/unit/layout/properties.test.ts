import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FcopsError } from '../../../src/core/problem.ts';
import type { Profile, SectorSize } from '../../../src/core/profile.ts';
import { solveC2 } from '../../../src/layout/c2.ts';
import { solveP1 } from '../../../src/layout/p1.ts';
import { pageLimit } from '../../../src/layout/page-shares.ts';
import type { P1Layout } from '../../../src/layout/types.ts';

const sectorSize = fc.constantFrom<SectorSize>('32GiB', '64GiB');
const often = { numRuns: 1000 };

/** Machines of every shape, most of which can carry a few tasks: nodes × L3 groups × cores. */
const machine = fc
  .record({
    sockets: fc.integer({ min: 1, max: 4 }),
    numaNodesPerSocket: fc.constantFrom(1, 2, 4),
    groupsPerNode: fc.integer({ min: 1, max: 4 }),
    coresPerGroup: fc.integer({ min: 1, max: 8 }),
    threadsPerCore: fc.constantFrom(1, 2),
    memoryPerNode: fc.integer({ min: 1, max: 512 }),
    gpuNodes: fc.array(fc.nat({ max: 15 }), { minLength: 1, maxLength: 6 }),
    tasks: fc.integer({ min: 1, max: 30 }),
    feedingCores: fc.integer({ min: 1, max: 3 }),
  })
  .map((shape): Profile => {
    const nodes = shape.sockets * shape.numaNodesPerSocket;
    return {
      name: 'random',
      description: 'random',
      cpu: {
        vendor: 'amd',
        model: 'random',
        sockets: shape.sockets,
        coresPerSocket: shape.numaNodesPerSocket * shape.groupsPerNode * shape.coresPerGroup,
        threadsPerCore: shape.threadsPerCore,
        numaNodesPerSocket: shape.numaNodesPerSocket,
        l3GroupsPerSocket: shape.numaNodesPerSocket * shape.groupsPerNode,
      },
      memoryGiB: shape.memoryPerNode * nodes,
      gpus: shape.gpuNodes.map((node) => ({ numaNode: node % nodes })),
      p1: {
        tasks: { '32GiB': shape.tasks, '64GiB': shape.tasks },
        maxSealing: { '32GiB': 52, '64GiB': 30 },
      },
      c2: { feedingCores: shape.feedingCores },
    };
  });

/** Cores for P1 tasks on the nodes without the GPU, counted apart from the solver. */
const seatsOf = ({ cpu, gpus }: Profile): number => {
  const coresPerGroup = cpu.coresPerSocket / cpu.l3GroupsPerSocket;
  const groupsPerNode = cpu.l3GroupsPerSocket / cpu.numaNodesPerSocket;
  const nodes = cpu.sockets * cpu.numaNodesPerSocket - (gpus.length > 0 ? 1 : 0);
  return nodes * groupsPerNode * Math.floor(coresPerGroup / 2);
};

/** Whether a machine is right to be refused for P1: too few nodes, cores, or too little memory. */
const cannotRun = (profile: Profile, size: SectorSize): boolean => {
  const nodes = profile.cpu.sockets * profile.cpu.numaNodesPerSocket;
  const tasks = profile.p1?.tasks[size] ?? 0;
  const memory = profile.memoryGiB / nodes;
  const pages =
    memory < 64
      ? Math.max(0, memory - 4) + (nodes - 1) * Math.max(0, memory - 2)
      : nodes * (memory - Math.ceil(memory / 64));
  return nodes < 2 || tasks > seatsOf(profile) || tasks * (size === '64GiB' ? 128 : 64) > pages;
};

/** The layout, or undefined where the machine is refused; anything but a refusal fails the test. */
const solved = <T>(solve: () => T): T | undefined => {
  try {
    return solve();
  } catch (error) {
    if (error instanceof FcopsError) return undefined;
    throw error;
  }
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

const p1Property = (check: (layout: P1Layout) => void) => {
  let accepted = 0;
  fc.assert(
    fc.property(machine, sectorSize, (profile, size) => {
      const layout = solved(() => solveP1(profile, size));
      expect(layout === undefined).toBe(cannotRun(profile, size));
      if (!layout) return;
      accepted += 1;
      check(layout);
    }),
    often,
  );
  expect(accepted).toBeGreaterThan(20);
};

describe('P1 on any machine', () => {
  it('owns no core twice and only cores that are there', () => {
    p1Property(({ tasks, p2, nodes }) => {
      const owned = [...p2.cpus, ...tasks.flatMap((task) => task.cpus)];
      expect(new Set(owned).size).toBe(owned.length);
      const cores = new Set(nodes.flatMap((node) => node.l3Groups.flat()));
      expect(owned.filter((cpu) => !cores.has(cpu))).toEqual([]);
    });
  });

  it('accounts for every page: by node, by task and in total', () => {
    p1Property(({ sectorSize: size, tasks, nodes, totalPages }) => {
      expect(totalPages).toBe(tasks.length * (size === '64GiB' ? 128 : 64));
      expect(sum(nodes.map((node) => node.pages))).toBe(totalPages);
      for (const node of nodes) {
        const onNode = tasks.flatMap((task) => task.pages.filter((part) => part.node === node.id));
        expect(sum(onNode.map((part) => part.pages))).toBe(node.pages);
      }
      for (const task of tasks)
        expect(sum(task.pages.map((part) => part.pages))).toBe(totalPages / tasks.length);
    });
  });

  it('takes no more of a node than it has', () => {
    p1Property(({ nodes }) => {
      for (const node of nodes) {
        expect(node.pages).toBeLessThanOrEqual(pageLimit(node));
        expect(pageLimit(node)).toBeLessThanOrEqual(node.memoryGiB);
      }
    });
  });

  it("gives the other nodes equal shares and the GPU's node the rest, last", () => {
    p1Property(({ nodes, gpuNode, totalPages }) => {
      const seated = nodes.filter((node) => node.id !== gpuNode);
      const others = seated.map((node) => node.pages);
      const gpu = nodes.find((node) => node.id === gpuNode);
      if (!gpu) throw new Error('no GPU node');
      const gpuFull = gpu.pages === pageLimit(gpu);
      // A node with less room than an equal share gives what it has.
      const most = Math.max(...others);
      for (const node of seated)
        expect(node.pages === pageLimit(node) || most - node.pages <= (gpuFull ? 1 : 0)).toBe(true);
      // It is used for what an equal share leaves over, or where the others are full.
      const full = nodes.every((node) => node.id === gpuNode || node.pages === pageLimit(node));
      expect(full || gpu.pages < others.length).toBe(true);
      expect(gpu.pages + others.reduce((total, pages) => total + pages, 0)).toBe(totalPages);
    });
  });

  it("seats each task behind one L3 cache, off the GPU's node but for its last core as a producer", () => {
    p1Property(({ nodes, gpuNode, tasks }) => {
      const gpuCores = nodes[gpuNode]?.l3Groups.flat() ?? [];
      for (const { cpus } of tasks) {
        const [first, second, producer] = cpus;
        const group = nodes.flatMap((node) => node.l3Groups).find((cores) => cores.includes(first ?? -1));
        expect(group).toContain(second);
        expect(gpuCores).not.toContain(first);
        if (producer !== undefined && gpuCores.includes(producer)) expect(producer).toBe(gpuCores.at(-1));
        expect(cpus.length === 2 || cpus.length === 3).toBe(true);
      }
    });
  });

  it("names as a task's nodes those that its pages are on", () => {
    p1Property(({ tasks }) => {
      for (const { numaNodes, pages } of tasks) {
        expect(numaNodes).toEqual(pages.map((part) => part.node));
        expect(pages.every((part) => part.pages > 0)).toBe(true);
        expect(new Set(numaNodes).size).toBe(numaNodes.length);
      }
    });
  });

  it('keeps every other row when the CPUs of a task are pinned to free cores', () => {
    fc.assert(
      fc.property(machine, sectorSize, fc.nat(), (profile, size, choice) => {
        const layout = solved(() => solveP1(profile, size));
        const { p1 } = profile;
        if (!layout || !p1) return;
        const task = 1 + (choice % layout.tasks.length);
        const owned = new Set([...layout.p2.cpus, ...layout.tasks.flatMap(({ cpus }) => cpus)]);
        const free = layout.nodes.flatMap((node) => node.l3Groups.flat()).filter((cpu) => !owned.has(cpu));
        if (free.length === 0) return;
        const pinned = solveP1({ ...profile, p1: { ...p1, pins: { [size]: [{ task, cpus: free }] } } }, size);
        expect(pinned.tasks[task - 1]?.cpus).toEqual(free);
        // A producer that the pinned task gave up may go to another task; the seats stay.
        const seats = (rows: typeof layout.tasks) =>
          rows.filter(({ index }) => index !== task).map(({ cpus }) => cpus.slice(0, 2));
        expect(seats(pinned.tasks)).toEqual(seats(layout.tasks));
        expect(pinned.tasks.map(({ pages }) => pages)).toEqual(layout.tasks.map(({ pages }) => pages));
      }),
    );
  });
});

describe('C2 on any machine', () => {
  it('gives every CPU to one worker, siblings together, each GPU fed from its node', () => {
    let accepted = 0;
    fc.assert(
      fc.property(machine, (profile) => {
        const layout = solved(() => solveC2(profile));
        const { numaNodesPerSocket, coresPerSocket } = profile.cpu;
        const fed = profile.gpus.map(
          ({ numaNode }) => profile.gpus.filter((gpu) => gpu.numaNode === numaNode).length,
        );
        const coresPerNode = coresPerSocket / numaNodesPerSocket;
        expect(layout === undefined).toBe(Math.max(...fed) * (profile.c2?.feedingCores ?? 0) > coresPerNode);
        if (!layout) return;
        accepted += 1;
        const owned = layout.workers.flatMap((worker) => worker.cpus).toSorted((a, b) => a - b);
        expect(owned).toEqual(layout.nodes.flatMap((node) => node.cpus).toSorted((a, b) => a - b));
        const shares = layout.workers.map((worker) => worker.cpus.length / layout.threadsPerCore);
        expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
        for (const { cpus, feedingCpus, gpuNode } of layout.workers) {
          expect(cpus.slice(0, feedingCpus.length)).toEqual(feedingCpus);
          expect(feedingCpus.every((cpu) => layout.nodes[gpuNode]?.cpus.includes(cpu))).toBe(true);
          const cores = layout.nodes.flatMap((node) => node.cores);
          for (const core of cores.filter((threads) => threads.some((cpu) => cpus.includes(cpu))))
            expect(core.every((cpu) => cpus.includes(cpu))).toBe(true);
        }
      }),
      often,
    );
    expect(accepted).toBeGreaterThan(20);
  });
});
