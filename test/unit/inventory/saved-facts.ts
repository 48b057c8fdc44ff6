import type { Facts } from '../../../src/core/facts.ts';

/** Facts of a machine as they are saved. */
export const savedFacts: Facts = {
  hostname: 'f0494733-p1-192.168.10.50',
  os: { id: 'ubuntu', version: '18.04' },
  kernel: '4.15.0-156-generic',
  bootId: '1ab8d8ea-0000-4000-8000-000000000000',
  kernelArguments: [],
  systemd: true,
  cpu: {
    vendor: 'amd',
    model: 'AMD EPYC 7532',
    count: 64,
    sockets: 2,
    coresPerSocket: 32,
    threadsPerCore: 1,
  },
  memoryKib: 2_113_000_000,
  numaNodes: [],
  l3Groups: [],
  gpus: [{ address: '0000:21:00.0', busId: 33, numaNode: 3 }],
  disks: [],
};
