import { words } from '../../core/shell.ts';
import type { Ask, Row } from '../look.ts';
import { defineLook, NOT_KNOWN } from '../look.ts';
import shell from './look.sh';

/** A systemd unit. */
export interface UnitAsk extends Ask {
  readonly look: 'unit';
  readonly name: string;
}

/** A property of the systemd manager itself, such as DefaultLimitNOFILE. */
export interface ManagerAsk extends Ask {
  readonly look: 'manager';
  readonly property: string;
}

export const askUnit = (name: string): UnitAsk => ({ look: 'unit', name });
export const askManager = (property: string): ManagerAsk => ({ look: 'manager', property });

/** As `systemctl show` names them: `loaded`, `not-found`; `active`, `inactive`; `enabled`, `disabled`. */
export interface UnitState {
  readonly load: string;
  readonly active: string;
  readonly file: string;
  readonly needsReload: boolean;
}

const reasonsOf = (rows: readonly Row[], tag: string): Map<string, string> =>
  new Map(rows.filter((row) => row[0] === tag).map(([, name = '', reason = '']) => [name, reason]));

const parseUnits = (rows: readonly Row[]): ReadonlyMap<string, UnitState> => {
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
    const reload = known.get('NeedDaemonReload');
    if (load === undefined || active === undefined || reload === undefined) continue;
    const file = known.get('UnitFileState') ?? '';
    seen.set(name, { load, active, file, needsReload: reload === 'yes' });
  }
  return seen;
};

/** States of systemd units, by the name that was asked for. */
export const unitLook = defineLook<UnitAsk, UnitState>({
  name: 'unit',
  is: (ask): ask is UnitAsk => ask.look === 'unit',
  shell: [shell],
  key: ({ name }) => name,
  call: (asks) => words('fcops_units', ...asks.map(({ name }) => name)),
  bare: () => ({ load: 'loaded', active: 'inactive', file: 'disabled', needsReload: false }),
  rows: ['unit', 'nounit'],
  parse: (rows) => ({ seen: parseUnits(rows), reasons: reasonsOf(rows, 'nounit') }),
});

/** Properties of the systemd manager. */
export const managerLook = defineLook<ManagerAsk, string>({
  name: 'manager',
  is: (ask): ask is ManagerAsk => ask.look === 'manager',
  shell: [shell],
  key: ({ property }) => property,
  call: (asks) => words('fcops_manager', ...asks.map(({ property }) => property)),
  bare: () => NOT_KNOWN,
  rows: ['manager', 'nomanager'],
  parse: (rows) => ({
    seen: new Map(
      rows.filter(([tag]) => tag === 'manager').map(([, name = '', value = '']) => [name, value]),
    ),
    reasons: reasonsOf(rows, 'nomanager'),
  }),
});
