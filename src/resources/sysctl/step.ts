import * as z from 'zod';
import { words } from '../../core/shell.ts';
import { stepKind } from '../step-kind.ts';
import shell from './step.sh';

/** Seconds that kernel settings may take. */
export const SYSCTL_DEADLINE = 120;

/** Sets live kernel settings, and looks that the kernel has taken them. */
export const setSysctl = stepKind({
  schema: z.strictObject({
    step: z.literal('set-sysctl'),
    settings: z.record(z.string(), z.string()),
    deadline: z.int(),
  }),
  shell,
  bash: ({ settings }) => words('set_sysctl', ...Object.entries(settings).flat()),
});
