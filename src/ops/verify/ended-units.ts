import { words } from '../../core/shell.ts';
import { askGuard, guardLook } from '../../resources/guard/look.ts';
import type { Ask, Observation } from '../../resources/look.ts';

const NAME = 'what became of units of fcops';
const PROPERTIES = ['Id', 'SubState', 'Result', 'InactiveEnterTimestamp'];

/** What became of units whose process does not run; none asks nothing. */
export const askUnits = (units: readonly string[]): readonly Ask[] => {
  if (units.length === 0) return [];
  const options = PROPERTIES.flatMap((property) => ['-p', property]);
  const show = words('timeout', '-k', '1', '5', 'systemctl', 'show', ...options, '--', ...units);
  // Zones have names that mean several: CST is that of Shanghai and that of Chicago.
  return [askGuard(NAME, `TZ=UTC0 LC_ALL=C exec ${show} 2>/dev/null`)];
};

/** A unit, as far as systemd tells. */
export interface EndedUnit {
  /** Seconds since 1970: when it was last left without a process. */
  readonly at?: number;
  /** `retried`: systemd starts it again by and by; `given up`: it did so often enough; `ended`: anything else. */
  readonly state: 'retried' | 'given up' | 'ended';
}

/** By unit; missing where systemd did not tell. */
export const unitsIn = (seen: Pick<Observation, 'answer'>): ReadonlyMap<string, EndedUnit> => {
  const blocks = (guardLook.seen(seen, NAME)?.output ?? '').split('\n\n');
  return new Map(
    blocks.flatMap((block): [string, EndedUnit][] => {
      const properties = new Map(
        block.split('\n').map((line): [string, string] => {
          const at = line.indexOf('=');
          return [line.slice(0, at), line.slice(at + 1).trim()];
        }),
      );
      const id = properties.get('Id');
      return id === undefined ? [] : [[id, unitOf(properties)]];
    }),
  );
};

const unitOf = (properties: ReadonlyMap<string, string>): EndedUnit => {
  // Sun 2026-11-29 20:31:05 UTC
  const [, day, time] =
    /^\w+ (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC$/.exec(properties.get('InactiveEnterTimestamp') ?? '') ?? [];
  const at = day === undefined || time === undefined ? Number.NaN : Date.parse(`${day}T${time}Z`) / 1000;
  return {
    ...(Number.isFinite(at) && { at }),
    state: properties.get('SubState') === 'auto-restart' ? 'retried' : stateOf(properties.get('Result')),
  };
};

/** systemd before 229 calls it `start-limit`. */
const stateOf = (result: string | undefined): EndedUnit['state'] =>
  result?.startsWith('start-limit') ? 'given up' : 'ended';
