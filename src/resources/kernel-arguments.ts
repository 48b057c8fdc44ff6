import type { Resource } from './resource.ts';

export interface KernelArgumentsSpec {
  /** As for grubArguments. */
  readonly arguments: Readonly<Record<string, string>>;
}

export const kernelArguments = (spec: KernelArgumentsSpec): Resource => ({
  id: `kernel-arguments:${Object.keys(spec.arguments).join(',')}`,
  probes: [],
  diff: () => ({ state: 'unknown', reason: 'not implemented yet' }),
});
