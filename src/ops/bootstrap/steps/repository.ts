import { type MinerInit, readInitLog } from '../../../lotus/init-log.ts';
import { readMinerInfo } from '../../../lotus/miner-info.ts';
import { REPOSITORIES } from '../../../roles/miner-places.ts';
import type { HostState } from '../host-state.ts';
import { isRepository } from '../host-state.ts';
import { LOGS } from '../places.ts';

/** What the log of an init of ours says; null where there is none. */
export type InitLog = MinerInit | { readonly type: 'unclear'; readonly why: string } | null;

export const initLogOf = ({ texts }: HostState): InitLog => {
  const log = texts.get(LOGS.init);
  if (log === undefined) return null;
  const read = readInitLog(log);
  return read.type === 'understood' ? read.value : { type: 'unclear', why: read.why };
};

/**
 * Whether the miner has its repository. An init begins it long before it is whole, and one that is killed leaves it as it
 * is: whole is one that lotus-miner runs from, that our init has ended well with, or, where no init of ours broke off,
 * that has the token which lotus-miner makes when it is first started.
 */
export const minerRepositoryOf = (seen: HostState): 'none' | 'not known to be whole' | 'whole' => {
  if (!isRepository(seen, REPOSITORIES.lotusMiner)) return 'none';
  if (seen.running.has('lotus-miner run') || seen.texts.has(`${REPOSITORIES.lotusMiner}/api`)) return 'whole';
  const log = initLogOf(seen);
  if (log?.type === 'created') return 'whole';
  const brokeOff = log?.type === 'going on' || log?.type === 'unclear';
  return seen.entries.has(`${REPOSITORIES.lotusMiner}/token`) && !brokeOff
    ? 'whole'
    : 'not known to be whole';
};

export const hasMiner = (seen: HostState): boolean => minerRepositoryOf(seen) === 'whole';

/** The id of the miner, as lotus-miner or the log of its init says it; null where neither does. */
export const minerOf = (seen: HostState): string | null => {
  const info = seen.answers.get('info');
  const read = info && readMinerInfo(info);
  if (read?.type === 'understood') return read.value.miner;
  const log = initLogOf(seen);
  return log?.type === 'created' ? log.miner : null;
};
