import * as z from 'zod';
import { momentOf } from '../../core/moment.ts';
import type { BackupList } from '../../ops/backups/list.ts';
import { PLACES, SUMS } from '../../ops/backups/list.ts';
import type { Taken } from '../../ops/backups/take.ts';

/** Changes where a program that reads the old one would misread the new one. */
export const BACKUP_FORMAT = 'fcops-backup/1';

/** One backup, as a list of them has it. */
export const backupSchema = z.strictObject({
  name: z.string(),
  place: z.enum(PLACES).describe('here: on the miner host. there: in what is mounted there.'),
  directory: z.string(),
  taken: z.string().describe('By the clock of its host: 2026-11-22T10:30:00Z'),
  age: z.number().describe('Seconds, by the clock of its host.'),
  bytes: z.number().describe('Of the metadata.'),
  sums: z
    .enum(SUMS)
    .describe('Whether its files are what its sums say; unchecked: there was no time for it.'),
});

/** The documented form of what `fcops backup miner` prints. */
export const backupDocumentSchema = z.strictObject({
  format: z.literal(BACKUP_FORMAT),
  miner: z.string(),
  host: z.string(),
  state: z
    .enum(['done', 'failed', 'stopped', 'locked', 'lost'])
    .describe('lost: the connection is, and the host goes on by itself.'),
  said: z.array(z.string()).describe('What the script on the host has said.'),
  backups: z.array(backupSchema).nullable().describe('The newest first; null: not looked at.'),
  unread: z.array(z.strictObject({ place: z.enum(PLACES), directory: z.string(), why: z.string() })),
});
export type BackupDocument = z.infer<typeof backupDocumentSchema>;
export type BackupRow = z.infer<typeof backupSchema>;

/** The rows of a list. */
export const backupRows = ({ backups, now }: BackupList): BackupRow[] =>
  backups.map(({ name, place, directory, at, bytes, sums }) => ({
    ...{ name, place, directory, bytes, sums },
    taken: momentOf(at) ?? '',
    age: now - at,
  }));

/** The value that is printed. */
export const backupDocument = (taken: Taken, miner: string, host: string): BackupDocument => ({
  format: BACKUP_FORMAT,
  miner,
  host,
  state: taken.state,
  said: [...taken.said],
  backups: taken.list && backupRows(taken.list),
  unread: (taken.list?.unread ?? []).map((one) => ({ ...one })),
});
