import { describe, expect, it } from 'vitest';
import { FcopsError } from '../../../src/core/problem.ts';
import type { Profile, SectorSize } from '../../../src/core/profile.ts';
import { solveP1 } from '../../../src/layout/p1.ts';
import { topologyOf } from '../../../src/layout/topology.ts';
import { shipped } from './shipped.ts';

const SMALL: readonly SectorSize[] = ['2KiB', '8MiB', '512MiB'];

/** A virtual machine: sockets of four cores, each a NUMA node, and no GPU. */
const machine = (nodes: number, tasks: number, more: Partial<Profile> = {}): Profile => ({
  name: 'vm',
  description: 'a virtual machine',
  cpu: {
    vendor: 'amd',
    model: 'EPYC',
    sockets: nodes,
    coresPerSocket: 4,
    threadsPerCore: 1,
    numaNodesPerSocket: 1,
    l3GroupsPerSocket: 1,
  },
  memoryGiB: 8 * nodes,
  gpus: [],
  p1: {
    tasks: { '2KiB': tasks, '8MiB': tasks, '512MiB': tasks, '64GiB': tasks },
    maxSealing: { '2KiB': 9, '8MiB': 9, '512MiB': 9, '64GiB': 9 },
  },
  ...more,
});

const saidOf = (run: () => unknown): readonly string[] => {
  try {
    run();
  } catch (error) {
    if (error instanceof FcopsError) return error.problems.map(({ what }) => what);
    throw error;
  }
  return [];
};

describe('sectors of a test network', () => {
  it.each(SMALL)('%s: a task takes one page, on the node of its cores', (size) => {
    const layout = solveP1(machine(4, 6), size);
    expect(layout.nodes.map(({ pages }) => pages)).toEqual([2, 2, 2, 0]);
    expect(layout.tasks.map(({ cpus, pages }) => [cpus.join(), pages])).toEqual([
      ['0,1', [{ node: 0, pages: 1 }]],
      ['2,3', [{ node: 0, pages: 1 }]],
      ['4,5', [{ node: 1, pages: 1 }]],
      ['6,7', [{ node: 1, pages: 1 }]],
      ['8,9', [{ node: 2, pages: 1 }]],
      ['10,11', [{ node: 2, pages: 1 }]],
    ]);
    expect([layout.gpuNode, layout.hasGpu, layout.p2.cpus]).toEqual([3, false, [12, 14]]);
  });

  it('fewer tasks than nodes leave no page where no task is', () => {
    expect(solveP1(machine(4, 2), '2KiB').nodes.map(({ pages }) => pages)).toEqual([1, 1, 0, 0]);
  });

  it('on a machine of one node P2 has its last core, and the tasks the others', () => {
    const layout = solveP1(machine(1, 1), '2KiB');
    expect(layout.tasks[0]).toMatchObject({ cpus: [0, 1], numaNodes: [0], port: 10001 });
    expect(layout.p2.cpus).toEqual([3]);
    expect(saidOf(() => solveP1(machine(1, 2), '2KiB'))).toEqual([
      'profile vm: 2 P1 tasks cannot run on cores for 1',
    ]);
  });

  it('sectors of the network itself need a GPU and a node besides its own, as before', () => {
    expect(saidOf(() => solveP1(machine(4, 1), '64GiB'))).toEqual([
      'profile vm has no GPU, and P2 runs beside one',
    ]);
    expect(saidOf(() => solveP1(machine(1, 1, { gpus: [{ numaNode: 0 }] }), '64GiB'))).toHaveLength(1);
  });
});

describe('nodes that are not alike', () => {
  it('give no more pages than they have; the others give more', () => {
    const nodes = [{ memoryGiB: 2 }, { memoryGiB: 10 }, { memoryGiB: 10 }, { memoryGiB: 10 }];
    const layout = solveP1(machine(4, 6, { nodes }), '512MiB');
    expect(layout.nodes.map(({ memoryGiB }) => memoryGiB)).toEqual([2, 10, 10, 10]);
    expect(layout.nodes.map(({ pages }) => pages)).toEqual([0, 3, 3, 0]);
  });

  it('have their own cores', () => {
    const profile = shipped('amd-7532');
    const sizes = [6, 10, 8, 8, 8, 8, 8, 8];
    const nodes = sizes.map((cores) => ({ memoryGiB: 256, cores }));
    const { nodes: found } = topologyOf({ ...profile, nodes });
    expect(found.map(({ cpus }) => cpus.length)).toEqual(sizes);
    expect(found[1]?.cpus[0]).toBe(6);
    expect(solveP1({ ...profile, nodes }, '64GiB').tasks).toHaveLength(14);
  });

  it('that are alike make the same layout as without a list', () => {
    const profile = shipped('amd-7532');
    const nodes = Array.from({ length: 8 }, () => ({ memoryGiB: 256 }));
    for (const size of ['64GiB', '32GiB'] as const)
      expect(solveP1({ ...profile, nodes }, size)).toEqual(solveP1(profile, size));
  });

  it.each([
    [
      [{ memoryGiB: 8 }],
      'profile vm: nodes lists 1 NUMA nodes, and cpu.sockets × cpu.numaNodesPerSocket are 2',
    ],
    [[{ memoryGiB: 9 }, { memoryGiB: 8 }], 'profile vm: its nodes have 17 GiB together, and memoryGiB is 16'],
    [
      [{ memoryGiB: 8, cores: 4 }, { memoryGiB: 8 }],
      'profile vm: node 1 does not say its cores, and others do',
    ],
    [
      [
        { memoryGiB: 8, cores: 4 },
        { memoryGiB: 8, cores: 3 },
      ],
      'profile vm: the nodes of socket 1 have 3 cores together, and cpu.coresPerSocket is 4',
    ],
  ])('are refused where they do not fit the rest: %j', (nodes, what) => {
    expect(saidOf(() => topologyOf(machine(2, 1, { nodes })))).toEqual([what]);
  });
});
