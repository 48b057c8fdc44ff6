import { fcopsCommand } from '../../core/next.ts';
import { FcopsError } from '../../core/problem.ts';
import type { Host } from '../../inventory/cluster.ts';
import type { Target } from '../../transport/connection.ts';
import type { BackupList } from '../backups/list.ts';
import { backupListQuery } from '../backups/list.ts';
import type { MinerHost } from '../backups/miner-host.ts';
import type { BootstrapHooks, BootstrapWorld } from '../bootstrap/bootstrap-miner.ts';
import { bootstrapMiner } from '../bootstrap/bootstrap-miner.ts';
import type { Bootstrapped } from '../bootstrap/events.ts';
import { interruptible } from '../interruptible.ts';
import { sessionOf } from '../session-of.ts';
import { chooseBackup, isPath } from './choose.ts';
import { RESTORE } from './flow.ts';

export interface RestoreRequest {
  readonly miner?: string | undefined;
  readonly limit?: string | undefined;
  /** Only look. */
  readonly check: boolean;
  /** Name of a backup, or a path on the host; left out: the newest that is good. */
  readonly from?: string | undefined;
}

/** Throws an FcopsError where what was named can be neither a backup nor a path. */
export const checkFrom = (from: string | undefined): void => {
  if (from === undefined || /^[ft]0\d+-\d{8}T\d{6}Z$/.test(from)) return;
  if (isPath(from) && !/[\n\0]/.test(from)) return;
  throw new FcopsError({
    kind: 'usage',
    what: `--from is the name of a backup or an absolute path on the miner host, not "${from}"`,
    next: [fcopsCommand(['restore', 'miner', '--check'], 'see which backups there are')],
  });
};

/** Makes the miner of a cluster anew from a backup, or goes on with that; never over one that is there. */
export const restoreMiner = async (
  about: MinerHost,
  request: RestoreRequest,
  hooks: BootstrapHooks,
  world: BootstrapWorld,
): Promise<Bootstrapped> => {
  const { hosts, host } = about;
  const { cluster } = hosts;
  const list = await listed(about, request, hooks.targetOf, world);
  const restore = chooseBackup(list, request.from, host.name);
  hooks.emit({ type: 'backups', host: host.name, list, chosen: restore.metadata });
  return bootstrapMiner(
    { hosts, setup: { cluster, host, importOver: false, restore } },
    { check: request.check, miner: request.miner, limit: request.limit },
    hooks,
    world,
    RESTORE,
  );
};

const listed = async (
  { hosts, host }: MinerHost,
  { from }: RestoreRequest,
  targetOf: (host: Host) => Target,
  world: BootstrapWorld,
): Promise<BackupList> => {
  const session = sessionOf(targetOf(host), hosts, { ...interruptible(world), emit: () => {} });
  try {
    return await session.ask(
      backupListQuery(hosts.cluster, from !== undefined && isPath(from) ? from : null),
    );
  } finally {
    await session.close();
  }
};
