import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Facts } from '../../../src/core/facts.ts';
import { FcopsError, type Problem } from '../../../src/core/problem.ts';
import { type Profile, profileSchema } from '../../../src/core/profile.ts';
import { MiB } from '../../../src/core/units.ts';
import { topologyOf } from '../../../src/layout/topology.ts';

const folder = new URL('../../../profiles/', import.meta.url);

export const shippedNames = readdirSync(folder).map((file) => file.replace(/\.yaml$/, ''));

/** A profile that the repository ships. */
export const shipped = (name: string): Profile => ({
  name,
  ...profileSchema.parse(parse(readFileSync(new URL(`${name}.yaml`, folder), 'utf8'))),
});

/** The facts of a machine that is exactly as its profile says. */
export const factsFor = (profile: Profile, gpus = profile.gpus): Facts => {
  const { nodes, l3Caches } = topologyOf(profile);
  const { vendor, model, sockets, coresPerSocket, threadsPerCore } = profile.cpu;
  return {
    hostname: 'host',
    os: { id: 'ubuntu', version: '18.04' },
    kernel: '4.15.0-213-generic',
    bootId: 'boot',
    kernelArguments: [],
    systemd: true,
    cpu: {
      vendor,
      model: `${vendor.toUpperCase()} ${model} Processor`,
      count: sockets * coresPerSocket * threadsPerCore,
      sockets,
      coresPerSocket,
      threadsPerCore,
    },
    // What the kernel leaves of the memory in the slots.
    memoryKib: Math.floor(profile.memoryGiB * MiB * 0.983),
    numaNodes: nodes.map(({ id, cpus, memoryGiB }) => ({
      id,
      cpus: [...cpus],
      memoryKib: Math.floor(memoryGiB * MiB * 0.983),
    })),
    l3Groups: l3Caches.map((cpus) => [...cpus]),
    gpus: gpus.map(({ numaNode }, index) => ({
      address: `0000:${(33 + index).toString(16)}:00.0`,
      busId: 33 + index,
      numaNode,
    })),
    disks: [],
  };
};

/** The problems that `run` is refused with. */
export const problemsOf = (run: () => unknown): readonly Problem[] => {
  try {
    run();
  } catch (error) {
    if (error instanceof FcopsError) return error.problems;
    throw error;
  }
  throw new Error('was not refused');
};
