import { describe, expect, it } from 'vitest';
import { solveC2 } from '../../../src/layout/c2.ts';
import { compareTopology } from '../../../src/layout/compare.ts';
import { solveP1 } from '../../../src/layout/p1.ts';
import {
  overProblem,
  overridesMessage,
  overridesStatus,
  overridesTasks,
} from '../../../src/ops/overrides.ts';
import { gpuBusIds, usableGpus } from '../../../src/roles/gpus.ts';
import { gpusWanted, memoryWanted, pagesWanted } from '../../../src/roles/machine-wanted.ts';
import { clusterFile, clusterOf } from '../inventory/support.ts';

const WHY = { until: '2026-12-01', reason: 'module P2-DIMMC1 is gone' };
const hostOf = (roles: readonly string[], profile: string, overrides: object) => {
  const [host] = clusterOf(
    clusterFile({
      hosts: [{ name: 'h', address: '192.168.10.50', roles, profile, overrides: { ...overrides, ...WHY } }],
    }),
  ).hosts;
  if (!host) throw new Error('no host');
  return host;
};
const at = (text: string) => new Date(`${text}T12:00:00`);

describe('a degraded machine', () => {
  it('has the layout, pages and processes of what is left', () => {
    const host = hostOf(['p1'], 'amd-7532', { p1Tasks: 12, nodes: { 5: 192 } });
    const { tasks, nodes, totalPages } = solveP1(host.profile, '64GiB');
    expect(tasks).toHaveLength(12);
    expect(totalPages).toBe(12 * 128);
    expect(nodes.map(({ pages }) => pages).reduce((sum, pages) => sum + pages, 0)).toBe(1536);
    // Its page map takes 3 of the 192.
    expect(nodes[5]?.pages).toBeLessThanOrEqual(189);
    expect(host.profile).toMatchObject({
      name: 'amd-7532 with overrides',
      base: 'amd-7532',
      memoryGiB: 2048 - 64,
    });
    expect(pagesWanted({ sectorSize: '64GiB' }, host, ['p1'])).toEqual(nodes.map(({ pages }) => pages));
    expect(memoryWanted({ sectorSize: '64GiB' }, host, ['p1'])).toBe(1984);
  });

  it('leaves the profile of other hosts and other sector sizes as they are', () => {
    const host = hostOf(['p1'], 'amd-7532', { p1Tasks: 12 });
    expect(host.profile.p1?.tasks).toMatchObject({ '64GiB': 12, '32GiB': expect.any(Number) });
    const [sound] = clusterOf(clusterFile()).hosts;
    expect(sound?.profile.p1?.tasks['64GiB']).toBe(14);
    expect(sound?.overrides).toBeUndefined();
  });

  it('without a GPU has a worker less, and knows a dead one that is still on the bus', () => {
    const host = hostOf(['c2'], 'intel-4216', { withoutGpus: [2] });
    expect(solveC2(host.profile).workers).toHaveLength(3);
    expect(gpusWanted({ sectorSize: '64GiB' }, host, ['c2'])).toBe(3);
    const gpu = (address: string, busId: number, numaNode: number) => ({ address, busId, numaNode });
    const all = [gpu('a', 24, 0), gpu('b', 59, 0), gpu('c', 134, 1), gpu('d', 175, 1)];
    const left = all.filter(({ address }) => address !== 'b');
    expect(usableGpus(host, all)).toEqual(left);
    expect(usableGpus(host, left)).toEqual(left);
    // One more is missing: which one nobody can tell, and none is taken away.
    expect(usableGpus(host, left.slice(1))).toHaveLength(2);
    const ids = gpuBusIds(host, 3);
    if (typeof ids !== 'function') throw new Error('they follow from the machine');
    expect(ids({ gpus: all } as never)).toEqual([24, 134, 175]);
  });

  it('is compared with what is left, and with nothing less', () => {
    const host = hostOf(['p1'], 'amd-7532', { p1Tasks: 12, nodes: { 5: 192 } });
    const layout = solveP1(host.profile, '64GiB');
    const memory = (total: number, fifth: number) =>
      compareTopology(
        host.profile,
        {
          memoryKib: total * 1024 * 1024,
          numaNodes: layout.nodes.map(({ id, cpus }) => ({
            id,
            cpus,
            memoryKib: (id === 5 ? fifth : 252) * 1024 * 1024,
          })),
          cpu: {
            vendor: 'amd',
            model: 'AMD EPYC 7532 32-Core',
            count: 64,
            sockets: 2,
            coresPerSocket: 32,
            threadsPerCore: 1,
          },
          l3Groups: [],
          gpus: [{ address: '0000:21:00.0', busId: 33, numaNode: 3 }],
        } as never,
        layout,
      ).map(({ what }) => what);
    expect(memory(1950, 189)).toEqual([]);
    expect(memory(1800, 189)).toEqual([
      'memory: the machine has 1800.0 GiB, profile amd-7532 with overrides says 1984 GiB',
    ]);
    expect(memory(1950, 120)).toEqual([
      expect.stringMatching(/^memory of NUMA node 5: the machine has 120\.0 GiB/),
    ]);
  });
});

describe('the day of overrides', () => {
  const host = hostOf(['p1'], 'amd-7532', { p1Tasks: 12 });

  it.each([
    ['2026-11-30', false],
    ['2026-12-01', false],
    ['2026-12-02', true],
    ['2027-01-01', true],
  ])('on %s it is over: %s', (day, isOver) => {
    expect(overridesStatus(host, at(day))).toMatchObject({ isOver, what: '12 P1 tasks' });
    expect(overProblem(host, at(day)) !== null).toBe(isOver);
  });

  it('is a warning of every plan until then, and stops the host from then on', () => {
    const found = (day: string) =>
      overridesTasks(host, at(day)).flatMap(({ resources }) =>
        resources.map((one) => one.diff({ facts: {}, answer: new Map() } as never, {} as never)),
      );
    expect(found('2026-12-01')).toEqual([
      {
        state: 'violated',
        violation: {
          severity: 'warn',
          message: 'it runs with less (12 P1 tasks) until 2026-12-01: module P2-DIMMC1 is gone',
        },
      },
    ]);
    expect(found('2026-12-02')).toMatchObject([{ state: 'violated', violation: { severity: 'enforce' } }]);
    expect(overridesTasks({ name: 'h' }, at('2026-12-02'))).toEqual([]);
  });

  it('is told with its place in the file', () => {
    const problem = overProblem(host, at('2026-12-02'));
    expect(problem?.what).toBe(
      'its overrides (12 P1 tasks) were good until 2026-12-01, and are over: module P2-DIMMC1 is gone',
    );
    expect(problem?.where).toMatchObject({
      host: 'h',
      file: 'inventories/f0494733.yaml',
      line: expect.any(Number),
    });
  });

  it('says all that is less', () => {
    const less = hostOf(['c2'], 'intel-4216', { withoutGpus: [2, 3], memoryGiB: 100 });
    const status = overridesStatus(less, at('2026-12-01'));
    expect(status && overridesMessage(status)).toBe(
      'it runs with less (100 GiB of memory, without GPUs 2, 3) until 2026-12-01: module P2-DIMMC1 is gone',
    );
  });
});
