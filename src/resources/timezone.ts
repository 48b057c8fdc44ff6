import type { Resource } from './resource.ts';

export const timezone = (zone: string): Resource => ({
  id: `timezone:${zone}`,
  probes: [],
  diff: () => ({ state: 'unknown', reason: 'not implemented yet' }),
});
