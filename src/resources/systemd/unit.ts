import type { Next } from '../../core/next.ts';
import { shellOnHost } from '../../core/next.ts';
import type { Detail, Diff, DiffContext, Resource } from '../resource.ts';
import { changeOr, detail } from '../resource.ts';
import type { UnitState } from './look.ts';
import { askUnit, unitLook } from './look.ts';
import { SYSTEMD_DEADLINE } from './step.ts';

export interface UnitSpec {
  /** `hugepages.service`; without a suffix a service. */
  readonly name: string;
  /** Whether it is started at boot. */
  readonly enabled?: boolean;
  readonly active?: 'started' | 'stopped';
}

/** The whole name of a unit. */
export const unitName = (name: string): string => {
  if (!/^[A-Za-z0-9:_.@-]+$/.test(name)) throw new RangeError(`not a unit: ${JSON.stringify(name)}`);
  return /\.(service|socket|timer|mount|target|path|slice|swap)$/.test(name) ? name : `${name}.service`;
};

/** Unit files that cannot be enabled or disabled: whether they are started is for others to say. */
const FIXED = new Set(['static', 'alias', 'indirect', 'generated', 'transient', 'linked']);

/** A systemd unit that is enabled or not, and runs or not. */
export const unit = (spec: UnitSpec): Resource => {
  const name = unitName(spec.name);
  return {
    kind: 'unit',
    id: `unit:${name}`,
    title: `unit ${name}`,
    asks: [askUnit(name)],
    needs: [{ type: 'packages' }, { type: 'path', path: fileOf(name) }],
    leaves: (host) =>
      host.put(unitLook, name, {
        load: 'loaded',
        active: spec.active === 'started' ? 'active' : 'inactive',
        file: spec.enabled === true ? 'enabled' : 'disabled',
        needsReload: false,
      }),
    diff: (seen, { pending }) => {
      const now = unitLook.seen(seen, name);
      if (!now) return unitLook.unseen(seen, name);
      if (now.load === 'not-found' && !comes(name, pending)) {
        return problem(
          `the host has no unit ${name}`,
          shellOnHost(`systemctl status ${name}`, 'install what brings it, then look'),
        );
      }
      if (now.load === 'masked' && (spec.enabled === true || spec.active === 'started')) {
        return problem(`${name} is masked`, shellOnHost(`systemctl unmask ${name}`));
      }
      const enabled = enabledDetail(spec, now);
      const active = activeDetail(spec, now);
      return changeOr([...enabled, ...active], {
        action: 'update',
        steps: [
          {
            step: 'put-unit',
            name,
            enabled: enabled.length === 0 ? null : spec.enabled ? 'enabled' : 'disabled',
            active: active.length === 0 ? null : (spec.active ?? null),
            deadline: SYSTEMD_DEADLINE,
          },
        ],
      });
    },
  };
};

/** Where a unit file of this machine's own is. */
const fileOf = (name: string): string => `/etc/systemd/system/${name}`;

/** Whether this run brings the unit: by its file, or with a package. */
const comes = (name: string, pending: DiffContext['pending']): boolean =>
  pending({ type: 'path', path: fileOf(name) }) || pending({ type: 'packages' });

const enabledDetail = ({ enabled }: UnitSpec, { file }: UnitState): Detail[] => {
  if (enabled === undefined || FIXED.has(file)) return [];
  const now = file.startsWith('enabled') ? 'enabled' : 'disabled';
  return detail('at boot', now, enabled ? 'enabled' : 'disabled');
};

const RUNNING = new Set(['active', 'activating', 'reloading']);

/** Whether a unit in this state runs, or is about to. */
export const isUp = (active: string): boolean => RUNNING.has(active);

const activeDetail = ({ active }: UnitSpec, now: UnitState): Detail[] => {
  if (active === undefined || isUp(now.active) === (active === 'started')) return [];
  return detail('state', now.active, active);
};

const problem = (message: string, next: Next): Diff => ({
  state: 'violated',
  violation: { message, next: [next], severity: 'enforce' },
});
