import * as z from 'zod';
import { words } from '../../core/shell.ts';
import { stepKind } from '../step-kind.ts';
import shell from './step.sh';

/** Seconds that a mount may take. */
export const MOUNT_DEADLINE = 300;

/** Seconds that the server of a storage has to let it be mounted, and those that the step has with it. */
const STORAGE_SECONDS = 60;
export const STORAGE_DEADLINE = STORAGE_SECONDS + 30;

/** Mounts a storage of another machine that is not mounted, as /etc/fstab says. */
export const mountStorageStep = stepKind({
  schema: z.strictObject({
    step: z.literal('mount-storage'),
    target: z.string(),
    /** As the kernel may call it then. */
    fstypes: z.array(z.string()).readonly(),
    deadline: z.int(),
  }),
  shell: '',
  bash: ({ target, fstypes }) => words('mount_storage', target, `${STORAGE_SECONDS}`, ...fstypes),
});

/** Mounts a directory, as /etc/fstab says; what is mounted there with other sizes goes first. */
export const mountStep = stepKind({
  schema: z.strictObject({
    step: z.literal('mount'),
    target: z.string(),
    fstype: z.string(),
    sizes: z.array(z.string()).readonly().default([]),
    deadline: z.int(),
  }),
  shell,
  bash: ({ target, fstype, sizes }) => words('mount_target', target, fstype, ...sizes),
});
