import { edit } from '../core/next.ts';
import { FcopsError } from '../core/problem.ts';
import { inProfile, type P1Pin, type Profile, type SectorSize } from '../core/profile.ts';
import { count } from '../core/units.ts';
import type { NodePages, TopologyNode } from './types.ts';

/** Memory of one P1 task in GiB, which is its number of 1 GiB huge pages (handbook 2.2.5.1). */
export const P1_MEMORY_GIB: Readonly<Record<SectorSize, number>> = { '32GiB': 64, '64GiB': 128 };

/**
 * The most 1 GiB pages that a node can give: the kernel's page map takes 64 of every 4096 bytes first. That
 * makes the handbook's 252 pages of a node with 256 GiB.
 */
export const pageLimit = (node: TopologyNode): number => node.memoryGiB - Math.ceil(node.memoryGiB / 64);

/**
 * Pages of each node, in node order: an equal share for every node but the GPU's, which takes the rest
 * (handbook 2.2.5.1), if it can. Throws where a node would have to give more than it has.
 */
export const sharePages = (
  profile: Profile,
  nodes: readonly TopologyNode[],
  gpuNode: number,
  totalPages: number,
  sectorSize: SectorSize,
): number[] => {
  const others = nodes.filter((node) => node.id !== gpuNode);
  const gpuLimit = Math.max(0, ...nodes.filter((node) => node.id === gpuNode).map(pageLimit));
  const share = Math.min(Math.floor(totalPages / others.length), ...others.map(pageLimit));
  const rest = totalPages - share * others.length;
  // On very small nodes even what the division leaves over may be too much for the GPU's node.
  const extra = Math.max(0, rest - gpuLimit);
  const pages = nodes.map((node) =>
    node.id === gpuNode ? rest - extra : share + evenPart(extra, others.length, others.indexOf(node)),
  );
  if (nodes.some((node, index) => (pages[index] ?? 0) > pageLimit(node))) {
    const available = nodes.reduce((sum, node) => sum + pageLimit(node), 0);
    throw new FcopsError({
      kind: 'layout',
      what: `profile ${profile.name}: the P1 tasks need ${count(totalPages, 'huge page')} of 1 GiB, the machine can give ${available}`,
      ...inProfile(profile, 'p1', 'tasks', sectorSize),
      why: `${nodes.length} NUMA nodes of ${nodes[0]?.memoryGiB ?? 0} GiB, of which the kernel's page map takes 1/64`,
      next: [edit('lower p1.tasks for this sector size in the profile, or correct memoryGiB')],
    });
  }
  return pages;
};

/** Part `index` of `total` in `parts` whole parts that differ by one at most, the larger first. */
const evenPart = (total: number, parts: number, index: number): number =>
  Math.floor(total / parts) + (index < total % parts ? 1 : 0);

/**
 * The pages of each task, from 1 on: along the nodes in order, but for tasks whose nodes are pinned. `perNode`
 * holds as many pages as the tasks take together. Throws where pinned nodes have too few left.
 */
export const takePages = (
  profile: Profile,
  perNode: readonly number[],
  taskCount: number,
  pagesPerTask: number,
  pins: readonly P1Pin[],
  sectorSize: SectorSize,
): NodePages[][] => {
  const pinned = pins.filter((pin) => pin.numaNodes !== undefined).map((pin) => pin.task);
  const inOrder = Array.from({ length: taskCount }, (_, index) => index + 1);
  // In order first, so that a pin that repeats what is solved changes nothing; a pin to a node that earlier
  // tasks would use up is served before them.
  const pinnedFirst = [...pinned, ...inOrder.filter((task) => !pinned.includes(task))];
  const nodesOf = (task: number) =>
    pins.find((pin) => pin.task === task && pin.numaNodes)?.numaNodes ?? perNode.map((_, node) => node);
  for (const order of [inOrder, pinnedFirst]) {
    const taken = takeInOrder(perNode, order, pagesPerTask, nodesOf, pinned);
    if (taken) return taken;
  }
  const wishes = pins.flatMap(({ task, numaNodes }) =>
    numaNodes ? [`task ${task} is pinned to ${numaNodes.join(',')}`] : [],
  );
  throw new FcopsError({
    kind: 'layout',
    what: `profile ${profile.name}: the pinned NUMA nodes cannot hold the memory of their P1 tasks`,
    ...inProfile(profile, 'p1', 'pins', sectorSize),
    why: `${wishes.join('; ')}; a task takes ${count(pagesPerTask, 'page')}, some on each node it names, and the nodes have ${perNode.join(', ')}`,
    next: [edit('pin fewer tasks to the same node (numaNodes in p1.pins)')],
  });
};

const takeInOrder = (
  perNode: readonly number[],
  order: readonly number[],
  pagesPerTask: number,
  nodesOf: (task: number) => readonly number[],
  pinned: readonly number[],
): NodePages[][] | undefined => {
  const left = [...perNode];
  const taken = new Map<number, NodePages[]>();
  for (const task of order) {
    const nodes = nodesOf(task);
    let missing = pagesPerTask;
    const pages: NodePages[] = [];
    for (const [index, node] of nodes.entries()) {
      // A pinned task takes at least one page from each node that it names.
      const kept = pinned.includes(task) ? nodes.length - 1 - index : 0;
      const part = Math.min(left[node] ?? 0, missing - kept);
      if (part <= 0) continue;
      pages.push({ node, pages: part });
      left[node] = (left[node] ?? 0) - part;
      missing -= part;
    }
    if (missing > 0 || (pinned.includes(task) && pages.length < nodes.length)) return undefined;
    taken.set(task, pages);
  }
  return [...taken.entries()].sort(([a], [b]) => a - b).map(([, pages]) => pages);
};
