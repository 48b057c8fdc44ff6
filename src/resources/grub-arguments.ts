import type { Resource } from './resource.ts';

export interface GrubSpec {
  readonly family: 'debian' | 'redhat';
  /** Value by name of the kernel argument; empty for an argument without a value. */
  readonly arguments: Readonly<Record<string, string>>;
}

export const grubArguments = (spec: GrubSpec): Resource => ({
  id: `grub-arguments:${Object.keys(spec.arguments).join(',')}`,
  probes: [],
  diff: () => ({ state: 'unknown', reason: 'not implemented yet' }),
});
