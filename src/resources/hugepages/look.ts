import { words } from '../../core/shell.ts';
import type { Ask } from '../look.ts';
import { defineLook } from '../look.ts';
import shell from './look.sh';

/** Pages of one size that each NUMA node has and that are free. */
export interface HugepagesAsk extends Ask {
  readonly look: 'hugepages';
  readonly pageKib: number;
}

export interface NodePages {
  readonly node: number;
  readonly total: number;
  readonly free: number;
}

/** Pages of one size, in KiB. */
export const askHugepages = (pageKib: number): HugepagesAsk => ({ look: 'hugepages', pageKib });

/** Bash that reads the pages of each node; the step that allocates looks with it too. */
export const hugepagesShell: string = shell;

/** Pages of one size by NUMA node; an empty list where the kernel has no pages of that size. */
export const hugepagesLook = defineLook<HugepagesAsk, readonly NodePages[]>({
  name: 'hugepages',
  is: (ask): ask is HugepagesAsk => ask.look === 'hugepages',
  shell: [shell],
  key: ({ pageKib }) => String(pageKib),
  call: (asks) => words('fcops_hugepages', ...asks.map(({ pageKib }) => String(pageKib))),
  bare: () => [],
  rows: ['hugepages'],
  parse: (rows) => {
    const seen = new Map<string, NodePages[]>();
    for (const [, kib = '', node, total, free] of rows) {
      const pages = seen.get(kib) ?? [];
      seen.set(kib, pages);
      if (node !== undefined) pages.push({ node: Number(node), total: Number(total), free: Number(free) });
    }
    for (const pages of seen.values()) pages.sort((a, b) => a.node - b.node);
    return { seen, reasons: new Map() };
  },
});
