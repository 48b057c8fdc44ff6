import * as z from 'zod';
import { words } from '../../core/shell.ts';
import { stateWordSchema } from '../path/state.ts';
import { stepKind } from '../step-kind.ts';
import shell from './step.sh';

/** Seconds that something may take to be put back. */
export const RESTORE_DEADLINE = 120;

/** Puts back a file from the copy that a run has kept of it, with owner and mode. */
export const restoreFile = stepKind({
  schema: z.strictObject({
    step: z.literal('restore-file'),
    path: z.string(),
    /** The copy, below /var/lib/fcops/runs. */
    copy: z.string(),
    sha256: z.string(),
    seen: stateWordSchema,
    deadline: z.int(),
  }),
  shell,
  bash: ({ path, copy, sha256, seen }) => words('restore_file', path, copy, sha256, seen),
});

/** Takes away what was not there before: a file or link as it was seen, a directory only where it is empty. */
export const takeAway = stepKind({
  schema: z.strictObject({
    step: z.literal('take-away'),
    path: z.string(),
    seen: stateWordSchema,
    deadline: z.int(),
  }),
  shell,
  bash: ({ path, seen }) => words('take_away', path, seen),
});

/** Puts back the crontab of a user. */
export const restoreCrontab = stepKind({
  schema: z.strictObject({
    step: z.literal('restore-crontab'),
    user: z.string(),
    /** sha256 of the text that the plan saw. */
    seen: z.string(),
    /** Null: there was none. */
    copy: z.string().nullable(),
    deadline: z.int(),
  }),
  shell,
  bash: ({ user, seen, copy }) => words('restore_crontab', user, seen, ...(copy === null ? [] : [copy])),
});
