import * as z from 'zod';
import { GRUB, OS_FAMILIES } from '../../core/distributions.ts';
import { words } from '../../core/shell.ts';
import { stateWordSchema } from '../path/state.ts';
import { stepKind } from '../step-kind.ts';
import commonShell from './common.sh';
import shell from './step.sh';

/** Seconds that GRUB's configuration may take: os-prober reads every disk. */
export const GRUB_DEADLINE = 900;

/** Puts back GRUB's configuration as it was kept. */
export const restoreGrub = stepKind({
  schema: z.strictObject({
    step: z.literal('restore-grub'),
    path: z.string(),
    copy: z.string(),
    sha256: z.string(),
    seen: stateWordSchema,
    deadline: z.int(),
  }),
  shell: `${commonShell}\n${shell}`,
  bash: ({ path, copy, sha256, seen }) => words('restore_grub', path, copy, sha256, seen),
});

/** Writes GRUB's configuration anew, and looks that every kernel gets the arguments. */
export const updateGrub = stepKind({
  schema: z.strictObject({
    step: z.literal('update-grub'),
    family: z.enum(OS_FAMILIES),
    arguments: z.array(z.string()).readonly(),
    deadline: z.int(),
  }),
  shell: `${commonShell}\n${shell}`,
  bash: ({ family, arguments: wanted }) => {
    const { program, maker, config, efiLink } = GRUB[family];
    return words('update_grub', program, maker, config, efiLink, ...wanted);
  },
});
