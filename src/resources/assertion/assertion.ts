import type { Next } from '../../core/next.ts';
import type { Ask, Observation } from '../look.ts';
import type { Resource } from '../resource.ts';

/** What a check may find: a message and what to do, that it could not be seen, or null where all is well. */
export type Finding =
  | { readonly message: string; readonly next?: readonly Next[] }
  | { readonly unknown: string }
  | null;

export interface AssertionSpec {
  readonly name: string;
  readonly asks: readonly Ask[];
  /** `enforce` stops the host before anything is changed; `warn` is only shown. */
  readonly severity: 'enforce' | 'warn';
  check(seen: Observation): Finding;
}

/** A requirement that fcops does not meet by itself: the machine, its disks, data that others bring. */
export const assertion = (spec: AssertionSpec): Resource => ({
  kind: 'assertion',
  id: `assertion:${spec.name}`,
  title: `assertion ${spec.name}`,
  asks: spec.asks,
  manages: [],
  isCheck: true,
  diff: (seen) => {
    // Facts that are stated by hand are for contents; they do not make a machine what it is not.
    const found = spec.check({ ...seen, facts: seen.observedFacts ?? seen.facts });
    if (found === null) return { state: 'same' };
    if ('unknown' in found) {
      if (spec.severity === 'enforce') return { state: 'unknown', reason: found.unknown };
      return { state: 'violated', violation: { message: found.unknown, severity: 'warn' } };
    }
    return { state: 'violated', violation: { ...found, severity: spec.severity } };
  },
});
