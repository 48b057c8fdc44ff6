import type { Next } from '../../core/next.ts';
import { fcopsCommand, look, shellOnHost } from '../../core/next.ts';
import { count, formatSeconds } from '../../core/units.ts';
import type { BackupsSeen } from '../../resources/backups/look.ts';
import { BACKUPS } from '../../roles/miner-places.ts';

/** Backups of the miner of a host, as a look has shown them, with what the inventory wants. */
export interface BackupsStatus extends BackupsSeen {
  readonly directory: string;
  readonly mount: string;
  /** Hours between two. */
  readonly hours: number;
}

/** What is to be said of them. `unknown`: nobody can tell. */
export interface BackupsFound {
  readonly state: 'ok' | 'warn' | 'bad' | 'unknown';
  readonly message: string;
  readonly why?: string;
  readonly next?: readonly Next[];
}

/** Seconds that a clock may be set back without a word. */
const AHEAD = 600;

/** Seconds since the newest whole one there was begun; null: there is none, or it is not known. */
export const ageOf = ({ now, there }: BackupsSeen): number | null =>
  now === null || there.type !== 'read' || there.newest === null ? null : now - there.newest.at;

/** Whether the newest backup is as new as the inventory wants it: older than twice the time between two is bad. */
export const judgeBackups = (status: BackupsStatus): BackupsFound => {
  const { directory, mount, hours, there, hasMiner, last } = status;
  const take = fcopsCommand(['backup', 'miner'], 'to take one now');
  const failure = last && !last.ok ? { why: `the last one failed: ${last.says}` } : {};
  if (hasMiner === false) return { state: 'ok', message: 'there is no miner yet that could be backed up' };
  if (there.type === 'not mounted')
    return {
      state: 'bad',
      message: `nothing is mounted at ${mount}: no backup of lotus-miner goes there`,
      ...failure,
      next: [look(`mount it; until then backups stay on the host alone, in ${BACKUPS}`)],
    };
  if (there.type === 'unknown')
    return {
      state: 'unknown',
      message: `backups of lotus-miner in ${directory} are not known`,
      why: there.why,
    };
  const age = ageOf(status);
  if (there.newest === null)
    return {
      state: 'bad',
      message: `there is no whole backup of lotus-miner in ${directory}`,
      ...failure,
      next: [take],
    };
  if (age === null)
    return { state: 'unknown', message: `the age of ${there.newest.name} is not known`, ...failure };
  if (age < -AHEAD)
    return {
      state: 'unknown',
      message: `${there.newest.name} in ${directory} is of a time that has not come yet: nobody knows how old it is`,
      next: [look('see the clock of the host'), take],
    };
  const old = formatSeconds(Math.max(0, age));
  if (age > 2 * hours * 3600)
    return {
      state: 'bad',
      message: `the newest backup of lotus-miner is ${old} old, and one is made every ${count(hours, 'hour')}`,
      ...failure,
      next: [shellOnHost(`tail ${BACKUPS}/backup.log`, 'see why'), take],
    };
  if (last && !last.ok && last.at > there.newest.at)
    return {
      state: 'warn',
      message: `the last backup of lotus-miner failed; the newest is ${old} old`,
      why: last.says,
      next: [take],
    };
  return {
    state: 'ok',
    message: `the newest backup of lotus-miner is ${old} old, ${count(there.count, 'backup')} in ${directory}`,
  };
};
