import { MiB } from '../core/units.ts';
import type { Cluster, Host, MinerBackup } from '../inventory/cluster.ts';
import type { BackupPlaces } from '../resources/backups/look.ts';
import { cron } from '../resources/cron/cron.ts';
import type { Task } from '../resources/resource.ts';
import { BACKUP_SCRIPT, BACKUPS, PROFILE, REPOSITORIES } from './miner-places.ts';
import type { RoleContext } from './role.ts';
import { task } from './role.ts';
import { script } from './worker.ts';

/** Bytes that stay free beside a backup, here and there: lotus and lotus-miner write to the same disk. */
const MARGIN = 512 * MiB;

/** Entries of cron of fcops. */
const OWN = '^[^#]*\\s/opt/raid0/backup_lotusminer\\.sh(\\s|$)';

/** Off the full hour, when all else runs. */
const schedule = (hours: number): string => (hours === 24 ? '17 3 * * *' : `17 */${hours} * * *`);

/**
 * Backups of the metadata of lotus-miner (handbook 1.2, 4.4) by cron. Where the inventory wants none, those end; what was
 * backed up stays.
 */
export const backupTask = ({ cluster: { miner, backup }, render }: RoleContext): Task => {
  const entry = (line: string | null) =>
    cron({ user: 'root', line, match: OWN, name: 'backup_lotusminer.sh' });
  if (backup === null) return task('backups of lotus-miner', ['backup'], [entry(null)]);
  const { mount, directory, hours, keep } = backup;
  return task(
    'backups of lotus-miner',
    ['backup'],
    [
      script(
        BACKUP_SCRIPT,
        render('miner/backup_lotusminer.sh', {
          miner,
          mount,
          there: directory,
          keep,
          here: BACKUPS,
          repository: REPOSITORIES.lotusMiner,
          profile: PROFILE,
          margin: MARGIN,
        }),
      ),
      entry(`${schedule(hours)} /bin/bash ${BACKUP_SCRIPT} >/dev/null 2>&1`),
    ],
  );
};

/** Where the backups of a miner are, as a directory of its host. */
export const backupPlaces = (
  { miner }: Cluster,
  { mount, directory }: Pick<MinerBackup, 'mount' | 'directory'>,
): BackupPlaces => ({
  miner,
  repository: REPOSITORIES.lotusMiner,
  here: BACKUPS,
  there: directory,
  mount,
});

/** What a host backs up of its miner; null: it has none, or the inventory wants none. */
export const backupOn = ({ backup }: Cluster, { roles }: Host): MinerBackup | null =>
  roles.includes('miner') ? backup : null;
