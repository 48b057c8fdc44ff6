/** @module-tag needs-namespaces */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { file } from '../../../src/resources/file/file.ts';
import { dual4216, dual7532, HUGEPAGE_BOOT } from '../../support/hardware.ts';
import type { SimulatedHosts } from '../../support/simulated-hosts.ts';
import { startSimulatedHosts } from '../../support/simulated-hosts.ts';
import { look } from './support.ts';

let hosts: SimulatedHosts;
beforeAll(async () => {
  hosts = await startSimulatedHosts({
    hosts: [
      { name: 'p1', os: 'ubuntu', hardware: dual7532({ kernelArguments: HUGEPAGE_BOOT }) },
      { name: 'c2', os: 'centos', hardware: dual4216() },
      { name: 'plain' },
    ],
  });
});
afterAll(() => hosts?.stop());

const factsOf = async (index: number) => {
  const host = hosts.hosts[index];
  if (!host) throw new Error('no such host');
  return (await look(host, [file({ path: '/etc/x', content: [] })])).facts;
};

it('of a dual 7532 come with the look at its resources', async () => {
  const facts = await factsOf(0);
  expect(facts).toMatchObject({
    hostname: 'p1',
    os: { id: 'ubuntu', version: '18.04' },
    systemd: true,
    cpu: { vendor: 'amd', count: 64, sockets: 2, coresPerSocket: 32, threadsPerCore: 1 },
  });
  expect(facts.cpu.model).toContain('EPYC 7532');
  expect(facts.kernelArguments).toContain('default_hugepagesz=1G');
  expect(facts.numaNodes.map(({ id, cpus }) => [id, cpus[0], cpus.length])).toEqual(
    Array.from({ length: 8 }, (_, node) => [node, node * 8, 8]),
  );
  expect(facts.l3Groups).toEqual(Array.from({ length: 32 }, (_, group) => [group * 2, group * 2 + 1]));
  expect(facts.gpus.map(({ numaNode }) => numaNode)).toEqual([3]);
  expect(facts.disks.length).toBeGreaterThan(0);
});

it('of a dual 4216 have its hyper-threads and its GPUs in the order of lspci', async () => {
  const host = hosts.hosts[1];
  const facts = await factsOf(1);
  expect(facts.cpu).toMatchObject({
    vendor: 'intel',
    count: 64,
    sockets: 2,
    coresPerSocket: 16,
    threadsPerCore: 2,
  });
  expect(facts.l3Groups.map((group) => group.length)).toEqual([32, 32]);
  // Handbook 2.3.4.3.
  const listed = await host?.sh(`lspci | awk '/VGA.*Corporation/{print strtonum("0x"$1)}' | grep . || lspci`);
  const buses = dual4216()
    .gpus.filter(({ vendor }) => vendor === '0x10de')
    .map(({ address }) => Number.parseInt(address.slice(5, 7), 16));
  expect(facts.gpus.map(({ busId }) => busId)).toEqual(buses);
  expect(listed).toBeTruthy();
});

it('of this machine, whatever it is, are complete', async () => {
  const facts = await factsOf(2);
  expect(facts.cpu.count).toBe(facts.numaNodes.flatMap(({ cpus }) => cpus).length);
  expect(facts.l3Groups.flat().sort((a, b) => a - b)).toEqual(
    facts.numaNodes.flatMap(({ cpus }) => cpus).sort((a, b) => a - b),
  );
  expect(facts.bootId).toMatch(/^[0-9a-f-]{36}$/);
});
