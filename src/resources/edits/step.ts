import * as z from 'zod';
import { words } from '../../core/shell.ts';
import { stepKind } from '../step-kind.ts';
import shell from './step.sh';

/** Seconds that an edit may take. */
export const EDIT_DEADLINE = 120;

/** Edits single lines of a file that others write too: only the lines that are ours stand here. */
export const editLines = stepKind({
  schema: z.strictObject({
    step: z.literal('edit-lines'),
    path: z.string(),
    /** Null: only `drop` goes. */
    line: z.string().nullable(),
    /** Lines that the plan saw and that go; where one of them is gone by then, the step refuses. */
    drop: z.array(z.string()).readonly(),
    deadline: z.int(),
  }),
  shell,
  bash: ({ path, line, drop }) => words('edit_file', path, line ?? '', ...drop),
});
