import type { Resource } from './resource.ts';

/** Wanted live value by property of the systemd manager: `DefaultLimitNOFILE` → `10000000`. */
export type ManagerSettings = Readonly<Record<string, string>>;

export const managerSettings = (settings: ManagerSettings): Resource => ({
  id: `manager-settings:${Object.keys(settings).join(',')}`,
  probes: [],
  diff: () => ({ state: 'unknown', reason: 'not implemented yet' }),
});
