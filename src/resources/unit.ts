import type { Resource } from './resource.ts';

export interface UnitSpec {
  /** `hugepages.service`; without a suffix a service. */
  readonly name: string;
  readonly enabled?: boolean;
  readonly active?: 'started' | 'stopped';
}

export const unit = (spec: UnitSpec): Resource => ({
  id: `unit:${spec.name}`,
  probes: [],
  diff: () => ({ state: 'unknown', reason: 'not implemented yet' }),
});
