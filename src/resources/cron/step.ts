import * as z from 'zod';
import { words } from '../../core/shell.ts';
import { stepKind } from '../step-kind.ts';
import shell from './step.sh';

/** Seconds that a crontab may take to be written. */
export const CRON_DEADLINE = 120;

/** Edits single lines of the crontab of a user. */
export const editCrontab = stepKind({
  schema: z.strictObject({
    step: z.literal('edit-crontab'),
    user: z.string(),
    /** sha256 of the text that the plan saw. */
    seen: z.string(),
    /** Null: only `drop` goes. */
    line: z.string().nullable(),
    drop: z.array(z.string()).readonly(),
    deadline: z.int(),
  }),
  shell,
  bash: ({ user, seen, line, drop }) => words('edit_crontab', user, seen, line ?? '', ...drop),
});
