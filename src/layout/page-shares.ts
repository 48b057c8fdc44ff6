import { edit } from '../core/next.ts';
import { FcopsError } from '../core/problem.ts';
import {
  inProfile,
  isTestSize,
  type P1Pin,
  type Profile,
  SECTOR_BYTES,
  type SectorSize,
} from '../core/profile.ts';
import { count, GiB } from '../core/units.ts';
import type { NodePages, TopologyNode } from './types.ts';

/**
 * Huge pages of 1 GiB of one P1 task: it holds two layers of its sector in memory, 128 GiB of a 64 GiB sector and
 * 64 GiB of a 32 GiB one (handbook 2.2.5.1). Of a test network's sectors both are within one page.
 */
export const pagesPerTask = (size: SectorSize): number => Math.ceil((2 * SECTOR_BYTES[size]) / GiB);

/**
 * The most 1 GiB pages that a node can give: the kernel's page map takes 64 of every 4096 bytes first. That
 * makes the handbook's 252 pages of a node with 256 GiB. Where the map is less than a page, what else the kernel puts
 * on a node breaks another one, and on the first node, where its image and the low memory are, two more: a fresh
 * boot of Linux 6.1 gives 2 of 4 GiB and 3 of 5, and on node 0 none and 1.
 */
export const pageLimit = ({ id, memoryGiB }: Pick<TopologyNode, 'id' | 'memoryGiB'>): number =>
  memoryGiB < 64 ? Math.max(0, memoryGiB - (id === 0 ? 4 : 2)) : memoryGiB - Math.ceil(memoryGiB / 64);

/**
 * Pages of each node, in node order: an equal share for every node but the GPU's, or as much of it as the node can
 * give, and the rest for the GPU's node (handbook 2.2.5.1), if it can. Few pages, as of a test network, go to the
 * nodes whose cores use them first. Throws where the nodes together cannot give so many.
 */
export const sharePages = (
  profile: Profile,
  nodes: readonly TopologyNode[],
  gpuNode: number,
  totalPages: number,
  sectorSize: SectorSize,
): number[] => {
  const others = nodes.filter((node) => node.id !== gpuNode);
  const level = equalShare(others.map(pageLimit), totalPages);
  const pages = new Map(others.map((node) => [node.id, Math.min(level, pageLimit(node))]));
  let rest = totalPages - [...pages.values()].reduce((sum, own) => sum + own, 0);
  const fill = (some: readonly TopologyNode[], most: number): void => {
    for (const node of some) {
      const own = pages.get(node.id) ?? 0;
      const more = Math.max(0, Math.min(rest, most, pageLimit(node) - own));
      pages.set(node.id, own + more);
      rest -= more;
    }
  };
  const gpuNodes = nodes.filter((node) => node.id === gpuNode);
  // What the division leaves over is less than a page for each of the others that have room.
  if (isTestSize(sectorSize)) fill(others, 1);
  fill(gpuNodes, totalPages);
  fill(others, 1);
  if (rest === 0) return nodes.map((node) => pages.get(node.id) ?? 0);
  const available = nodes.reduce((sum, node) => sum + pageLimit(node), 0);
  const sizes = [...new Set(nodes.map((node) => node.memoryGiB))].sort((a, b) => a - b).join(' or ');
  throw new FcopsError({
    kind: 'layout',
    what: `profile ${profile.name}: the P1 tasks need ${count(totalPages, 'huge page')} of 1 GiB, the machine can give ${available}`,
    ...inProfile(profile, 'p1', 'tasks', sectorSize),
    why: `${count(nodes.length, 'NUMA node')} of ${sizes} GiB, of which the kernel's page map takes 1/64`,
    next: [edit('lower p1.tasks for this sector size in the profile, or correct memoryGiB')],
  });
};

/** The most that each may give, if no more than `total` comes together; nodes with a lower limit give that. */
const equalShare = (limits: readonly number[], total: number): number => {
  let level = 0;
  let left = total;
  // Nodes that cannot give an equal share leave more of it to the others.
  for (const [index, limit] of limits.toSorted((a, b) => a - b).entries()) {
    level = Math.max(level, Math.floor(left / (limits.length - index)));
    if (limit >= level) return level;
    left -= limit;
  }
  return level;
};

/**
 * The pages of each task, from 1 on: along the nodes in order, but for tasks whose nodes are pinned. `perNode`
 * holds as many pages as the tasks take together. Throws where pinned nodes have too few left.
 */
export const takePages = (
  profile: Profile,
  perNode: readonly number[],
  taskCount: number,
  pagesEach: number,
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
    const taken = takeInOrder(perNode, order, pagesEach, nodesOf, pinned);
    if (taken) return taken;
  }
  const wishes = pins.flatMap(({ task, numaNodes }) =>
    numaNodes ? [`task ${task} is pinned to ${numaNodes.join(',')}`] : [],
  );
  throw new FcopsError({
    kind: 'layout',
    what: `profile ${profile.name}: the pinned NUMA nodes cannot hold the memory of their P1 tasks`,
    ...inProfile(profile, 'p1', 'pins', sectorSize),
    why: `${wishes.join('; ')}; a task takes ${count(pagesEach, 'page')}, some on each node it names, and the nodes have ${perNode.join(', ')}`,
    next: [edit('pin fewer tasks to the same node (numaNodes in p1.pins)')],
  });
};

const takeInOrder = (
  perNode: readonly number[],
  order: readonly number[],
  pagesEach: number,
  nodesOf: (task: number) => readonly number[],
  pinned: readonly number[],
): NodePages[][] | undefined => {
  const left = [...perNode];
  const taken = new Map<number, NodePages[]>();
  for (const task of order) {
    const nodes = nodesOf(task);
    let missing = pagesEach;
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
