import { words } from '../../core/shell.ts';
import { askGuard, guardLook } from '../../resources/guard/look.ts';
import type { Ask, Observation } from '../../resources/look.ts';
import type { Since } from './check.ts';
import shell from './ended-units.sh';

const NAME = 'what became of units of fcops';

/** What became of units whose process does not run; none asks nothing. */
export const askUnits = (units: readonly string[]): readonly Ask[] =>
  units.length === 0 ? [] : [askGuard(NAME, `${shell}\n${words('fcops_ended_units', ...units)}`)];

/** A unit, as far as systemd tells. */
export interface EndedUnit {
  /** When it was last left without a process; of one that systemd has forgotten when its journal was last written. */
  readonly since?: Since;
  /** `retried`: systemd starts it again by and by; `given up`: it did so often enough; `ended`: anything else. */
  readonly state: 'retried' | 'given up' | 'ended';
}

/** By unit; missing where systemd did not tell. */
export const unitsIn = (seen: Pick<Observation, 'answer'>): ReadonlyMap<string, EndedUnit> => {
  const told = new Map<string, Map<string, string>>();
  for (const block of (guardLook.seen(seen, NAME)?.output ?? '').split(/\n{2,}/)) {
    const properties = block.split('\n').map((line): [string, string] => {
      const at = line.indexOf('=');
      return [line.slice(0, at), line.slice(at + 1).trim()];
    });
    const id = properties.find(([name]) => name === 'Id')?.[1];
    if (id !== undefined) told.set(id, new Map([...(told.get(id) ?? []), ...properties]));
  }
  return new Map([...told].map(([id, properties]) => [id, unitOf(properties)]));
};

const unitOf = (properties: ReadonlyMap<string, string>): EndedUnit => {
  const since = sinceOf(properties);
  return {
    ...(since && { since }),
    state: properties.get('SubState') === 'auto-restart' ? 'retried' : stateOf(properties.get('Result')),
  };
};

const sinceOf = (properties: ReadonlyMap<string, string>): Since | null => {
  // Sun 2026-11-29 20:31:05 UTC
  const [, day, time] =
    /^\w+ (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC$/.exec(properties.get('InactiveEnterTimestamp') ?? '') ?? [];
  const at = Date.parse(`${day}T${time}Z`) / 1000;
  if (Number.isFinite(at)) return { at, by: 'unit' };
  const said = /^\d{1,17}$/.exec(properties.get('LastSaid') ?? '')?.[0];
  return said === undefined ? null : { at: Math.floor(Number(said) / 1e6), by: 'log' };
};

/** systemd before 229 calls it `start-limit`. */
const stateOf = (result: string | undefined): EndedUnit['state'] =>
  result?.startsWith('start-limit') ? 'given up' : 'ended';
