import type { Next } from '../core/next.ts';
import { fcopsCommand, look } from '../core/next.ts';
import type { LockHolder } from '../core/problem.ts';

/** What to do about what does not run on a host that a run has: to start it as well is no advice. */
export const mayBeStartedBy = ({ who, run }: Pick<LockHolder, 'who' | 'run'>): Next => {
  const by = [run && `run ${run}`, who && `of ${who}`].filter(Boolean).join(' ') || 'another run';
  return look(`${by} is changing this host, and may be starting it: wait for it to end, then look again`);
};

/** The same where a log may tell why (null: there is none); of what is being started it does not yet. */
export const toStartAgain = (
  at: Parameters<typeof toStart>[0],
  role: string,
  log: string | null,
): readonly Next[] => [
  ...(log === null || at.lockedBy ? [] : [look(`see the end of ${log} on the host`)]),
  toStart(at, role),
];

/** What to do about what does not run on a host; `processes`: these alone. */
export const toStart = (
  { host, lockedBy }: { readonly host: string; readonly lockedBy: LockHolder | null },
  role: string,
  processes?: readonly string[],
): Next =>
  lockedBy
    ? mayBeStartedBy(lockedBy)
    : fcopsCommand(
        [...['start', role, '--limit', host], ...(processes ? ['--process', processes.join(',')] : [])],
        'to start what does not run',
      );
