import * as z from 'zod';
import { words } from '../../core/shell.ts';
import { checkedScript } from '../names.ts';
import { stepKind } from '../step-kind.ts';
import daemonsShell from './daemons.sh';
import lotusShell from './lotus.sh';
import readyShell from './ready.sh';
import { type Readiness, readinessSchema, readyBash } from './ready.ts';
import { daemonWords, knownSchema } from './sought.ts';
import shell from './step.sh';
import workersShell from './workers.sh';

/** Seconds that a process may take to be started, with what is waited for; its turn comes before that time begins. */
export const startDeadline = (...waits: readonly (Readiness | undefined)[]): number =>
  300 + waits.reduce((sum, wait) => sum + (wait?.deadline ?? 0), 0);

/** Before the bash of a step: the unit that its process is run by, for step.sh and stop-step.sh. */
export const byUnit = (unit: string | undefined): string =>
  unit === undefined ? '' : `by_unit=${words(unit)} `;

/** Starts a process that does not run, and waits until it does. */
export const startProcess = stepKind({
  schema: z.strictObject({
    step: z.literal('start-process'),
    name: z.string(),
    repository: z.string(),
    known: knownSchema,
    /** Where its start script writes what it says. */
    log: z.string(),
    /** The systemd unit that runs it, where its start script does not. */
    unit: z.string().exactOptional(),
    port: z.int(),
    run: z.string(),
    /** Seconds until the next one may be started; whoever runs the steps sees to it (`Pace`). */
    pause: z.int(),
    leftovers: z.string().nullable(),
    pages: z.strictObject({ kib: z.int(), count: z.int() }).nullable(),
    /** What has to be so before it is started, and what it is ready by. */
    before: readinessSchema.nullable(),
    ready: readinessSchema.nullable(),
    deadline: z.int(),
  }),
  shell: [workersShell, daemonsShell, shell, lotusShell, readyShell],
  bash: ({ name, repository, known, log, unit, run, leftovers, pages, before, ready }) =>
    [
      ...(before === null ? [] : [readyBash(before)]),
      `${byUnit(unit)}${words(
        'start_process',
        name,
        repository,
        log,
        leftovers ?? '',
        String(pages?.kib ?? ''),
        String(pages?.count ?? ''),
        ...daemonWords({ known, repository }),
      )} 3<<'FCOPS_RUN'\n${checkedScript(run)}\nFCOPS_RUN`,
      ...(ready === null ? [] : [readyBash(ready)]),
    ].join('\n'),
});
