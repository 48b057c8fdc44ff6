import { describe, expect, it } from 'vitest';
import { edit } from '../../../src/core/next.ts';
import type { Profile } from '../../../src/core/profile.ts';
import { solveC2 } from '../../../src/layout/c2.ts';
import type { C2Layout } from '../../../src/layout/types.ts';
import { problemsOf, shipped } from './shipped.ts';

/** Workers in the handbook's own notation (2.3.4.3). */
const table = (layout: C2Layout): string[] =>
  layout.workers.map(({ index, cpus, port }) => `worker-${index}c2=${cpus.join(',')}=${port}`);

const intel4216 = shipped('intel-4216');
const amd7371 = shipped('amd-7371');

it("gives the handbook's rows for dual 4216, each CPU once", () => {
  expect(table(solveC2(intel4216))).toEqual([
    'worker-1c2=8,9,40,41,0,1,2,3,4,5,32,33,34,35,36,37=20010',
    'worker-2c2=10,11,42,43,6,7,16,17,18,19,38,39,48,49,50,51=20020',
    'worker-3c2=12,13,44,45,20,21,22,23,24,25,52,53,54,55,56,57=20030',
    'worker-4c2=14,15,46,47,26,27,28,29,30,31,58,59,60,61,62,63=20040',
  ]);
});

it('numbers the GPUs as the machine does and says what feeds each', () => {
  const { workers } = solveC2(intel4216);
  expect(workers.map(({ gpu, gpuNode }) => [gpu, gpuNode])).toEqual([[0, 0], [1, 0], [2, 0], [3, 0]]); // biome-ignore format: a table
  expect(workers[0]?.feedingCpus).toEqual([8, 9, 40, 41]);
});

it('keeps the share of each GPU near it where they are on different nodes', () => {
  expect(table(solveC2(amd7371))).toEqual([
    'worker-1c2=6,7,0,1,2,3,4,5=20010',
    'worker-2c2=14,15,8,9,10,11,12,13=20020',
    'worker-3c2=22,23,16,17,18,19,20,21=20030',
    'worker-4c2=30,31,24,25,26,27,28,29=20040',
  ]);
});

it('also where PCI order is not node order', () => {
  const gpus = [{ numaNode: 7 }, { numaNode: 3 }];
  expect(
    table(solveC2({ ...amd7371, c2: { feedingCores: 2, gpus } })).map((row) => row.slice(0, 24)),
  ).toEqual(['worker-1c2=30,31,16,17,1', 'worker-2c2=14,15,0,1,2,3']);
});

it("uses the machine's GPUs where C2 names none, and hands out cores that do not divide", () => {
  const { workers } = solveC2({ ...intel4216, gpus: [{ numaNode: 0 }, { numaNode: 0 }, { numaNode: 1 }] });
  expect(workers.map(({ cpus }) => cpus.length)).toEqual([22, 22, 20]);
  expect(workers.flatMap(({ cpus }) => cpus).toSorted((a, b) => a - b)).toEqual([...Array(64).keys()]);
});

it('takes pinned rows as they are', () => {
  const pins = [{ worker: 2, cpus: [11, 10] }];
  const rows = table(solveC2(intel4216));
  expect(table(solveC2({ ...intel4216, c2: { feedingCores: 2, pins } }))).toEqual(
    rows.with(1, 'worker-2c2=11,10=20020'),
  );
});

describe('refuses', () => {
  const withC2 = (c2: NonNullable<Profile['c2']>): Profile => ({ ...intel4216, c2 });
  const whats = (profile: Profile) => problemsOf(() => solveC2(profile)).map(({ what }) => what);

  it('a profile that is not for C2', () => {
    expect(problemsOf(() => solveC2(shipped('amd-7532')))).toEqual([
      {
        kind: 'layout',
        what: 'profile amd-7532 is not for C2',
        why: 'it has no c2 section',
        next: [edit('give the host another profile, or add c2 with feedingCores to this one')],
      },
    ]);
  });

  it.each([
    [
      { feedingCores: 2, pins: [{ worker: 1, cpus: [8, 10] }] },
      'C2 worker 1 and C2 worker 2 both own CPU 10',
    ],
    [{ feedingCores: 2, pins: [{ worker: 5, cpus: [8] }] }, 'a pin names C2 worker 5, but there are 4'],
    [
      { feedingCores: 2, pins: [{ worker: 1, cpus: [64] }] },
      'C2 worker 1 is pinned to CPU 64, which the machine does not have',
    ],
    [{ feedingCores: 5 }, 'node 0 has 16 cores, too few to feed its GPUs'],
    [
      { feedingCores: 2, gpus: [{ numaNode: 2 }] },
      'a GPU is on NUMA node 2, which the machine does not have',
    ],
  ] satisfies [NonNullable<Profile['c2']>, string][])('%j', (c2, what) => {
    expect(whats(withC2(c2))).toEqual([`profile intel-4216: ${what}`]);
  });

  it('a machine without a GPU', () => {
    expect(whats({ ...intel4216, gpus: [] })).toEqual([
      'profile intel-4216 has no GPU, and C2 runs one worker a GPU',
    ]);
  });
});
