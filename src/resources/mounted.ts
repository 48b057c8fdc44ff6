import type { Resource } from './resource.ts';

export interface MountedSpec {
  readonly target: string;
  readonly fstype: string;
  /** Arguments (`hugepagesz=1G`) that the running kernel needs before this can be mounted. */
  readonly kernelArguments?: readonly string[];
}

export const mounted = (spec: MountedSpec): Resource => ({
  id: `mounted:${spec.target}`,
  probes: [],
  diff: () => ({ state: 'unknown', reason: 'not implemented yet' }),
});
