import type { Problem } from '../core/errors.ts';
import type { Exit } from '../transport/connection.ts';
import type { ChangeItem } from './plan.ts';

/** The lock of a host is held: by whom, and what to do. */
export const lockedProblem = (host: string, holder: string): Problem => ({
  what: 'another run is changing this host; nothing was done to it',
  where: { host },
  why: holder || 'it does not say who',
  next: 'wait for it to end, then run again',
});

export const failedProblem = (
  host: string,
  item: ChangeItem | undefined,
  status: number,
  lastLines: readonly string[],
): Problem => ({
  what: `${item?.resource ?? 'a step'} failed (status ${status})`,
  where: { host, task: item?.task ?? '' },
  why: lastLines.join('\n        ') || 'it printed nothing',
  next: 'fix the cause and run again: what was done stays, and only what is missing is done',
});

export const stoppedProblem = (host: string, item: ChangeItem | undefined): Problem => ({
  what: 'stopped between two steps, as asked',
  where: { host, task: item?.task ?? '' },
  next: 'run again to do the rest',
});

/** Status of follow.sh where the host has nothing of the run. */
export const NEVER_ARRIVED = 76;

const NOT_ARRIVED: Pick<Problem, 'what' | 'next'> = {
  what: 'the steps did not reach the host whole; nothing was done',
  next: 'run again',
};

/** What start.sh and follow.sh say by their status, where the steps were not started: nothing was done. */
const NOT_STARTED: ReadonlyMap<number | null, Pick<Problem, 'what' | 'next'>> = new Map([
  [
    74,
    {
      what: 'the steps could not be kept on the host; nothing was done',
      next: 'see that /var/lib/fcops has room and can be written, then run again',
    },
  ],
  [75, { ...NOT_ARRIVED, next: 'see that /var/lib/fcops has room, then run again' }],
  [NEVER_ARRIVED, NOT_ARRIVED],
  [77, NOT_ARRIVED],
]);

const ENDED_SILENTLY: Pick<Problem, 'what' | 'next'> = {
  what: 'the run ended on the host without saying how',
  next: 'see that /var/lib/fcops has room and can be written, then run again',
};

/** The run ended without a word in its journal; `noise` is what else stands there. */
export const brokenOffProblem = (host: string, noise: readonly string[], exit: Exit): Problem =>
  exit.problem ?? {
    ...(NOT_STARTED.get(exit.status) ?? ENDED_SILENTLY),
    where: { host },
    why: [...noise, exit.stderr.trim()].filter(Boolean).join('\n        ') || `status ${exit.status}`,
  };

export const lostProblem = (host: string, why: string): Problem => ({
  what: 'the connection was lost while the host was being changed; its steps go on without it',
  where: { host },
  why,
  next: 'run again when the host can be reached: only what is missing is done',
});
