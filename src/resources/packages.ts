import type { Resource } from './resource.ts';

export interface PackagesSpec {
  readonly manager: 'apt' | 'yum';
  /** Names as dpkg or rpm know them, without versions. */
  readonly names: readonly string[];
}

export const packages = (spec: PackagesSpec): Resource => ({
  id: `packages:${spec.names.join(',')}`,
  probes: [],
  diff: () => ({ state: 'unknown', reason: 'not implemented yet' }),
});
