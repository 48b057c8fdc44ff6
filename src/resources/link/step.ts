import * as z from 'zod';
import { words } from '../../core/shell.ts';
import { stateWordSchema } from '../path/state.ts';
import { stepKind } from '../step-kind.ts';
import shell from './step.sh';

/** Seconds that a link may take to be made. */
export const LINK_DEADLINE = 120;

/** Puts a symbolic link in place by rename, so that it always points somewhere. */
export const putLink = stepKind({
  schema: z.strictObject({
    step: z.literal('put-link'),
    path: z.string(),
    target: z.string(),
    /** Only where the target is there when the step runs. */
    mustExist: z.boolean(),
    seen: stateWordSchema,
    deadline: z.int(),
  }),
  shell,
  bash: ({ path, target, mustExist, seen }) =>
    words('put_link', path, target, seen, ...(mustExist ? ['there'] : [])),
});
