import { describe, expect, it } from 'vitest';
import type { Facts } from '../../../src/core/facts.ts';
import { edit } from '../../../src/core/next.ts';
import { MiB } from '../../../src/core/units.ts';
import { c2Gpus, solveC2 } from '../../../src/layout/c2.ts';
import { compareTopology } from '../../../src/layout/compare.ts';
import { solveP1 } from '../../../src/layout/p1.ts';
import { factsFor, shipped, shippedNames } from './shipped.ts';

const profile = shipped('amd-7532');
const layout = solveP1(profile, '64GiB');
const good = factsFor(profile);
const whats = (facts: Facts) => compareTopology(profile, facts, layout).map(({ what }) => what);

it.each(shippedNames)('finds nothing on a machine that is as %s says', (name) => {
  const model = shipped(name);
  if (model.p1) expect(compareTopology(model, factsFor(model), solveP1(model, '64GiB'))).toEqual([]);
  if (model.c2) expect(compareTopology(model, factsFor(model, c2Gpus(model)), solveC2(model))).toEqual([]);
});

it('takes what the machine does not tell for no difference', () => {
  const gpus = good.gpus.map((gpu) => ({ ...gpu, numaNode: -1 }));
  expect(whats({ ...good, gpus, l3Groups: [] })).toEqual([]);
});

describe('shows both sides of', () => {
  it('hyper-threading, and not the CPU lists that differ with it', () => {
    const smt = factsFor({ ...profile, cpu: { ...profile.cpu, threadsPerCore: 2 } });
    expect(compareTopology(profile, smt, layout)).toEqual([
      {
        kind: 'layout',
        what: 'hyper-threading: on (2 threads a core) on the machine, off in profile amd-7532',
        next: [edit('switch hyper-threading (SMT) off in the firmware and reboot')],
      },
    ]);
  });

  it('the NUMA setting', () => {
    const nps1 = factsFor(
      { ...profile, gpus: [], cpu: { ...profile.cpu, numaNodesPerSocket: 1 } },
      profile.gpus,
    );
    expect(compareTopology(profile, nps1, layout)).toEqual([
      {
        kind: 'layout',
        what: 'NUMA nodes: the machine has 2, profile amd-7532 says 8',
        next: [
          edit('set NUMA nodes per socket (NPS) to 4 in the firmware and reboot, or correct the profile'),
        ],
      },
    ]);
  });

  it.each([
    [
      'CPU model: the machine has "AMD EPYC 7542", profile amd-7532 says "EPYC 7532"',
      { model: 'AMD EPYC 7542' },
    ],
    ['CPU sockets: the machine has 1, profile amd-7532 says 2', { sockets: 1 }],
    ['cores a socket: the machine has 24, profile amd-7532 says 32', { coresPerSocket: 24 }],
    ['CPUs: the machine has 60, profile amd-7532 says 64', { count: 60 }],
  ])('%s', (what, cpu) => {
    expect(whats({ ...good, cpu: { ...good.cpu, ...cpu } })).toEqual([what]);
  });

  it('the CPUs of a node', () => {
    const numaNodes = good.numaNodes.map((node) => (node.id === 1 ? { ...node, cpus: [9, 8, 11] } : node));
    expect(whats({ ...good, numaNodes })).toEqual([
      'CPUs of NUMA node 1: the machine has 8-9,11, profile amd-7532 says 8-15',
    ]);
  });

  it('L3 caches, by number or by the first that differs', () => {
    expect(whats({ ...good, l3Groups: good.l3Groups.slice(1) })).toEqual([
      'L3 caches: the machine has 31, profile amd-7532 says 32',
    ]);
    const shifted = good.l3Groups.map((_, index) => [index, index + 32]);
    expect(whats({ ...good, l3Groups: shifted })).toEqual([
      'CPUs behind the L3 cache of CPU 0: the machine has 0,32, profile amd-7532 says 0-1',
    ]);
  });

  it('memory, of the machine and of a node', () => {
    expect(whats({ ...good, memoryKib: 1500 * MiB })).toEqual([
      'memory: the machine has 1500.0 GiB, profile amd-7532 says 2048 GiB',
    ]);
    const numaNodes = good.numaNodes.map((node) =>
      node.id === 2 ? { ...node, memoryKib: 190 * MiB } : node,
    );
    expect(whats({ ...good, numaNodes })).toEqual([
      'memory of NUMA node 2: the machine has 190.0 GiB, the huge pages of profile amd-7532 take 252 GiB',
    ]);
  });

  it('GPUs: number, node and bus id', () => {
    expect(whats({ ...good, gpus: [] })).toEqual(['NVIDIA GPUs: the machine has 0, profile amd-7532 says 1']);
    const gpus = good.gpus.map((gpu) => ({ ...gpu, numaNode: 5 }));
    expect(whats({ ...good, gpus })).toEqual([
      'NUMA node of GPU 1 (0000:21:00.0): the machine has 5, profile amd-7532 says 3',
    ]);
    const known = { ...profile, gpus: [{ numaNode: 3, busId: 34 }] };
    expect(compareTopology(known, good, layout).map(({ what }) => what)).toEqual([
      'bus id of GPU 1 (0000:21:00.0): the machine has 33, profile amd-7532 says 34',
    ]);
  });
});
