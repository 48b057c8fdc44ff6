import { words } from '../core/shell.ts';
import { nameOfMany } from './names.ts';
import { unseen } from './observation.ts';
import type { Resource } from './resource.ts';
import { changeOr, detail } from './resource.ts';

/** Wanted live value by property of the systemd manager: `DefaultLimitNOFILE` → `10000000`. */
export type ManagerSettings = Readonly<Record<string, string>>;

/**
 * The systemd manager runs with these settings of /etc/systemd/system.conf. Owed where its live property
 * differs: systemd is then executed again (handbook 2.2.2.1), which stops nothing that runs.
 */
export const managerSettings = (settings: ManagerSettings): Resource => {
  const wanted = Object.entries(settings);
  for (const [property] of wanted) {
    if (!/^[A-Za-z]+$/.test(property)) throw new RangeError(`not a property: ${JSON.stringify(property)}`);
  }
  return {
    id: `manager-settings:${nameOfMany(wanted.map(([property]) => property))}`,
    probes: wanted.map(([property]) => ({ probe: 'manager', property })),
    diff: (seen) => {
      const unknown = wanted.find(([property]) => !seen.manager.has(property));
      if (unknown !== undefined) return unseen(seen, `manager ${unknown[0]}`);
      return changeOr(
        wanted.flatMap(([property, value]) => detail(property, seen.manager.get(property) ?? null, value)),
        { action: 'run', step: words('reexec_manager', ...wanted.flat()) },
      );
    },
  };
};
