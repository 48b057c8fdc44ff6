import { describe, expect, it } from 'vitest';
import { edit } from '../../../src/core/next.ts';
import type { Profile } from '../../../src/core/profile.ts';
import { solveP1 } from '../../../src/layout/p1.ts';
import type { P1Layout } from '../../../src/layout/types.ts';
import { problemsOf, shipped, shippedNames } from './shipped.ts';

/** Tasks in the handbook's own notation (2.2.6.4). */
const table = (layout: P1Layout): string[] =>
  layout.tasks.map(
    ({ index, cpus, numaNodes }) => `worker-${index}p1=${cpus.join(',')}=${numaNodes.join(',')}`,
  );

const amd7532 = shipped('amd-7532');
type P1 = NonNullable<Profile['p1']>;
const withP1 = (p1: Partial<P1>): Profile => ({
  ...amd7532,
  p1: { tasks: { '64GiB': 14 }, maxSealing: { '64GiB': 30 }, ...p1 },
});

describe('dual 7532 with 64GiB sectors', () => {
  const layout = solveP1(amd7532, '64GiB');

  it("is the handbook's table", () => {
    expect(table(layout)).toEqual([
      'worker-1p1=0,1=0',
      'worker-2p1=2,3=0,1',
      'worker-3p1=8,9=1',
      'worker-4p1=10,11=1,2',
      'worker-5p1=16,17=2',
      'worker-6p1=18,19=2,3',
      'worker-7p1=32,33,31=3,4',
      'worker-8p1=34,35=4',
      'worker-9p1=40,41,39=4,5',
      'worker-10p1=42,43=5',
      'worker-11p1=48,49,47=5,6',
      'worker-12p1=50,51=6',
      'worker-13p1=56,57,55=6,7',
      'worker-14p1=58,59=7',
    ]);
  });

  it("gives 252 pages on every node and the rest on the GPU's", () => {
    expect(layout.nodes.map(({ pages }) => pages)).toEqual([252, 252, 252, 28, 252, 252, 252, 252]);
    expect(layout).toMatchObject({ totalPages: 1792, numaNodeCount: 8, gpuNode: 3 });
  });

  it("has the handbook's P2, ports and limit", () => {
    expect(layout.p2).toEqual({ cpus: [24, 26, 28, 30], port: 12000 });
    expect(layout.apx).toEqual({ port: 11000, maxSealing: 30 });
    expect(layout.tasks.map(({ port }) => port)).toEqual(Array.from({ length: 14 }, (_, i) => 10001 + i));
  });

  it('says how many pages of a task are on which node', () => {
    expect(layout.tasks[6]?.pages).toEqual([
      { node: 3, pages: 16 },
      { node: 4, pages: 112 },
    ]);
  });
});

it('runs 24 tasks with 32GiB sectors, three or four a node, each on the node with most of its memory', () => {
  const layout = solveP1(amd7532, '32GiB');
  expect(layout.nodes.map(({ pages }) => pages)).toEqual([219, 219, 219, 3, 219, 219, 219, 219]);
  expect(layout.apx.maxSealing).toBe(52);
  expect(table(layout)).toEqual([
    'worker-1p1=0,1=0',
    'worker-2p1=2,3=0',
    'worker-3p1=4,5=0',
    'worker-4p1=8,9,7=0,1',
    'worker-5p1=10,11=1',
    'worker-6p1=12,13=1',
    'worker-7p1=14,15=1,2',
    'worker-8p1=16,17=2',
    'worker-9p1=18,19=2',
    'worker-10p1=20,21=2',
    'worker-11p1=32,33,23=2,3,4',
    'worker-12p1=34,35=4',
    'worker-13p1=36,37=4',
    'worker-14p1=38,39=4,5',
    'worker-15p1=40,41=5',
    'worker-16p1=42,43=5',
    'worker-17p1=44,45=5',
    'worker-18p1=48,49,47=5,6',
    'worker-19p1=50,51=6',
    'worker-20p1=52,53=6',
    'worker-21p1=54,55=6,7',
    'worker-22p1=56,57=7',
    'worker-23p1=58,59=7',
    'worker-24p1=60,61=7',
  ]);
});

