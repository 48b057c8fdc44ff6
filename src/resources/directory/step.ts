import * as z from 'zod';
import { words } from '../../core/shell.ts';
import { ownershipSchema } from '../path/state.ts';
import { stepKind } from '../step-kind.ts';
import shell from './step.sh';

/** Seconds that a directory may take to be made. */
export const DIRECTORY_DEADLINE = 120;

/** Makes a directory and its parents where they are missing, and sets its owner and mode. */
export const putDirectory = stepKind({
  schema: z.strictObject({
    step: z.literal('put-directory'),
    path: z.string(),
    ...ownershipSchema,
    deadline: z.int(),
  }),
  shell,
  bash: ({ path, mode, owner, group }) => words('put_directory', path, mode, owner, group),
});
