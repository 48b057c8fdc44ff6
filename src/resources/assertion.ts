import type { Observation } from './observation.ts';
import type { Probe } from './probes/probe.ts';
import type { Resource } from './resource.ts';

/** What a check may find. */
export type Finding =
  | { readonly message: string; readonly next?: string }
  | { readonly unknown: string }
  | null;

export interface AssertionSpec {
  readonly name: string;
  readonly probes: readonly Probe[];
  readonly severity: 'enforce' | 'warn';
  /** Null where all is well. */
  check(seen: Observation): Finding;
}

export const assertion = (spec: AssertionSpec): Resource => ({
  id: `assertion:${spec.name}`,
  probes: [],
  diff: () => ({ state: 'unknown', reason: 'not implemented yet' }),
});
