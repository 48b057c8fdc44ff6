import * as z from 'zod';
import { words } from '../../core/shell.ts';
import { stepKind } from '../step-kind.ts';
import shell from './step.sh';

/** Seconds: lotus-miner has 900 to write it, and the copy an hour. */
export const BACKUP_SECONDS = 5400;

/** Takes a backup of the metadata of lotus-miner now, by the script that cron runs too. */
export const takeBackup = stepKind({
  schema: z.strictObject({ step: z.literal('take-backup'), script: z.string(), deadline: z.int() }),
  shell,
  bash: ({ script }) => words('take_backup', script),
});
