import { count } from '../../core/units.ts';
import type { ApxLayout, C2Layout, Layout, P1Layout, TopologyNode } from '../../layout/types.ts';

/** What the boxes around cores are, in both drawings. */
export const BOX_NOTE = 'a box is an L3 cache: core numbers above, their owners below';

/** Who has a core: a P1 task or C2 worker by its number (`feeder`: a core that feeds its GPU), P2, or nobody. */
export type Owner =
  | { readonly kind: 'task' | 'feeder'; readonly number: number }
  | { readonly kind: 'p2' }
  | { readonly kind: 'free' };

/** A physical core, by its first thread. */
export interface Cell {
  readonly cpu: number;
  readonly owner: Owner;
  /** What stands for the owner: `7`, `7*`, `P2`, `·`. */
  readonly label: string;
}

export interface NodePicture {
  readonly id: number;
  /** Words for the GPUs on the node, such as `GPU` or `GPU 1,2`; empty where there is none. */
  readonly gpu: string;
  readonly memoryGiB: number;
  /** Huge pages of 1 GiB, where the layout has any. */
  readonly pages: number | undefined;
  /** Cores by L3 cache. */
  readonly groups: readonly (readonly Cell[])[];
}

/** What is drawn of a layout, whatever it is drawn with. */
export interface LayoutPicture {
  readonly title: string;
  readonly summary: readonly string[];
  readonly sockets: readonly { readonly id: number; readonly nodes: readonly NodePicture[] }[];
  readonly legend: readonly { readonly owner: Owner; readonly label: string; readonly text: string }[];
  readonly table: {
    readonly columns: readonly string[];
    readonly rows: readonly { readonly owner: Owner; readonly cells: readonly string[] }[];
  };
}

const FREE: Owner = { kind: 'free' };
const P2: Owner = { kind: 'p2' };
const FREE_LEGEND = { owner: FREE, label: '·', text: 'free' };

/** The picture of a layout. */
export const layoutPicture = (layout: Layout): LayoutPicture => {
  switch (layout.kind) {
    case 'p1':
      return p1Picture(layout);
    case 'c2':
      return c2Picture(layout);
    case 'apx':
      return apxPicture(layout);
  }
};

const p1Picture = (layout: P1Layout): LayoutPicture => {
  const owners = new Map<number, Owner>();
  for (const task of layout.tasks)
    for (const cpu of task.cpus) owners.set(cpu, { kind: 'task', number: task.index });
  for (const cpu of layout.p2.cpus) owners.set(cpu, P2);
  const taskCount = layout.tasks.length;
  return {
    title: `${layout.profile}: P1 with ${layout.sectorSize} sectors`,
    summary: [
      `${count(taskCount, 'task')} × ${layout.totalPages / taskCount} GiB = ${count(layout.totalPages, 'huge page')} of 1 GiB on ${count(layout.numaNodeCount, 'NUMA node')}`,
      layout.hasGpu
        ? `the GPU is on node ${layout.gpuNode}, which takes its pages last and runs P2`
        : `there is no GPU; node ${layout.gpuNode} takes its pages last and runs P2`,
      `APx accepts ${count(layout.apx.maxSealing, 'sector')} at a time`,
      ...siblingNote(layout),
    ],
    sockets: drawSockets(layout.nodes, owners, (node) => ({
      gpu: layout.hasGpu && node.id === layout.gpuNode ? 'GPU' : '',
      pages: layout.nodes.find(({ id }) => id === node.id)?.pages,
    })),
    legend: [
      { owner: { kind: 'task', number: 1 }, label: '1', text: 'a core of P1 task 1' },
      { owner: P2, label: 'P2', text: 'a core of P2' },
      FREE_LEGEND,
    ],
    table: {
      columns: ['process', 'CPUs, in order', 'NUMA', 'huge pages', 'port'],
      rows: [
        ...layout.tasks.map(({ index, cpus, numaNodes, pages, port }) => ({
          owner: { kind: 'task', number: index } as const,
          cells: [
            `P1 ${index}`,
            cpus.join(','),
            numaNodes.join(','),
            pages.map((part) => `${part.pages} on ${part.node}`).join(', '),
            `${port}`,
          ],
        })),
        { owner: P2, cells: ['P2', layout.p2.cpus.join(','), '', '', `${layout.p2.port}`] },
        { owner: FREE, cells: ['APx', '', '', '', `${layout.apx.port}`] },
      ],
    },
  };
};

