import * as z from 'zod';
import { words } from '../../core/shell.ts';
import { BOOTSTRAP_SHELL } from '../bootstrap/step.ts';
import { daemonWords, knownSchema } from '../process/sought.ts';
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

/** Seconds: a message that the chain has to confirm is waited for, and what waits is never ended. */
export const RESTORE_SECONDS = 30 * 24 * 3600;

/** Makes the repository of lotus-miner from a backup, where there is none (handbook 4.3.5). */
export const restoreMiner = stepKind({
  schema: z.strictObject({
    step: z.literal('restore-miner'),
    profile: z.string(),
    repository: z.string(),
    log: z.string(),
    metadata: z.string(),
    sha256: z.string(),
    config: z.string(),
    storage: z.string(),
    /** How an init that runs already is told. */
    known: knownSchema,
    deadline: z.int(),
  }),
  shell: [...BOOTSTRAP_SHELL, shell],
  bash: ({ profile, repository, log, metadata, sha256, config, storage, known }) =>
    words(
      'restore_miner',
      profile,
      repository,
      log,
      metadata,
      sha256,
      config,
      storage,
      ...daemonWords({ known, repository }),
    ),
});
