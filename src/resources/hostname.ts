import type { Resource } from './resource.ts';

export const hostname = (name: string): Resource => ({
  id: `hostname:${name}`,
  probes: [],
  diff: () => ({ state: 'unknown', reason: 'not implemented yet' }),
});
