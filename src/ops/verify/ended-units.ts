import { words } from '../../core/shell.ts';
import { askGuard, guardLook } from '../../resources/guard/look.ts';
import type { Ask, Observation } from '../../resources/look.ts';
import type { Since } from './check.ts';
import shell from './ended-units.sh';

const NAME = 'when units of fcops have ended';

/** When units were last left without a process; none asks nothing. */
export const askEnds = (units: readonly string[]): readonly Ask[] =>
  units.length === 0 ? [] : [askGuard(NAME, `${shell}\n${words('fcops_ended_units', ...units)}`)];

/** By unit, where systemd tells; of one that systemd has forgotten when its journal was last written. */
export const endsIn = (seen: Pick<Observation, 'answer'>): ReadonlyMap<string, Since> =>
  new Map(
    (guardLook.seen(seen, NAME)?.output ?? '').split(/\n{2,}/).flatMap((block): [string, Since][] => {
      const properties = new Map(
        block.split('\n').map((line): [string, string] => {
          const at = line.indexOf('=');
          return [line.slice(0, at), line.slice(at + 1).trim()];
        }),
      );
      const id = properties.get('Id');
      const since = sinceOf(properties);
      return id === undefined || since === null ? [] : [[id, since]];
    }),
  );

const sinceOf = (properties: ReadonlyMap<string, string>): Since | null => {
  // Sun 2026-11-29 20:31:05 UTC
  const [, day, time] =
    /^\w+ (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC$/.exec(properties.get('InactiveEnterTimestamp') ?? '') ?? [];
  const at = Date.parse(`${day}T${time}Z`) / 1000;
  if (Number.isFinite(at)) return { at, by: 'unit' };
  const said = /^\d{1,17}$/.exec(properties.get('LastSaid') ?? '')?.[0];
  return said === undefined ? null : { at: Math.floor(Number(said) / 1e6), by: 'log' };
};
