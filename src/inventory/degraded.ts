import type { Profile, SectorSize } from '../core/profile.ts';
import type { Overrides } from './overrides-file.ts';

/**
 * The profile of a machine that has less than its model: fewer P1 tasks, less memory, GPUs gone. All that follows from a
 * profile (layout, scripts, processes, huge pages, checks) follows from this one.
 */
export const degradedProfile = (
  profile: Profile,
  sectorSize: SectorSize,
  overrides: Overrides | undefined,
): Profile => {
  if (overrides === undefined) return profile;
  const { p1Tasks, withoutGpus = [] } = overrides;
  const nodes = nodesOf(profile, overrides);
  const { p1, c2 } = profile;
  const isLeft = (_: unknown, index: number) => !withoutGpus.includes(index + 1);
  const gpusLeft = c2?.gpus ? c2.gpus.filter(isLeft) : undefined;
  const workers = (gpusLeft ?? profile.gpus.filter(isLeft)).length;
  const pins = p1?.pins?.[sectorSize];
  return {
    ...profile,
    name: `${profile.name} with overrides`,
    base: profile.name,
    memoryGiB: memoryOf(profile, overrides),
    ...(nodes && { nodes: [...nodes] }),
    gpus: profile.gpus.filter(isLeft),
    ...(p1 && {
      p1: {
        ...p1,
        ...(p1Tasks !== undefined && { tasks: { ...p1.tasks, [sectorSize]: p1Tasks } }),
        ...(p1Tasks !== undefined &&
          pins && { pins: { ...p1.pins, [sectorSize]: pins.filter(({ task }) => task <= p1Tasks) } }),
      },
    }),
    ...(c2 && {
      c2: {
        ...c2,
        ...(gpusLeft && { gpus: gpusLeft }),
        ...(c2.pins && { pins: c2.pins.filter(({ worker }) => worker <= workers) }),
      },
    }),
  };
};

/** GiB of each NUMA node as the profile has them. */
export const nodeMemory = ({ nodes, cpu, memoryGiB }: Profile): readonly number[] => {
  if (nodes) return nodes.map((node) => node.memoryGiB);
  const count = cpu.sockets * cpu.numaNodesPerSocket;
  return Array.from({ length: count }, () => Math.floor(memoryGiB / count));
};

/** Memory that is left: what is stated, else the profile's without what its nodes lack. */
const memoryOf = (profile: Profile, { memoryGiB, nodes = {} }: Overrides): number =>
  memoryGiB ?? memoryWithout(profile, nodes);

/** Memory of a profile without what its nodes lack. */
export const memoryWithout = (profile: Profile, nodes: NonNullable<Overrides['nodes']>): number => {
  const all = nodeMemory(profile);
  return Object.entries(nodes).reduce(
    (sum, [node, left]) => sum - Math.max(0, (all[Number(node)] ?? left) - left),
    profile.memoryGiB,
  );
};

/** The nodes where one of them lacks something; undefined: as the profile has them. */
const nodesOf = (profile: Profile, { nodes }: Overrides): Profile['nodes'] => {
  if (nodes === undefined) return profile.nodes;
  const cores = profile.nodes;
  return nodeMemory(profile).map((memoryGiB, index) => ({
    ...cores?.[index],
    memoryGiB: nodes[String(index)] ?? memoryGiB,
  }));
};
