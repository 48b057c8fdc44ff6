import { nameOfMany } from './names.ts';
import { unseen } from './observation.ts';
import { checkedPath } from './path.ts';
import type { Resource } from './resource.ts';
import { changeOr, detail } from './resource.ts';
import { unitName } from './unit.ts';

export interface DaemonReloadSpec {
  readonly units: readonly string[];
  /** Paths of the unit files, each managed by a `file` before this. */
  readonly files: readonly string[];
}

/**
 * systemd knows the unit files as they are on the disk. Owed where systemd itself says that a file is newer
 * than what it has loaded, so a run that broke off before it never loses it; and where a file changes in this
 * run.
 */
export const daemonReload = (spec: DaemonReloadSpec): Resource => {
  const units = spec.units.map(unitName);
  const files = spec.files.map(checkedPath);
  return {
    id: `daemon-reload:${nameOfMany(units)}`,
    probes: units.map((name) => ({ probe: 'unit', name })),
    diff: (seen, pending) => {
      const unknown = units.find((name) => !seen.units.has(name));
      if (unknown !== undefined) return unseen(seen, `unit ${unknown}`);
      const changing = files.filter((path) => pending.has(`file:${path}`));
      const stale = units.filter((name) => seen.units.get(name)?.needsReload === true);
      const details = [
        ...changing.flatMap((path) => detail(path, null, 'changes in this run')),
        ...stale.flatMap((name) => detail(name, 'older than its file', 'loaded')),
      ];
      return changeOr(details, {
        action: 'run',
        step: "systemctl daemon-reload || fail 'systemd could not read its units again'",
      });
    },
  };
};
