import * as z from 'zod';
import { words } from '../../core/shell.ts';
import { checkedScript } from '../names.ts';
import { stepKind } from '../step-kind.ts';
import shell from './step.sh';
import workersShell from './workers.sh';

/** Seconds that a process may take to be started, and the pause that comes after it. */
export const startDeadline = (pause: number): number => 300 + pause;

/** Starts a process that does not run, waits until it does, and until the next one may be started. */
export const startProcess = stepKind({
  schema: z.strictObject({
    step: z.literal('start-process'),
    name: z.string(),
    repository: z.string(),
    port: z.int(),
    run: z.string(),
    /** Seconds. */
    pause: z.int(),
    leftovers: z.string().nullable(),
    pages: z.strictObject({ kib: z.int(), count: z.int() }).nullable(),
    deadline: z.int(),
  }),
  shell: `${workersShell}${shell}`,
  bash: ({ name, repository, run, pause, leftovers, pages }) =>
    `${words('start_process', name, repository, String(pause), leftovers ?? '', String(pages?.kib ?? ''), String(pages?.count ?? ''))} 3<<'FCOPS_RUN'\n${checkedScript(run)}\nFCOPS_RUN`,
});
