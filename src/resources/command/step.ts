import * as z from 'zod';
import { words } from '../../core/shell.ts';
import { checkedScript } from '../names.ts';
import { stepKind } from '../step-kind.ts';
import shell from './step.sh';

/** Seconds that a command may take, where it does not say how long it needs. */
export const COMMAND_DEADLINE = 3600;

/** Runs a script where its guard does not succeed, and looks that it does then. */
export const runCommand = stepKind({
  schema: z.strictObject({
    step: z.literal('run-command'),
    name: z.string(),
    guard: z.string(),
    run: z.string(),
    deadline: z.int(),
  }),
  shell,
  bash: ({ name, guard, run }) =>
    `${words('run_guarded', name)} 3<<'FCOPS_GUARD' 4<<'FCOPS_RUN'\n${checkedScript(guard)}\nFCOPS_GUARD\n${checkedScript(run)}\nFCOPS_RUN`,
});
