import * as z from 'zod';
import { words } from '../../core/shell.ts';
import { stepKind } from '../step-kind.ts';
import shell from './step.sh';

/** Seconds that packages may take: a driver of the GPU builds its modules for each kernel. */
export const PACKAGES_DEADLINE = 3600;

/** Installs packages of the distribution, all by one call. */
export const installPackages = stepKind({
  schema: z.strictObject({
    step: z.literal('install-packages'),
    manager: z.enum(['apt', 'yum']),
    names: z.array(z.string()).readonly(),
    deadline: z.int(),
  }),
  shell,
  bash: ({ manager, names }) => words(`install_${manager}`, ...names),
});
