import { nameOfMany } from '../names.ts';
import type { Resource } from '../resource.ts';
import { changeOr, detail } from '../resource.ts';
import { askManager, managerLook } from './look.ts';
import { SYSTEMD_DEADLINE } from './step.ts';

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
  const names = wanted.map(([property]) => property);
  return {
    kind: 'manager-settings',
    id: `manager-settings:${nameOfMany(names)}`,
    title: `manager-settings ${nameOfMany(names)}`,
    asks: names.map(askManager),
    leaves: (host) => {
      for (const [property, value] of wanted) host.put(managerLook, property, value);
    },
    manages: names.map((name) => `systemd setting ${name}`),
    diff: (seen) => {
      const unknown = names.find((name) => managerLook.seen(seen, name) === undefined);
      if (unknown !== undefined) return managerLook.unseen(seen, unknown);
      return changeOr(
        wanted.flatMap(([property, value]) =>
          detail(property, managerLook.seen(seen, property) ?? null, value),
        ),
        {
          action: 'run',
          steps: [{ step: 'reexec-manager', properties: { ...settings }, deadline: SYSTEMD_DEADLINE }],
        },
      );
    },
  };
};
