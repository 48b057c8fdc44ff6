import { nameOfMany } from '../names.ts';
import { checkedPath } from '../path/checked-path.ts';
import type { Resource } from '../resource.ts';
import { changeOr, detail } from '../resource.ts';
import { askUnit, unitLook } from './look.ts';
import { SYSTEMD_DEADLINE } from './step.ts';
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
    kind: 'daemon-reload',
    id: `daemon-reload:${nameOfMany(units)}`,
    title: `daemon-reload ${nameOfMany(units)}`,
    asks: units.map(askUnit),
    needs: files.map((path) => ({ type: 'path', path })),
    manages: [],
    diff: (seen, { pending }) => {
      const unknown = units.find((name) => !unitLook.seen(seen, name));
      if (unknown !== undefined) return unitLook.unseen(seen, unknown);
      const changing = files.filter((path) => pending({ type: 'path', path }));
      const stale = units.filter((name) => unitLook.seen(seen, name)?.needsReload === true);
      const details = [
        ...changing.flatMap((path) => detail(path, null, 'changes in this run')),
        ...stale.flatMap((name) => detail(name, 'older than its file', 'loaded')),
      ];
      return changeOr(details, {
        action: 'run',
        steps: [{ step: 'daemon-reload', deadline: SYSTEMD_DEADLINE }],
      });
    },
  };
};
