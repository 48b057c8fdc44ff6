import type { GrubSpec } from './grub-arguments.ts';
import type { Resource } from './resource.ts';

export const grubConfig = (spec: GrubSpec): Resource => ({
  id: `grub-config:${Object.keys(spec.arguments).join(',')}`,
  probes: [],
  diff: () => ({ state: 'unknown', reason: 'not implemented yet' }),
});
