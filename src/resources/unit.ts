import { words } from '../core/shell.ts';
import { packagesPending } from './names.ts';
import type { UnitState } from './observation.ts';
import { unseen } from './observation.ts';
import type { Detail, Diff, Resource } from './resource.ts';
import { changeOr, detail } from './resource.ts';

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
    id: `unit:${name}`,
    probes: [{ probe: 'unit', name }],
    diff: (seen, pending) => {
      const now = seen.units.get(name);
      if (!now) return unseen(seen, `unit ${name}`);
      if (now.load === 'not-found' && !comes(name, pending)) {
        return problem(
          `the host has no unit ${name}`,
          `install what brings it, then look: systemctl status ${name}`,
        );
      }
      if (now.load === 'masked' && (spec.enabled === true || spec.active === 'started')) {
        return problem(`${name} is masked`, `systemctl unmask ${name}`);
      }
      const enabled = enabledDetail(spec, now);
      const active = activeDetail(spec, now);
      const word = (details: readonly Detail[]) => details[0]?.after ?? '-';
      return changeOr([...enabled, ...active], {
        action: 'update',
        step: words('put_unit', name, word(enabled), word(active)),
      });
    },
  };
};

/** Whether this run brings the unit: by a file of its name, or with a package. */
const comes = (name: string, pending: ReadonlySet<string>): boolean =>
  packagesPending(pending) || [...pending].some((id) => id.startsWith('file:') && id.endsWith(`/${name}`));

const enabledDetail = ({ enabled }: UnitSpec, { file }: UnitState): Detail[] => {
  if (enabled === undefined || FIXED.has(file)) return [];
  const now = file.startsWith('enabled') ? 'enabled' : 'disabled';
  return detail('at boot', now, enabled ? 'enabled' : 'disabled');
};

const RUNNING = new Set(['active', 'activating', 'reloading']);

const activeDetail = ({ active }: UnitSpec, now: UnitState): Detail[] => {
  if (active === undefined || RUNNING.has(now.active) === (active === 'started')) return [];
  return detail('state', now.active, active);
};

const problem = (message: string, next: string): Diff => ({
  state: 'violated',
  violation: { message, next, severity: 'enforce' },
});
