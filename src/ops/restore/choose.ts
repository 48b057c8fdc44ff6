import { again, fcopsCommand, look } from '../../core/next.ts';
import { FcopsError } from '../../core/problem.ts';
import type { BackupList, ListedBackup, Sums } from '../backups/list.ts';
import type { ChosenBackup } from '../bootstrap/setup.ts';

/** Whether what somebody has named is a path on the host; else it is the name of a backup. */
export const isPath = (from: string): boolean => from.startsWith('/');

/**
 * The backup that is restored: the one that was named, else the newest whose files are what its sums say. Throws an
 * FcopsError where there is none, or where it is damaged.
 */
export const chooseBackup = (list: BackupList, from: string | undefined, host: string): ChosenBackup => {
  if (from !== undefined && isPath(from)) return given(list, from, host);
  const named = from === undefined ? list.backups : list.backups.filter(({ name }) => name === from);
  const good = named.find(({ sums }) => sums === 'good');
  if (good) return ofListed(good);
  const [first] = named;
  if (from !== undefined && first) throw refused(from, first.sums, first, host);
  throw new FcopsError({
    kind: 'check',
    what:
      from === undefined
        ? `there is no backup on ${host} whose files are what its sums say`
        : `there is no backup called ${from} on ${host}`,
    where: { host },
    ...(list.unread.length > 0 && {
      why: list.unread.map(({ directory, why }) => `${directory}: ${why}`).join('; '),
    }),
    next: [
      ...(list.unread.length > 0 ? [look('mount what is missing, or copy a backup to the host')] : []),
      again('name one by its path on the host: --from /opt/raid0/minerbackup/…'),
    ],
  });
};

const ofListed = ({ directory, sha256, bytes, at }: ListedBackup): ChosenBackup => ({
  metadata: `${directory}/metadata.cbor`,
  config: `${directory}/config.toml`,
  storage: `${directory}/storage.json`,
  ...{ sha256, bytes, at },
  hasSums: true,
});

const refused = (
  from: string,
  sums: Sums,
  { directory }: Pick<ListedBackup, 'directory'>,
  host: string,
): FcopsError =>
  new FcopsError({
    kind: 'check',
    what:
      sums === 'differs'
        ? `the files of ${from} are not what its sums say: it is damaged, and not restored`
        : `whether the files of ${from} are what its sums say is not known: there was no time for it`,
    where: { host },
    next: [
      sums === 'differs'
        ? fcopsCommand(['restore', 'miner', '--check'], 'see which ones are good')
        : again(`name it alone: --from ${directory}`),
    ],
  });

const given = ({ given: found, backups }: BackupList, from: string, host: string): ChosenBackup => {
  if (found?.type !== 'found')
    throw new FcopsError({
      kind: 'check',
      what: `${from} cannot be restored from`,
      where: { host },
      why: found?.why ?? 'the host says nothing of it',
      next: [
        again(
          'name a file of metadata, or a directory with metadata.cbor, that has its config.toml and storage.json beside it',
        ),
      ],
    });
  const { metadata, config, storage, sha256, bytes, sums } = found;
  const directory = metadata.slice(0, metadata.lastIndexOf('/'));
  if (sums === 'differs') throw refused(from, sums, { directory }, host);
  const listed = backups.find((one) => one.directory === directory);
  return { metadata, config, storage, sha256, bytes, at: listed?.at ?? null, hasSums: sums === 'good' };
};
