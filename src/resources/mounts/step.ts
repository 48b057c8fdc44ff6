import * as z from 'zod';
import { words } from '../../core/shell.ts';
import { stepKind } from '../step-kind.ts';
import shell from './step.sh';

/** Seconds that a mount may take. */
export const MOUNT_DEADLINE = 300;

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
