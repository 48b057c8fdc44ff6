import type { Resource } from './resource.ts';

export interface SysctlSpec {
  /** Wanted live value by key: `vm.swappiness` → `0`. */
  readonly settings: Readonly<Record<string, string>>;
}

export const sysctl = (spec: SysctlSpec): Resource => ({
  id: `sysctl:${Object.keys(spec.settings).join(',')}`,
  probes: [],
  diff: () => ({ state: 'unknown', reason: 'not implemented yet' }),
});
