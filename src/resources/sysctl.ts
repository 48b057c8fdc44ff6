import { KERNEL_SETTING } from '../core/names.ts';
import { words } from '../core/shell.ts';
import { nameOfMany } from './names.ts';
import { unseen } from './observation.ts';
import type { Detail, Diff, Resource } from './resource.ts';
import { changeOr, detail } from './resource.ts';

export interface SysctlSpec {
  /** Wanted live value by key: `vm.swappiness` → `0`. */
  readonly settings: Readonly<Record<string, string>>;
}

/**
 * Live values of kernel settings; what holds after the next boot is a file's matter (/etc/sysctl.conf).
 *
 * What cannot be mended here is told and stops nothing: a setting that this kernel does not have (a container
 * lacks parts of net.*, old kernels lack new settings) or that this host may not change (/proc/sys is read-only
 * in containers) is a warning, in every plan, until the setting is taken out or the machine changed.
 */
export const sysctl = ({ settings }: SysctlSpec): Resource => {
  const wanted = Object.entries(settings).map(([key, value]) => {
    if (!KERNEL_SETTING.test(key)) {
      throw new RangeError(`not the name of a kernel setting: ${JSON.stringify(key)}`);
    }
    return [key, value.trim().replace(/\s+/g, ' ')] as const;
  });
  return {
    id: `sysctl:${nameOfMany(wanted.map(([key]) => key))}`,
    probes: wanted.map(([key]) => ({ probe: 'sysctl', key })),
    diff: (seen) => {
      const details: Detail[] = [];
      const step: string[] = [];
      const obstacles: string[] = [];
      for (const [key, value] of wanted) {
        const now = seen.sysctl.get(key);
        if (now === undefined) return unseen(seen, `sysctl ${key}`);
        if (now === null) obstacles.push(`the kernel has no setting ${key}`);
        else if (now.value === value) continue;
        else if (!now.writable) {
          obstacles.push(
            `${key} is ${now.value}, wanted is ${value}, and this host may not change it (a container?)`,
          );
        } else {
          details.push(...detail(key, now.value, value));
          step.push(key, value);
        }
      }
      if (details.length === 0 && obstacles.length > 0) return cannot(obstacles);
      return changeOr(
        // Told beside the changes too: a warning of its own comes with the next look.
        [...details, ...(details.length > 0 ? obstacles : []).map(asDetail)],
        { action: 'update', step: words('set_sysctl', ...step) },
      );
    },
  };
};

const asDetail = (obstacle: string): Detail => ({ name: obstacle, before: null, after: null });

const cannot = (obstacles: readonly string[]): Diff => ({
  state: 'violated',
  violation: {
    message: obstacles.join('; '),
    next: 'set it on the machine that this host runs on, or take it out of the settings',
    severity: 'warn',
  },
});
