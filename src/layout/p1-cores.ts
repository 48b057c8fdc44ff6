import { edit } from '../core/next.ts';
import { FcopsError } from '../core/problem.ts';
import { inProfile, type Profile, type SectorSize } from '../core/profile.ts';
import { count } from '../core/units.ts';
import { coresOf } from './topology.ts';
import type { NodePages, TopologyNode } from './types.ts';

/** Cores of one P1 task: one computes the layers, one produces (FIL_PROOFS_MULTICORE_SDR_PRODUCERS=1). */
const CORES_PER_TASK = 2;

/** Where a P1 task runs. */
export interface Seat {
  readonly node: number;
  readonly cpus: readonly number[];
}

/**
 * Cores for P1 tasks on a node, best first: two cores behind one L3 cache, and every cache once before one is
 * shared by two tasks.
 */
export const seatsOf = (node: TopologyNode): Seat[] => {
  const pairs = node.l3Groups.map((group) =>
    Array.from({ length: Math.floor(group.length / CORES_PER_TASK) }, (_, index) =>
      group.slice(index * CORES_PER_TASK, (index + 1) * CORES_PER_TASK),
    ),
  );
  const rounds = Math.max(0, ...pairs.map((group) => group.length));
  return Array.from({ length: rounds }, (_, round) => round).flatMap((round) =>
    pairs.flatMap((group) => group.slice(round, round + 1)).map((cpus) => ({ node: node.id, cpus })),
  );
};

/**
 * The seat of each task, in order: on the node that holds the most of its memory, else on the nearest with a
 * free seat; never on the GPU's node, which P2 has, unless it is the only one. A task in `pinned` (numbers from 1) keeps its seat free
 * where there is one, so that pinning a row moves no other. Throws where the cores do not suffice.
 */
export const seatTasks = (
  profile: Profile,
  sectorSize: SectorSize,
  nodes: readonly TopologyNode[],
  { gpuNode, p2Cpus }: { readonly gpuNode: number; readonly p2Cpus: readonly number[] },
  memory: readonly (readonly NodePages[])[],
  pinned: readonly number[],
): (Seat | undefined)[] => {
  const own = nodes.length > 1 ? nodes.filter((node) => node.id !== gpuNode) : nodes;
  const isFree = ({ cpus }: Seat) => nodes.length > 1 || !cpus.some((cpu) => p2Cpus.includes(cpu));
  const free = new Map(own.map((node) => [node.id, seatsOf(node).filter(isFree)]));
  const seats = [...free.values()].flat().length;
  const needed = memory.length - pinned.length;
  if (needed > seats) {
    throw new FcopsError({
      kind: 'layout',
      what: `profile ${profile.name}: ${count(needed, 'P1 task')} cannot run on cores for ${seats}`,
      ...inProfile(profile, 'p1', 'tasks', sectorSize),
      why: `a task takes two cores behind one L3 cache, and the GPU's node ${gpuNode} is kept for P2`,
      next: [
        edit(
          'lower p1.tasks for this sector size in the profile, or pin the cores of tasks by hand (p1.pins)',
        ),
      ],
    });
  }
  return memory.map((pages, index) => {
    const isPinned = pinned.includes(index + 1);
    if (isPinned && memory.length > seats) return undefined;
    const node = nearestFree(free, pages);
    return node === undefined ? undefined : free.get(node)?.shift();
  });
};

/** The node with a free seat that holds the most of `pages`; where none does, the nearest to their first node. */
const nearestFree = (
  free: ReadonlyMap<number, readonly Seat[]>,
  pages: readonly NodePages[],
): number | undefined => {
  const held = (node: number) => pages.find((part) => part.node === node)?.pages ?? 0;
  const home = pages[0]?.node ?? 0;
  const distance = (node: number) => Math.abs(node - home);
  const candidates = [...free].filter(([, seats]) => seats.length > 0).map(([node]) => node);
  return candidates.sort((a, b) => held(b) - held(a) || distance(a) - distance(b) || a - b)[0];
};

/**
 * The core that a task takes besides its seat: where its memory begins on a node before its cores' own, that
 * node's last core produces beside it (31, 39, 47 and 55 in the handbook's table), unless something owns it.
 */
export const producerOf = (
  nodes: readonly TopologyNode[],
  seat: Seat,
  pages: readonly NodePages[],
  owned: ReadonlySet<number>,
): number | undefined => {
  const begin = nodes.find((node) => node.id === pages[0]?.node);
  if (begin === undefined || begin.id >= seat.node) return undefined;
  const last = coresOf(begin).at(-1);
  return last === undefined || owned.has(last) ? undefined : last;
};
