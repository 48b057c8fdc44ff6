import type { Resource } from './resource.ts';

export interface FstabSpec {
  readonly source: string;
  readonly target: string;
  readonly fstype: string;
  readonly options: readonly string[];
}

export const fstabEntry = (spec: FstabSpec): Resource => ({
  id: `fstab:${spec.target}`,
  probes: [],
  diff: () => ({ state: 'unknown', reason: 'not implemented yet' }),
});
