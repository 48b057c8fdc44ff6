import { err, ok, type Result } from '../../core/result.ts';
import { words } from '../../core/shell.ts';
import { toldRows } from '../../core/told-rows.ts';
import type { Query } from '../../engine/query.ts';
import type { Cluster } from '../../inventory/cluster.ts';
import listShell from '../../resources/backups/list.sh';
import type { Backup } from '../../resources/backups/look.ts';
import { backupOf, backupsShell } from '../../resources/backups/look.ts';
import { BACKUPS } from '../../roles/miner-places.ts';

export const PLACES = ['here', 'there'] as const;
/** On the host itself, or in what is mounted there. */
export type Place = (typeof PLACES)[number];

/** Whether the files are what their sums say. `unchecked`: there was no time for it. */
export const SUMS = ['good', 'differs', 'unchecked', 'none'] as const;
export type Sums = (typeof SUMS)[number];

export interface ListedBackup extends Backup {
  readonly place: Place;
  readonly directory: string;
  readonly sums: Sums;
  /** Of the metadata, as its sums say. */
  readonly sha256: string;
}

/** What somebody has named to restore from. */
export type GivenBackup =
  | {
      readonly type: 'found';
      readonly metadata: string;
      readonly config: string;
      readonly storage: string;
      readonly bytes: number;
      readonly sums: Sums;
      readonly sha256: string;
    }
  | { readonly type: 'not usable'; readonly why: string };

export interface BackupList {
  /** Seconds since 1970, by the clock of the host. */
  readonly now: number;
  /** Whole ones, the newest first. */
  readonly backups: readonly ListedBackup[];
  /** Places that could not be read, and why. */
  readonly unread: readonly { readonly place: Place; readonly directory: string; readonly why: string }[];
  readonly given: GivenBackup | null;
}

/** Milliseconds: sums of some gigabytes, and mounts that are waited for. */
const DEADLINE = 300_000;

/** Which backups there are. `file`: one that somebody has named by its path. */
export const backupListQuery = ({ miner, backup }: Cluster, file: string | null): Query<BackupList> => {
  const places: Readonly<Record<Place, string>> = { here: BACKUPS, there: backup?.directory ?? '' };
  return {
    name: 'what backups of its miner there are',
    script: `${backupsShell}\n${listShell}\n${words('fcops_backup_list', miner, places.here, places.there, backup?.mount ?? '', file ?? '')}\n`,
    parse: (text) => parseBackupList(text, places),
    deadline: DEADLINE,
  };
};

/** Reads the rows of list.sh: all of them, or nothing. */
export const parseBackupList = (
  text: string,
  places: Readonly<Record<Place, string>>,
): Result<BackupList, string> => {
  const rows = toldRows(text);
  if (!rows.ok) return rows;
  const now = rows.value.find(([tag]) => tag === 'now')?.[1];
  if (now === undefined || !/^\d{1,12}$/.test(now)) return err('it does not tell its time');
  const backups = rows.value.flatMap(([tag, at, name = '', bytes, sums, sha256]) => {
    const place = PLACES.find((one) => one === at);
    const known = SUMS.find((one) => one === sums);
    const backup = backupOf(name, bytes);
    return tag === 'backup' && place && known && backup && /^[0-9a-f]{64}$/.test(sha256 ?? '')
      ? [{ ...backup, place, directory: `${places[place]}/${name}`, sums: known, sha256: sha256 ?? '' }]
      : [];
  });
  const unread = rows.value.flatMap(([tag, at, state, why = '']) => {
    const place = PLACES.find((one) => one === at);
    if (tag !== 'place' || !place || state === 'read') return [];
    return [
      { place, directory: places[place], why: state === 'not mounted' ? 'nothing is mounted there' : why },
    ];
  });
  return ok({
    now: Number(now),
    backups: backups.toSorted((a, b) => b.at - a.at || a.place.localeCompare(b.place)),
    unread,
    given: givenOf(rows.value),
  });
};

const givenOf = (rows: readonly (readonly string[])[]): GivenBackup | null => {
  const [tag, metadata = '', bytes = '', config = '', storage = '', sums, sha256 = ''] =
    rows.find(([one]) => one === 'given' || one === 'nogiven') ?? [];
  if (tag === undefined) return null;
  const known = SUMS.find((one) => one === sums);
  if (tag === 'given' && known && /^\d{1,15}$/.test(bytes) && /^[0-9a-f]{64}$/.test(sha256))
    return { type: 'found', metadata, config, storage, bytes: Number(bytes), sums: known, sha256 };
  return {
    type: 'not usable',
    why: tag === 'nogiven' ? metadata : 'what the host says of it is not understood',
  };
};
