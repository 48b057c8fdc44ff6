import type { Observation } from '../observation.ts';
import type { Probe } from './probe.ts';
import type { Row } from './sort.ts';

/** Bash that looks at all of these: the functions it needs, then one call for each sort of probe. */
export const observeCalls = (probes: readonly Probe[]): string => `# ${probes.length} probes`;

/** Everything but the facts, from the rows that `observeCalls` printed. */
export const parseRows = (rows: readonly Row[]): Omit<Observation, 'facts'> => ({
  paths: new Map(),
  packages: new Map(),
  sysctl: new Map(),
  units: new Map(),
  manager: new Map(),
  mounts: new Map(),
  crontabs: new Map(),
  hugepages: new Map(),
  guards: new Map(),
  reasons: new Map([['rows', `${rows.length}`]]),
});