describe('other machines', () => {
  it('gives each task an L3 cache of its own before two share one', () => {
    const firsts = (name: string, sectorSize: '32GiB' | '64GiB') =>
      solveP1(shipped(name), sectorSize)
        .tasks.slice(0, 3)
        .map(({ cpus }) => cpus.join());
    expect(firsts('amd-7601', '64GiB')).toEqual(['0,1', '4,5', '8,9']);
    expect(firsts('amd-7601', '32GiB')).toEqual(['0,1', '4,5', '2,3']);
    expect(firsts('amd-7t83', '64GiB')).toEqual(['0,1', '8,9', '16,17']);
  });

  it('leaves a producer out where another task owns the core: all of a 7371 are in use', () => {
    const { tasks } = solveP1(shipped('amd-7371'), '64GiB');
    expect(tasks[6]).toMatchObject({ cpus: [16, 17, 15], numaNodes: [3, 4] });
    expect(tasks[8]).toMatchObject({ cpus: [20, 21], numaNodes: [4, 5] });
  });

  it.each(shippedNames.filter((name) => shipped(name).p1))('solves %s for both sector sizes', (name) => {
    expect(solveP1(shipped(name), '64GiB').tasks).toHaveLength(14);
    expect(solveP1(shipped(name), '32GiB').tasks).toHaveLength(shipped(name).p1?.tasks['32GiB'] ?? 0);
  });
});

describe('pins', () => {
  const rows = table(solveP1(amd7532, '64GiB'));

  it('replace the CPUs of their own row only', () => {
    const pinned = solveP1(withP1({ pins: { '64GiB': [{ task: 2, cpus: [5, 4] }] } }), '64GiB');
    expect(table(pinned)).toEqual(rows.with(1, 'worker-2p1=5,4=0,1'));
  });

  it('change nothing where they repeat what is solved', () => {
    const pins = solveP1(amd7532, '64GiB').tasks.map(({ index, cpus, numaNodes }) => ({
      task: index,
      cpus: [...cpus],
      numaNodes: [...numaNodes],
    }));
    expect(solveP1(withP1({ pins: { '64GiB': pins } }), '64GiB')).toEqual(solveP1(amd7532, '64GiB'));
  });

  it('move the memory of a task, and every page stays accounted for', () => {
    const { tasks, nodes } = solveP1(withP1({ pins: { '64GiB': [{ task: 14, numaNodes: [0] }] } }), '64GiB');
    expect(tasks[13]?.pages).toEqual([{ node: 0, pages: 128 }]);
    for (const { id, pages } of nodes) {
      const taken = tasks.flatMap((task) => task.pages.filter(({ node }) => node === id));
      expect(taken.reduce((sum, part) => sum + part.pages, 0)).toBe(pages);
    }
  });

  it("take a producer's core first", () => {
    const { tasks } = solveP1(withP1({ pins: { '64GiB': [{ task: 8, cpus: [34, 31] }] } }), '64GiB');
    expect(tasks[6]?.cpus).toEqual([32, 33]);
  });

  it('let more tasks run than the solver has cores for', () => {
    const amd7371 = shipped('amd-7371');
    const p1: P1 = {
      tasks: { '32GiB': 15 },
      maxSealing: { '32GiB': 32 },
      pins: { '32GiB': [{ task: 15, cpus: [13, 15] }] },
    };
    const { tasks } = solveP1({ ...amd7371, p1 }, '32GiB');
    expect(tasks[14]?.cpus).toEqual([13, 15]);
    expect(tasks[13]?.cpus).toEqual([30, 31]);
  });

  it('set the CPUs of P2', () => {
    expect(solveP1(withP1({ p2Cpus: { '64GiB': [25, 27] } }), '64GiB').p2.cpus).toEqual([25, 27]);
  });
});