const c2Picture = (layout: C2Layout): LayoutPicture => {
  const owners = new Map<number, Owner>();
  for (const { index, cpus, feedingCpus } of layout.workers)
    for (const cpu of cpus)
      owners.set(cpu, { kind: feedingCpus.includes(cpu) ? 'feeder' : 'task', number: index });
  return {
    title: `${layout.profile}: C2`,
    summary: [
      `${count(layout.workers.length, 'worker')}, one per GPU, on ${count(layout.nodes.length, 'NUMA node')}`,
      ...siblingNote(layout),
    ],
    sockets: drawSockets(layout.nodes, owners, (node) => {
      const gpus = layout.workers.filter(({ gpuNode }) => gpuNode === node.id).map(({ gpu }) => gpu + 1);
      return { gpu: gpus.length > 0 ? `GPU ${gpus.join(',')}` : '', pages: undefined };
    }),
    legend: [
      { owner: { kind: 'task', number: 1 }, label: '1', text: 'a core of C2 worker 1' },
      { owner: { kind: 'feeder', number: 1 }, label: '1*', text: 'one that feeds its GPU' },
      FREE_LEGEND,
    ],
    table: {
      columns: ['worker', 'CPUs, in order', 'GPU', 'port'],
      rows: layout.workers.map(({ index, cpus, gpu, gpuNode, port }) => ({
        owner: { kind: 'task', number: index } as const,
        cells: [`C2 ${index}`, cpus.join(','), `${gpu + 1} (node ${gpuNode})`, `${port}`],
      })),
    },
  };
};

const apxPicture = (layout: ApxLayout): LayoutPicture => ({
  title: `${layout.profile}: APx alone with ${layout.sectorSize} sectors`,
  summary: [
    `APx accepts ${count(layout.maxSealing, 'sector')} at a time, and runs on any core`,
    ...siblingNote(layout),
  ],
  sockets: drawSockets(layout.nodes, new Map(), () => ({ gpu: '', pages: undefined })),
  legend: [FREE_LEGEND],
  table: {
    columns: ['process', 'CPUs, in order', 'port'],
    rows: [{ owner: FREE, cells: ['APx', 'any', `${layout.port}`] }],
  },
});

const siblingNote = ({ threadsPerCore, nodes }: Layout): string[] => {
  const [first, second] = nodes[0]?.cores[0] ?? [];
  if (threadsPerCore === 1 || first === undefined || second === undefined) return [];
  return [`drawn by core: the sibling of core n is CPU n+${second - first}`];
};

const drawSockets = (
  nodes: readonly TopologyNode[],
  owners: ReadonlyMap<number, Owner>,
  about: (node: TopologyNode) => { gpu: string; pages: number | undefined },
) =>
  [...new Set(nodes.map((node) => node.socket))].map((id) => ({
    id,
    nodes: nodes
      .filter((node) => node.socket === id)
      .map(
        (node): NodePicture => ({
          id: node.id,
          memoryGiB: node.memoryGiB,
          ...about(node),
          groups: node.l3Groups.map((group) => group.map((core) => drawCore(node, core, owners))),
        }),
      ),
  }));

/** A core by the owners of its threads, which are the same unless pinned apart. */
const drawCore = (node: TopologyNode, core: number, owners: ReadonlyMap<number, Owner>): Cell => {
  const threads = node.cores.find(([first]) => first === core) ?? [core];
  const found = threads.flatMap((cpu) => owners.get(cpu) ?? []);
  return {
    cpu: core,
    owner: found[0] ?? FREE,
    label: [...new Set(found.map(ownerLabel))].join('/') || FREE_LEGEND.label,
  };
};

const ownerLabel = (owner: Owner): string => {
  switch (owner.kind) {
    case 'task':
      return `${owner.number}`;
    case 'feeder':
      return `${owner.number}*`;
    case 'p2':
      return 'P2';
    case 'free':
      return FREE_LEGEND.label;
  }
};

/** Columns that fill whole rows of `count` boxes, as many as `fit`. */
export const columnsFor = (count: number, fit: number): number => {
  for (let columns = Math.min(count, fit); columns > 1; columns -= 1)
    if (count % columns === 0) return columns;
  return 1;
};
