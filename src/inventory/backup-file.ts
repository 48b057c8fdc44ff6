import * as z from 'zod';
import { PLAIN_PATH } from '../core/names.ts';
import { like, matching } from './schema-parts.ts';

/** How often: what divides a day, so that cron has it in one line. */
export const BACKUP_TIMES = ['1h', '2h', '3h', '4h', '6h', '8h', '12h', '24h'] as const;

/** How the metadata of lotus-miner are backed up, as a person writes it. */
export const backupFileSchema = z.strictObject({
  storage: z
    .string()
    .min(1)
    .exactOptional()
    .meta(like('backup'))
    .describe('Name of a `storage` of this file that the miner host mounts: copies go there.'),
  mount: matching(PLAIN_PATH, 'must be an absolute path of plain characters, like /mnt/backup')
    .exactOptional()
    .meta(like('/mnt/backup'))
    .describe(
      'In its place: a directory of the miner host where something is mounted that is not of this file. Nothing is ' +
        'written where nothing is mounted, or the disk of /opt/raid0 is.',
    ),
  directory: matching(PLAIN_PATH, 'must be an absolute path of plain characters, like /backup/f0494733')
    .exactOptional()
    .meta(like('/backup/f0494733'))
    .describe('Where in it. Default: a directory there with the name of the miner.'),
  every: z
    .enum(BACKUP_TIMES)
    .exactOptional()
    .meta(like('6h'))
    .describe(
      'How often. A backup that is older than twice that is a trouble of `fcops status`. Default: 6h.',
    ),
  keep: z
    .int()
    .min(2)
    .max(10_000)
    .exactOptional()
    .meta(like(28))
    .describe('Backups that are kept there; the two newest stay on the miner host too. Default: 28.'),
});
export type BackupFile = z.infer<typeof backupFileSchema>;
