import { expect, it } from 'vitest';
import { topologyOf } from '../../../src/layout/topology.ts';
import { shipped } from './shipped.ts';

it('numbers nodes along the sockets and cores along the nodes', () => {
  const { nodes, l3Caches } = topologyOf(shipped('amd-7532'));
  expect(nodes).toHaveLength(8);
  expect(nodes[5]).toEqual({
    id: 5,
    socket: 1,
    cpus: [40, 41, 42, 43, 44, 45, 46, 47],
    cores: [[40], [41], [42], [43], [44], [45], [46], [47]],
    l3Groups: [[40, 41], [42, 43], [44, 45], [46, 47]], // biome-ignore format: a table
    memoryGiB: 256,
  });
  expect(l3Caches).toHaveLength(32);
});

it('puts second threads after all cores, and shows them where the kernel does', () => {
  const { nodes, l3Caches, threadsPerCore } = topologyOf(shipped('intel-4216'));
  const range = (from: number) => Array.from({ length: 16 }, (_, index) => from + index);
  expect(threadsPerCore).toBe(2);
  expect(nodes[1]?.cpus).toEqual([...range(16), ...range(48)]);
  expect(nodes[1]?.cores[0]).toEqual([16, 48]);
  expect(nodes[1]?.l3Groups).toEqual([range(16)]);
  expect(l3Caches[1]).toEqual([...range(16), ...range(48)]);
});

it('divides a cache that spans two nodes between them', () => {
  const profile = shipped('intel-4216');
  const { nodes } = topologyOf({ ...profile, cpu: { ...profile.cpu, numaNodesPerSocket: 2 } });
  expect(nodes.map(({ l3Groups }) => l3Groups.map((group) => group.length))).toEqual([[8], [8], [8], [8]]);
});
