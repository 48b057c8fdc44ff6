import { words } from '../../core/shell.ts';
import { askGuard, guardLook } from '../guard/look.ts';
import type { Ask, Observation } from '../look.ts';
import namesShell from './names.sh';

/** Where the backups of a miner are: on its host, and in what is mounted there. */
export interface BackupPlaces {
  readonly miner: string;
  readonly repository: string;
  readonly here: string;
  readonly there: string;
  /** Where something has to be mounted for `there` to be what it is. */
  readonly mount: string;
}

/** One that is whole as far as names and sizes tell. */
export interface Backup {
  /** `f0494733-20261122T103000Z` */
  readonly name: string;
  /** Seconds since 1970, by the clock of the host that made it. */
  readonly at: number;
  /** Of the metadata. */
  readonly bytes: number;
}

/** What is in one of the two places. */
export type BackupsIn =
  | { readonly type: 'read'; readonly count: number; readonly newest: Backup | null }
  | { readonly type: 'not mounted' }
  /** It could not be read, or nobody could look. */
  | { readonly type: 'unknown'; readonly why: string };

export interface BackupsSeen {
  /** Seconds since 1970, by the clock of the host; null: it was not told. */
  readonly now: number | null;
  readonly there: BackupsIn;
  readonly here: BackupsIn;
  /** Whether there is a repository of lotus-miner; null: not known. */
  readonly hasMiner: boolean | null;
  /** How the last run ended; null: none is known. */
  readonly last: { readonly ok: boolean; readonly at: number; readonly says: string } | null;
}

const HERE = 'backups on the host';
const THERE = 'backups in what is mounted';

/** Bash functions that know the names of backups. */
export const backupsShell: string = namesShell;

/** Two, so that one that hangs leaves the other. */
export const askBackups = ({ miner, repository, here, there, mount }: BackupPlaces): readonly Ask[] => [
  askGuard(HERE, `${namesShell}\n${words('fcops_backups_here', here, miner, repository)}`),
  askGuard(THERE, `${namesShell}\n${words('fcops_backups_in', there, miner, mount)}`),
];

/** What a look has shown of them. */
export const backupsSeen = (seen: Pick<Observation, 'answer'>): BackupsSeen => {
  const [here, there] = [linesOf(seen, HERE), linesOf(seen, THERE)];
  const last = rowOf(here.lines, 'last')?.split('\t') ?? [];
  const [result, at, says = ''] = last;
  return {
    now: numberOf(rowOf(there.lines, 'now') ?? rowOf(here.lines, 'now')),
    there: placeOf(there),
    here: placeOf(here),
    hasMiner: placeOf(here).type === 'unknown' ? null : here.lines.includes('repository'),
    last:
      (result === 'good' || result === 'failed') && numberOf(at) !== null
        ? { ok: result === 'good', at: numberOf(at) ?? 0, says }
        : null,
  };
};

interface Lines {
  readonly lines: readonly string[];
  /** Where there are none. */
  readonly why: string;
}

const linesOf = (seen: Pick<Observation, 'answer'>, name: string): Lines => {
  const guard = guardLook.seen(seen, name);
  if (guard === undefined) return { lines: [], why: guardLook.unseen(seen, name).reason };
  return { lines: guard.output.split('\n'), why: 'its answer is not understood' };
};

const rowOf = (lines: readonly string[], key: string): string | undefined =>
  lines.find((line) => line.startsWith(`${key} `))?.slice(key.length + 1);

const numberOf = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : null;

const placeOf = ({ lines, why }: Lines): BackupsIn => {
  if (lines.includes('unmounted')) return { type: 'not mounted' };
  const unread = rowOf(lines, 'unread');
  if (unread !== undefined) return { type: 'unknown', why: unread };
  const [count, name, bytes] = rowOf(lines, 'whole')?.split(' ') ?? [];
  const number = numberOf(count);
  if (number === null) return { type: 'unknown', why };
  const newest = backupOf(name ?? '', bytes);
  if ((number === 0) !== (newest === null)) return { type: 'unknown', why };
  return { type: 'read', count: number, newest };
};

/** A backup by its name, which has its time in it; null where it is none. */
export const backupOf = (name: string, bytes: string | undefined): Backup | null => {
  const [, ...parts] = /^[ft]0\d+-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(name) ?? [];
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map(Number);
  const size = bytes !== undefined && /^\d{1,15}$/.test(bytes) ? Number(bytes) : null;
  if (parts.length === 0 || size === null) return null;
  return { name, at: Date.UTC(year, month - 1, day, hour, minute, second) / 1000, bytes: size };
};
