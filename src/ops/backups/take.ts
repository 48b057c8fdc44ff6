import { edit, fcopsCommand } from '../../core/next.ts';
import { FcopsError } from '../../core/problem.ts';
import type { Applied } from '../../engine/apply/apply.ts';
import type { Host } from '../../inventory/cluster.ts';
import { BACKUP_SECONDS } from '../../resources/backups/step.ts';
import { BACKUP_SCRIPT } from '../../roles/miner-places.ts';
import type { Target } from '../../transport/connection.ts';
import type { ChangeDeps } from '../deps.ts';
import { interruptible } from '../interruptible.ts';
import { runName, stamp } from '../run-name.ts';
import { sessionOf } from '../session-of.ts';
import type { BackupList } from './list.ts';
import { backupListQuery } from './list.ts';
import type { MinerHost } from './miner-host.ts';

/** What came of taking a backup. */
export interface Taken {
  readonly state: Applied['state'];
  /** What the script has said. */
  readonly said: readonly string[];
  /** Null where it was not asked any more. */
  readonly list: BackupList | null;
  readonly problems: Applied['problems'];
}

export type TakeDeps = Pick<ChangeDeps, 'connect' | 'now' | 'date' | 'random' | 'after' | 'signal' | 'who'>;

/**
 * Has the miner host back up the metadata of its miner now, by the script that cron runs, and looks what is there then. It
 * runs there detached: a connection that is lost does not end it.
 */
export const takeBackupNow = async (
  { hosts, host }: MinerHost,
  targetOf: (host: Host) => Target,
  given: TakeDeps,
): Promise<Taken> => {
  const { cluster } = hosts;
  if (cluster.backup === null)
    throw new FcopsError({
      kind: 'inventory',
      what: `the inventory says nothing of backups of ${cluster.miner}`,
      where: { file: cluster.file },
      next: [
        edit('add `backup: { storage: NAME }`, or `backup: { mount: DIRECTORY }`'),
        fcopsCommand(
          ['deploy', 'miner', '--tags', 'backup', '--miner', cluster.miner],
          'then bring the script',
        ),
      ],
    });
  const { connect, now, date, random, after, signal, who } = interruptible(given);
  const said: string[] = [];
  const session = sessionOf(targetOf(host), hosts, {
    ...{ connect, now, after, signal },
    emit: (event) => {
      if (event.type === 'step-output') said.push(event.line);
    },
  });
  const run = runName(date(), random);
  try {
    const { state, problems } = await session.apply({
      run,
      host: host.name,
      holder: { who, run, since: stamp(date()) },
      changes: [
        {
          state: 'change',
          task: 'backup of lotus-miner',
          kind: 'backup',
          resource: 'backup:lotus-miner',
          title: 'backup of the metadata of lotus-miner',
          change: {
            action: 'run',
            details: [],
            steps: [{ step: 'take-backup', script: BACKUP_SCRIPT, deadline: BACKUP_SECONDS }],
          },
        },
      ],
    });
    if (state === 'lost' || state === 'stopped') return { state, said, list: null, problems };
    return { state, said, list: await session.ask(backupListQuery(cluster, null)), problems };
  } finally {
    await session.close();
  }
};
