import * as z from 'zod';
import { words } from '../../core/shell.ts';
import { checkedScript } from '../names.ts';
import { byUnit } from '../process/step.ts';
import { stepKind } from '../step-kind.ts';
import shell from './step.sh';

/** Seconds: the process may take two minutes until it answers. */
export const INIT_DEADLINE = 300;

/** Gives a process that runs its cache directory, where that has not been done, and looks that it came about. */
export const initProcess = stepKind({
  schema: z.strictObject({
    step: z.literal('init-process'),
    name: z.string(),
    repository: z.string(),
    cache: z.string(),
    /** The systemd unit that runs it, where its start script does not. */
    unit: z.string().exactOptional(),
    run: z.string(),
    deadline: z.int(),
  }),
  shell,
  bash: ({ name, repository, cache, unit, run }) =>
    `${byUnit(unit)}${words('init_process', name, repository, cache)} 3<<'FCOPS_RUN'\n${checkedScript(run)}\nFCOPS_RUN`,
});
