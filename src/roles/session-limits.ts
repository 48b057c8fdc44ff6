import { edit } from '../core/next.ts';
import type { Resource } from '../resources/resource.ts';
import { askSysctl, sysctlLook } from '../resources/sysctl/look.ts';

/** Open files of a session, of a service, and of the whole machine (handbook 2.2.2.1). */
export const OPEN_FILES = '10000000';

/**
 * The file of session limits, put in place only where the kernel allows as many open files as it grants: PAM
 * refuses every login with a limit above fs.nr_open. `nrOpen` is what the task before this sets; a container
 * whose /proc/sys is read-only keeps what it has, and is left without the file, with a warning.
 */
export const withinNrOpen = (limits: Resource, openFiles: number, nrOpen: number): Resource => ({
  ...limits,
  after: [{ type: 'kernel-settings' }],
  asks: [...limits.asks, askSysctl('fs.nr_open')],
  diff: (seen, context) => {
    const now = sysctlLook.seen(seen, 'fs.nr_open');
    if (now === undefined || now === null) return sysctlLook.unseen(seen, 'fs.nr_open');
    const then = now.writable ? nrOpen : Number(now.value);
    if (then >= openFiles) return limits.diff(seen, context);
    return {
      state: 'violated',
      violation: {
        message: `the limit of ${openFiles} open files is not set: fs.nr_open is ${then}, and a limit above it would refuse every login`,
        next: [
          edit(
            now.writable
              ? `set variables.sysctl fs.nr_open to ${openFiles} or more`
              : 'raise fs.nr_open on the machine that this host runs on',
          ),
        ],
        severity: 'warn',
      },
    };
  },
});
