import type { Observation } from '../observation.ts';
import { crontabSort } from './crontab.ts';
import { guardSort } from './guard.ts';
import { hugepagesSort } from './hugepages.ts';
import { mountSort } from './mount.ts';
import { packageSort } from './package.ts';
import { pathSort } from './path.ts';
import type { Probe } from './probe.ts';
import type { Parsed, ProbeSort, Row } from './sort.ts';
import { sysctlSort } from './sysctl.ts';
import { managerSort, systemdShell, unitSort } from './systemd.ts';
import { textShell } from './text.ts';

/** Bash that looks at all of these: the functions it needs, then one call for each sort of probe. */
export const observeCalls = (probes: readonly Probe[]): string => {
  const units = probes.filter((probe) => probe.probe === 'unit');
  const properties = probes.filter((probe) => probe.probe === 'manager');
  return [
    textShell,
    ...scriptOf(
      pathSort,
      probes.filter((probe) => probe.probe === 'path'),
    ),
    ...scriptOf(
      packageSort,
      probes.filter((probe) => probe.probe === 'package'),
    ),
    ...scriptOf(
      sysctlSort,
      probes.filter((probe) => probe.probe === 'sysctl'),
    ),
    ...(units.length + properties.length > 0 ? [systemdShell] : []),
    ...scriptOf(unitSort, units),
    ...scriptOf(managerSort, properties),
    ...scriptOf(
      mountSort,
      probes.filter((probe) => probe.probe === 'mount'),
    ),
    ...scriptOf(
      crontabSort,
      probes.filter((probe) => probe.probe === 'crontab'),
    ),
    ...scriptOf(
      hugepagesSort,
      probes.filter((probe) => probe.probe === 'hugepages'),
    ),
    ...scriptOf(
      guardSort,
      probes.filter((probe) => probe.probe === 'guard'),
    ),
  ].join('\n');
};

const scriptOf = <P, Key>(sort: ProbeSort<P, unknown, Key>, probes: readonly P[]): string[] => {
  const byKey = new Map<Key, P>();
  for (const probe of probes) {
    const key = sort.key(probe);
    const known = byKey.get(key);
    byKey.set(key, known === undefined ? probe : sort.merge(known, probe));
  }
  return byKey.size === 0 ? [] : [sort.shell, sort.call([...byKey.values()])];
};

/** Everything but the facts, from the rows that `observeCalls` printed; rows of others are passed over. */
export const parseRows = (rows: readonly Row[]): Omit<Observation, 'facts'> => {
  const byTag = new Map<string, Row[]>();
  for (const row of rows) {
    const [tag = ''] = row;
    const known = byTag.get(tag);
    if (known) known.push(row);
    else byTag.set(tag, [row]);
  }
  const reasons = new Map<string, string>();
  const read = <Seen, Key>(sort: {
    readonly probe: string;
    readonly rows: readonly string[];
    parse(rows: readonly Row[]): Parsed<Seen, Key>;
  }): ReadonlyMap<Key, Seen> => {
    const parsed = sort.parse(sort.rows.flatMap((tag) => byTag.get(tag) ?? []));
    for (const [key, reason] of parsed.reasons) reasons.set(`${sort.probe} ${key}`, reason);
    return parsed.seen;
  };
  return {
    paths: read(pathSort),
    packages: read(packageSort),
    sysctl: read(sysctlSort),
    units: read(unitSort),
    manager: read(managerSort),
    mounts: read(mountSort),
    crontabs: read(crontabSort),
    hugepages: read(hugepagesSort),
    guards: read(guardSort),
    reasons,
  };
};
