import { words } from '../../core/shell.ts';
import { askGuard, guardLook } from '../../resources/guard/look.ts';
import type { Ask, Observation } from '../../resources/look.ts';

const NAME = 'when units of fcops have ended';

/** When units were last left without a process; none asks nothing. */
export const askEnds = (units: readonly string[]): readonly Ask[] =>
  units.length === 0
    ? []
    : [
        askGuard(
          NAME,
          // Zones have names that mean several: CST is that of Shanghai and that of Chicago.
          `TZ=UTC0 LC_ALL=C exec ${words('timeout', '-k', '1', '5', 'systemctl', 'show', '-p', 'Id', '-p', 'InactiveEnterTimestamp', '--', ...units)} 2>/dev/null`,
        ),
      ];

/** Seconds since 1970 by unit, of those of which systemd tells. */
export const endsIn = (seen: Pick<Observation, 'answer'>): ReadonlyMap<string, number> => {
  const ends = new Map<string, number>();
  let unit = '';
  for (const line of (guardLook.seen(seen, NAME)?.output ?? '').split('\n')) {
    if (line.startsWith('Id=')) unit = line.slice('Id='.length);
    // Sun 2026-11-29 20:31:05 UTC
    const [, day, time] =
      /^InactiveEnterTimestamp=\w+ (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC/.exec(line) ?? [];
    if (day !== undefined && time !== undefined) ends.set(unit, Date.parse(`${day}T${time}Z`) / 1000);
  }
  return ends;
};
