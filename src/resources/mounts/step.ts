import * as z from 'zod';
import { words } from '../../core/shell.ts';
import { stepKind } from '../step-kind.ts';
import shell from './step.sh';

/** Seconds that a mount may take. */
export const MOUNT_DEADLINE = 300;

/** Mounts a directory, as /etc/fstab says. */
export const mountStep = stepKind({
  schema: z.strictObject({
    step: z.literal('mount'),
    target: z.string(),
    fstype: z.string(),
    deadline: z.int(),
  }),
  shell,
  bash: ({ target, fstype }) => words('mount_target', target, fstype),
});
