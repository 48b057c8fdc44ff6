import type { Resource } from './resource.ts';

export interface HugepagesSpec {
  readonly pageKib: number;
  /** Pages by NUMA node, from node 0. */
  readonly perNode: readonly number[];
  /** The systemd unit that allocates them. */
  readonly unit: string;
}

export const hugepages = (spec: HugepagesSpec): Resource => ({
  id: `hugepages:${spec.pageKib}`,
  probes: [],
  diff: () => ({ state: 'unknown', reason: 'not implemented yet' }),
});
