import { fcopsCommand } from '../../core/next.ts';
import type { LockHolder, Problem } from '../../core/problem.ts';
import { RUN_NAME } from '../runs/record.ts';
import shell from './holder.sh';

/** Bash that finds out who is changing a host; the look, the runner and the holding of a host share it. */
export const holderShell: string = shell;

/** The holder as it is written in a lock: fields with tabs between, on one line. */
export const holderText = ({ who, run, since }: LockHolder): string =>
  [who, run, since].map((field) => field.replace(/[\t\r\n]/g, ' ')).join('\t');

/** The holder from the fields of a line; what is not said is empty. */
export const holderOf = ([who = '', run = '', since = '']: readonly string[]): LockHolder => ({
  who,
  run,
  since,
});

/** A run is taken up where its journal is: on the controller that began it. */
const placeOf = ({ who }: LockHolder): string => {
  const controller = who.split('@').at(-1) ?? '';
  return who.includes('@') && controller !== '' ? ` on ${controller}` : '';
};

/** Who holds a host besides this run, which may hold it itself; null: nobody does. */
export const otherHolder = (holder: LockHolder | null, run: string | undefined): LockHolder | null =>
  holder === null || holder.run === run ? null : holder;

/** The lock of a host is held: by whom, and what to do. */
export const lockedProblem = (host: string, holder: LockHolder): Problem => ({
  kind: 'locked',
  what: 'another run is changing this host; nothing was done to it',
  where: { host },
  holder,
  next: [
    { type: 'again', text: 'wait for it to end, then run again' },
    ...(RUN_NAME.test(holder.run)
      ? [fcopsCommand(['resume', holder.run], `where it was killed, take it up${placeOf(holder)}`)]
      : []),
  ],
});
