import { words } from '../../core/shell.ts';
import type { NodePages } from '../observation.ts';
import shell from './hugepages.sh';
import type { HugepagesProbe } from './probe.ts';
import type { ProbeSort } from './sort.ts';

/** Pages of one size by NUMA node; an empty list where the kernel has no pages of that size. */
export const hugepagesSort: ProbeSort<HugepagesProbe, readonly NodePages[], number> = {
  probe: 'hugepages',
  shell,
  key: ({ pageKib }) => pageKib,
  merge: (a) => a,
  call: (probes) => words('fcops_hugepages', ...probes.map(({ pageKib }) => String(pageKib))),
  rows: ['hugepages'],
  parse: (rows) => {
    const seen = new Map<number, NodePages[]>();
    for (const [, kib, node, total, free] of rows) {
      const pages = seen.get(Number(kib)) ?? [];
      seen.set(Number(kib), pages);
      if (node !== undefined) pages.push({ node: Number(node), total: Number(total), free: Number(free) });
    }
    for (const pages of seen.values()) pages.sort((a, b) => a.node - b.node);
    return { seen, reasons: new Map() };
  },
};
