import { words } from '../../core/shell.ts';
import type { UnitState } from '../observation.ts';
import type { ManagerProbe, UnitProbe } from './probe.ts';
import type { Parsed, ProbeSort, Row } from './sort.ts';
import shell from './systemd.sh';

/** Bash that asks systemd; units and manager share it. */
export const systemdShell: string = shell;

const reasonsOf = (rows: readonly Row[], tag: string): Map<string, string> =>
  new Map(rows.filter((row) => row[0] === tag).map(([, name = '', reason = '']) => [name, reason]));

const parseUnits = (rows: readonly Row[]): Parsed<UnitState> => {
  const properties = new Map<string, Map<string, string>>();
  for (const [tag, name = '', property = '', value = ''] of rows) {
    if (tag !== 'unit') continue;
    const known = properties.get(name) ?? new Map<string, string>();
    properties.set(name, known.set(property, value));
  }
  const seen = new Map<string, UnitState>();
  for (const [name, known] of properties) {
    const load = known.get('LoadState');
    const active = known.get('ActiveState');
    if (load === undefined || active === undefined) continue;
    const file = known.get('UnitFileState') ?? '';
    seen.set(name, { load, active, file, needsReload: known.get('NeedDaemonReload') === 'yes' });
  }
  return { seen, reasons: reasonsOf(rows, 'nounit') };
};

/** States of systemd units, by the name that was asked for. */
export const unitSort: ProbeSort<UnitProbe, UnitState> = {
  probe: 'unit',
  shell: '',
  key: ({ name }) => name,
  merge: (a) => a,
  call: (probes) => words('fcops_units', ...probes.map(({ name }) => name)),
  rows: ['unit', 'nounit'],
  parse: parseUnits,
};

/** Properties of the systemd manager. */
export const managerSort: ProbeSort<ManagerProbe, string> = {
  probe: 'manager',
  shell: '',
  key: ({ property }) => property,
  merge: (a) => a,
  call: (probes) => words('fcops_manager', ...probes.map(({ property }) => property)),
  rows: ['manager', 'nomanager'],
  parse: (rows) => ({
    seen: new Map(
      rows.filter(([tag]) => tag === 'manager').map(([, name = '', value = '']) => [name, value]),
    ),
    reasons: reasonsOf(rows, 'nomanager'),
  }),
};
