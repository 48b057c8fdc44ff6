import type { Resource } from './resource.ts';

export interface DaemonReloadSpec {
  readonly units: readonly string[];
  /** Paths of the unit files, each managed by a `file` before this. */
  readonly files: readonly string[];
}

export const daemonReload = (spec: DaemonReloadSpec): Resource => ({
  id: `daemon-reload:${spec.units.join(',')}`,
  probes: [],
  diff: () => ({ state: 'unknown', reason: 'not implemented yet' }),
});
