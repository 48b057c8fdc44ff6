import * as z from 'zod';
import { words } from '../../core/shell.ts';
import { stepKind } from '../step-kind.ts';
import { daemonWords, knownSchema } from './sought.ts';
import { byUnit } from './step.ts';
import shell from './stop-step.sh';

/** Seconds beyond its own wait that a process may take to be ended: it may have to be killed. */
const MARGIN = 120;

/** Seconds that the step has on the host. */
export const stopDeadline = (seconds: number, killAfter: number | null): number =>
  (killAfter ?? seconds) + MARGIN;

/**
 * Ends one process, known by its number, its start time and the repository that it works on: SIGTERM, a wait, and
 * SIGKILL only where that was asked for. Clears the huge pages of a P1 task when it is gone.
 */
export const stopProcess = stepKind({
  schema: z.strictObject({
    step: z.literal('stop-process'),
    name: z.string(),
    repository: z.string(),
    known: knownSchema,
    pid: z.int().positive(),
    /** Its start time since the boot of the host. */
    ticks: z.int().nonnegative(),
    /** Others that work on the repository and are ended after it. */
    beside: z.array(z.int()).readonly(),
    /** Seconds that it has to end after SIGTERM. */
    wait: z.int(),
    /** Seconds after which it is killed, in place of that; null: never. */
    killAfter: z.int().nullable(),
    leftovers: z.string().nullable(),
    /** The systemd unit that runs it: it is ended through systemd, which would start it again. */
    unit: z.string().exactOptional(),
    deadline: z.int(),
  }),
  // It uses functions of the step that starts processes.
  shell,
  bash: ({ name, repository, known, pid, ticks, beside, wait, killAfter, leftovers, unit }) =>
    byUnit(unit) +
    words(
      'stop_process',
      name,
      repository,
      String(pid),
      String(ticks),
      String(wait),
      killAfter === null ? '' : String(killAfter),
      leftovers ?? '',
      beside.join(' '),
      ...daemonWords({ known, repository }),
    ),
});
