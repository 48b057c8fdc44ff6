import type { Facts } from '../../core/facts.ts';

/**
 * Two machines that differ in everything: what is the same whichever of them stands in for one that nobody knows does not
 * follow from what it is.
 */
export const STAND_INS: readonly [Facts, Facts] = [machine(7), machine(11)];

function machine(size: number): Facts {
  const cpus = Array.from({ length: size }, (_, index) => index);
  const memoryKib = size * 1024 * 1024;
  return {
    hostname: `stand-in-${size}`,
    os: { id: `stand-in-${size}`, version: `${size}` },
    kernel: `0.${size}`,
    bootId: `${size}`,
    kernelArguments: [],
    systemd: true,
    cpu: {
      ...{ vendor: 'other', model: `stand-in ${size}` },
      ...{ count: size, sockets: 1, coresPerSocket: size, threadsPerCore: 1 },
    },
    memoryKib,
    numaNodes: [{ id: 0, cpus, memoryKib }],
    l3Groups: [cpus],
    // More than any role uses.
    gpus: Array.from({ length: 16 }, (_, index) => ({
      address: `0000:${(size * 16 + index).toString(16).padStart(2, '0')}:00.0`,
      busId: size * 16 + index,
      numaNode: 0,
    })),
    disks: [{ name: `stand-in-${size}`, bytes: memoryKib, rotational: false }],
  };
}
