import { KERNEL_SETTING } from '../../core/names.ts';
import { edit } from '../../core/next.ts';
import { nameOfMany, titleOfMany } from '../names.ts';
import type { Detail, Diff, Resource } from '../resource.ts';
import { changeOr, detail } from '../resource.ts';
import { askSysctl, sysctlLook } from './look.ts';
import { SYSCTL_DEADLINE } from './step.ts';

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
  const keys = wanted.map(([key]) => key);
  return {
    kind: 'sysctl',
    id: `sysctl:${nameOfMany(keys)}`,
    title: titleOfMany('sysctl', keys),
    asks: keys.map(askSysctl),
    provides: [{ type: 'kernel-settings' }],
    leaves: (host) => {
      for (const [key, value] of wanted) host.put(sysctlLook, key, { value, writable: true });
    },
    manages: keys.map((key) => `kernel setting ${key}`),
    diff: (seen) => {
      const details: Detail[] = [];
      const changing: Record<string, string> = {};
      const obstacles: string[] = [];
      for (const [key, value] of wanted) {
        const now = sysctlLook.seen(seen, key);
        if (now === undefined) return sysctlLook.unseen(seen, key);
        if (now === null) obstacles.push(`the kernel has no setting ${key}`);
        else if (now.value === value) continue;
        else if (!now.writable) {
          obstacles.push(
            `${key} is ${now.value}, wanted is ${value}, and this host may not change it (a container?)`,
          );
        } else {
          details.push(...detail(key, now.value, value));
          changing[key] = value;
        }
      }
      if (details.length === 0 && obstacles.length > 0) return cannot(obstacles);
      return changeOr(
        // Told beside the changes too: a warning of its own comes with the next look.
        [...details, ...(details.length > 0 ? obstacles : []).map(asDetail)],
        {
          action: 'update',
          steps: [{ step: 'set-sysctl', settings: changing, deadline: SYSCTL_DEADLINE }],
        },
      );
    },
  };
};

const asDetail = (obstacle: string): Detail => ({ name: obstacle, before: null, after: null });

const cannot = (obstacles: readonly string[]): Diff => ({
  state: 'violated',
  violation: {
    message: obstacles.join('; '),
    next: [edit('set it on the machine that this host runs on, or take it out of the settings')],
    severity: 'warn',
  },
});