describe('refuses', () => {
  const refusal = (profile: Profile) => problemsOf(() => solveP1(profile, '64GiB'));

  it('a profile that is not for P1', () => {
    expect(refusal(shipped('intel-4216'))).toEqual([
      {
        kind: 'layout',
        what: 'profile intel-4216 is not for P1',
        why: 'it has no p1 section',
        next: [edit('give the host another profile, or add p1 with tasks and maxSealing to this one')],
      },
    ]);
  });

  it('a sector size that the profile does not name', () => {
    expect(problemsOf(() => solveP1(withP1({}), '32GiB'))).toMatchObject([
      {
        what: 'profile amd-7532 does not say how P1 runs with 32GiB sectors',
        why: 'p1.tasks has no 32GiB',
      },
    ]);
  });

  it('more pages than the memory has', () => {
    expect(refusal({ ...amd7532, memoryGiB: 1024 })).toEqual([
      {
        kind: 'layout',
        what: 'profile amd-7532: the P1 tasks need 1792 huge pages of 1 GiB, the machine can give 1008',
        why: "8 NUMA nodes of 128 GiB, of which the kernel's page map takes 1/64",
        next: [edit('lower p1.tasks for this sector size in the profile, or correct memoryGiB')],
      },
    ]);
  });

  it('more tasks than the cores can carry', () => {
    const many = withP1({ tasks: { '32GiB': 29 }, maxSealing: { '32GiB': 52 } });
    expect(problemsOf(() => solveP1(many, '32GiB'))).toEqual([
      {
        kind: 'layout',
        what: 'profile amd-7532: 29 P1 tasks cannot run on cores for 28',
        why: "a task takes two cores behind one L3 cache, and the GPU's node 3 is kept for P2",
        next: [
          edit(
            'lower p1.tasks for this sector size in the profile, or pin the cores of tasks by hand (p1.pins)',
          ),
        ],
      },
    ]);
  });

  it.each([
    [{ pins: { '64GiB': [{ task: 2, cpus: [1, 4] }] } }, 'P1 task 1 and P1 task 2 both own CPU 1'],
    [{ pins: { '64GiB': [{ task: 2, cpus: [26, 30] }] } }, 'P1 task 2 and P2 both own CPUs 26,30'],
    [{ p2Cpus: { '64GiB': [24, 32] } }, 'P1 task 7 and P2 both own CPU 32'],
    [{ pins: { '64GiB': [{ task: 15, cpus: [4, 5] }] } }, 'a pin names P1 task 15, but there are 14'],
    [
      {
        pins: {
          '64GiB': [
            { task: 2, cpus: [4, 5] },
            { task: 2, cpus: [6, 7] },
          ],
        },
      },
      'P1 task 2 is pinned 2 times',
    ],
    [
      { pins: { '64GiB': [{ task: 2, cpus: [4, 64] }] } },
      'P1 task 2 is pinned to CPU 64, which the machine does not have',
    ],
    [{ p2Cpus: { '64GiB': [99] } }, 'P2 is pinned to CPU 99, which the machine does not have'],
    [{ pins: { '64GiB': [{ task: 2, cpus: [4, 4] }] } }, 'P1 task 2 is pinned to CPU 4 more than once'],
    [{ pins: { '64GiB': [{ task: 2, numaNodes: [0, 8] }] } }, 'P1 task 2 is pinned to NUMA nodes 0,8'],
    [
      { pins: { '64GiB': [{ task: 2, numaNodes: [3] }] } },
      'the pinned NUMA nodes cannot hold the memory of their P1 tasks',
    ],
  ] satisfies [Partial<P1>, string][])('%j', (p1, what) => {
    const problems = refusal(withP1(p1));
    expect(problems.map((problem) => problem.what)).toEqual([`profile amd-7532: ${what}`]);
    expect(problems[0]?.next).toBeTruthy();
  });

  it('every bad pin at once', () => {
    const pins = [
      { task: 20, cpus: [1] },
      { task: 3, cpus: [100] },
    ];
    expect(refusal(withP1({ pins: { '64GiB': pins } }))).toHaveLength(2);
  });

  it('a machine without a GPU, or whose GPU is on no node or on the only one', () => {
    expect(refusal({ ...amd7532, gpus: [] })[0]?.what).toBe(
      'profile amd-7532 has no GPU, and P2 runs beside one',
    );
    expect(refusal({ ...amd7532, gpus: [{ numaNode: 8 }] })[0]).toMatchObject({
      what: 'profile amd-7532: the GPU is on NUMA node 8, and P1 needs a node besides it',
      why: 'the machine has nodes 0-7',
    });
    const single = {
      ...amd7532,
      gpus: [{ numaNode: 0 }],
      cpu: { ...amd7532.cpu, sockets: 1, numaNodesPerSocket: 1 },
    };
    expect(refusal(single)[0]?.why).toBe('the machine has node 0 only');
  });

  it('cores that do not divide', () => {
    const odd = { ...amd7532, cpu: { ...amd7532.cpu, numaNodesPerSocket: 3, l3GroupsPerSocket: 5 } };
    expect(refusal(odd).map(({ what }) => what)).toEqual([
      'profile amd-7532: 32 cores a socket do not divide into 3 (cpu.numaNodesPerSocket)',
      'profile amd-7532: 32 cores a socket do not divide into 5 (cpu.l3GroupsPerSocket)',
    ]);
  });
});
