import { FcopsError } from '../../core/problem.ts';
import { theMinerHost } from '../../ops/backups/miner-host.ts';
import { takeBackupNow } from '../../ops/backups/take.ts';
import { targetOf } from '../../ops/targets.ts';
import { connectBy } from '../connect.ts';
import type { Action } from '../context.ts';
import { changeDeps } from '../deps.ts';
import { EXIT } from '../exit.ts';
import { showFailure } from '../failure.ts';
import { withInterrupts } from '../interrupts.ts';
import type { ClusterOptions, ConnectionOptions } from '../options.ts';
import { checkAndHideSecrets, sourcesOf } from '../sources.ts';
import { backupDocument } from '../views/backup-document.ts';
import { backupLines } from '../views/backup-text.ts';

export type BackupOptions = ClusterOptions & Pick<ConnectionOptions, 'transport'>;

/** `fcops backup miner` */
export const backup: Action<BackupOptions> = async (context, _, options) => {
  const { world, output } = context;
  const { miner, limit, transport } = options;
  const about = theMinerHost(sourcesOf(context), { miner, limit }, 'a backup is made on one host');
  const { cluster } = about.hosts;
  await checkAndHideSecrets(context, cluster);
  const connect = await connectBy(world, { transport, forks: 1 });
  const none = () => {};
  const taken = await withInterrupts(context, { atFirst: none, atSecond: none }, (signal) =>
    takeBackupNow(about, targetOf(world), changeDeps(context, { connect, forks: 1, emit: none, signal })),
  );
  const document = backupDocument(taken, cluster.miner, about.host.name);
  if (output.format === 'json') output.printJson(document);
  else {
    for (const line of document.said) output.printLine(line);
    for (const line of backupLines(document.backups ?? [], output.paint))
      if (document.backups !== null) output.printLine(line);
    for (const { directory, why } of document.unread) output.printLine(`  ${directory}: ${why}`);
  }
  if (taken.problems.length > 0) showFailure(new FcopsError(taken.problems), context);
  if (taken.state === 'stopped') return EXIT.interrupted;
  return taken.state === 'done' ? EXIT.done : EXIT.failed;
};
