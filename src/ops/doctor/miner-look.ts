import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import { words } from '../../core/shell.ts';
import type { Query } from '../../engine/query.ts';
import type { MinerInfo } from '../../lotus/miner-info.ts';
import { readMinerInfo } from '../../lotus/miner-info.ts';
import type { NodeStatus } from '../../lotus/node-status.ts';
import { readNodeStatus } from '../../lotus/node-status.ts';
import type { QueuedTask } from '../../lotus/sched-diag.ts';
import { readSchedDiag } from '../../lotus/sched-diag.ts';
import type { StorageList } from '../../lotus/storage-list.ts';
import { readStorageList } from '../../lotus/storage-list.ts';
import { PROFILE } from '../../roles/miner-places.ts';
import minerShell from '../miner-says.sh';
import type { MinerSays, Told } from '../miner-says.ts';
import { COMMAND_DEADLINE, minerSaysIn, NO_PROFILE, readMinerRows, readTold } from '../miner-says.ts';
import lookShell from './miner-look.sh';

/** All that a miner host says at one moment. */
export interface MinerLook extends MinerSays {
  readonly info: Told<MinerInfo>;
  readonly storage: Told<StorageList>;
  /** Tasks that no worker has been given. */
  readonly queue: Told<readonly QueuedTask[]>;
  readonly node: Told<NodeStatus>;
}

/** Seconds of what asks more than the miner's own memory. */
const LONGER = 60;

/** Asks a miner host all of it at once. */
export const minerLookQuery: Query<MinerLook> = {
  name: 'what lotus-miner says of its sectors',
  script: [
    minerShell,
    lookShell,
    words('doctor_miner', PROFILE, String(COMMAND_DEADLINE), String(LONGER)),
    '',
  ].join('\n'),
  parse: (text) => parseMinerLook(text),
  deadline: (LONGER + 15) * 1000,
};

/** Reads the rows of miner-look.sh. */
export const parseMinerLook = (text: string): Result<MinerLook, string> => {
  const read = readMinerRows(text);
  if (!read.ok) return read;
  const says = minerSaysIn(read.value);
  if (!says.ok) return says;
  const { answers } = read.value;
  if (answers === null) return ok(unlooked(says.value, NO_PROFILE));
  const [info, storage, queue, node] = ['info', 'storage', 'queue', 'node'].map((name) => answers.get(name));
  if (!info || !storage || !queue || !node)
    return err('the host did not tell what all commands have printed');
  return ok({
    ...says.value,
    info: readTold('lotus-miner info', info, readMinerInfo, LONGER),
    storage: readTold('lotus-miner storage list', storage, readStorageList, LONGER),
    queue: readTold('lotus-miner sealing sched-diag', queue, readSchedDiag),
    node: readTold('lotus status', node, readNodeStatus),
  });
};

/** What is known of a miner that told nothing but this, and why. */
export const unlooked = (says: MinerSays, why: Exclude<Told<never>, { type: 'understood' }>): MinerLook => ({
  ...says,
  info: why,
  storage: why,
  queue: why,
  node: why,
});
