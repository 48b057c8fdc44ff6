import type { Reveal } from '../../core/content.ts';
import { sha256 } from '../../core/sha256.ts';
import { quote } from '../../core/shell.ts';
import { staysBash } from '../../resources/kept/undone.ts';
import { bashOf, STEP_SHELL } from '../../resources/kinds.ts';
import { holderShell } from '../lock/holder.ts';
import type { ChangeItem } from '../plan.ts';
import followShell from './follow.sh';
import type { Pace } from './pace.ts';
import runnerShell from './runner.sh';
import startShell from './start.sh';

/** Runs whose journals and replaced files stay on a host. */
export const RUNS_KEPT = 20;

const UNPACED: Pace = { every: 0, pauseOf: () => null };

/** Where a run keeps its journal and what it replaced, on the host. */
export const runDirectory = (run: string): string => `/var/lib/fcops/runs/${run}`;

/**
 * The steps of one host as the one script that runs them in order, for standard input: here, and nowhere before,
 * typed steps become bash and secrets get their values. The same plan gives the same bytes.
 */
export const stepsScript = (
  run: string,
  holder: string,
  changes: readonly ChangeItem[],
  reveal: Reveal,
  pace: Pace = UNPACED,
): string => {
  const numbers = new Map(changes.map(({ resource }, index) => [resource, index + 1]));
  const calls = changes.map((item) => {
    const { change, after = [] } = item;
    const deadline = change.steps.reduce((sum, step) => sum + step.deadline, 0);
    const needed = after.flatMap((resource) => numbers.get(resource) ?? []).join(',');
    return `${deadline}:${needed}:${pace.pauseOf(item) ?? ''}`;
  });
  return [
    `FCOPS_RUN=${runDirectory(run)}`,
    'export FCOPS_RUN',
    STEP_SHELL,
    ...changes.map(
      ({ change }, index) =>
        `fcops_step_${index + 1}() {\n${change.steps.map((step) => `${staysBash(step)}${bashOf(step, reveal)}`).join('\n')}\n}`,
    ),
    holderShell,
    runnerShell,
    `fcops_main ${[quote(holder), RUNS_KEPT, pace.every, ...calls].join(' ')}`,
    '',
  ].join('\n');
};

/** The script that receives the steps, checks that they are whole, starts them and follows their journal. */
export const startScript = (run: string, steps: string): string =>
  `FCOPS_RUN=${runDirectory(run)}\nFCOPS_SUM=${sha256(steps)}\n${startShell}`;

/** The script that goes on following a journal from a byte, counted from 1. */
export const followScript = (run: string, from: number): string =>
  `FCOPS_RUN=${runDirectory(run)}\nFCOPS_FROM=${from}\n${holderShell}\n${followShell}`;

/** The script that asks a run to end after the step it is at, whether it has begun by then or not. */
export const stopScript = (run: string): string =>
  `umask 077; mkdir -p -- /var/lib/fcops/runs && : >${runDirectory(run)}.stop\n`;
