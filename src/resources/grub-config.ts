import { words } from '../core/shell.ts';
import grubShell from './grub.sh';
import type { GrubSpec } from './grub-arguments.ts';
import { GRUB_DEFAULTS } from './grub-arguments.ts';
import guardShell from './grub-config.sh';
import { argumentsOf } from './kernel-line.ts';
import { nameOfMany } from './names.ts';
import { unseen } from './observation.ts';
import type { Resource } from './resource.ts';
import { changeOr, detail } from './resource.ts';

/**
 * The boot loader's own configuration has the arguments for every kernel but the rescue ones. Owed where it lacks
 * them, where it is older than /etc/default/grub, and where that changes in this run; then it is written anew.
 */
export const grubConfig = (spec: GrubSpec): Resource => {
  const wanted = argumentsOf(spec.arguments);
  const name = `grub.cfg ${wanted.join(' ')}`;
  return {
    id: `grub-config:${nameOfMany(wanted)}`,
    probes: [
      {
        probe: 'guard',
        name,
        script: `${grubShell}${guardShell}${words('grub_config_state', spec.family, ...wanted)}`,
      },
    ],
    diff: (seen, pending) => {
      const guard = seen.guards.get(name);
      if (!guard) return unseen(seen, `guard ${name}`);
      const [state = '', ...rest] = guard.output.trim().split(' ');
      const reason = rest.join(' ');
      if (state === 'none') {
        return {
          state: 'violated',
          violation: {
            message: reason,
            next: `give the kernel ${wanted.join(' ')} in the way that this host is started`,
            severity: 'warn',
          },
        };
      }
      if (state !== 'same' && state !== 'owed') return { state: 'unknown', reason: guard.output.trim() };
      const changing = [...pending].some(
        (id) => id.startsWith('grub-arguments:') || id === `file:${GRUB_DEFAULTS}`,
      );
      const why = state === 'owed' ? reason : changing ? `${GRUB_DEFAULTS} changes in this run` : null;
      return changeOr(detail('grub.cfg', why, why === null ? null : 'written anew'), {
        action: 'run',
        step: words('update_grub', spec.family, ...wanted),
      });
    },
  };
};
