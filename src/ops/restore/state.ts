import { readChainMiner } from '../../lotus/chain-miner.ts';
import type { MinerRestore } from '../../lotus/restore-log.ts';
import { readRestoreLog } from '../../lotus/restore-log.ts';
import { readWallets } from '../../lotus/wallets.ts';
import { REPOSITORIES } from '../../roles/miner-places.ts';
import type { HostState } from '../bootstrap/host-state.ts';
import { LOGS, RESTORE_STATE } from '../bootstrap/places.ts';
import type { Setup } from '../bootstrap/setup.ts';

/** How far a restore from the chosen backup is, as the host has noted it. */
export type Restored =
  | { readonly type: 'not begun' }
  | { readonly type: 'under way'; readonly log: MinerRestore }
  /** The repository that is there now is the one that it has made. */
  | { readonly type: 'restored' }
  | { readonly type: 'failed'; readonly why: string }
  /** Nobody has noted its end, and it does not run any more. */
  | { readonly type: 'broke off' };

export const restoredOf = (seen: HostState, { restore }: Setup): Restored => {
  const note = seen.texts.get(RESTORE_STATE);
  const of = (key: string) => new RegExp(`^${key} (.*)$`, 'm').exec(note ?? '')?.[1];
  if (note === undefined || !restore || of('from') !== restore.metadata) return { type: 'not begun' };
  const log = readRestoreLog(seen.texts.get(LOGS.restore) ?? '');
  const status = of('status');
  if (status === undefined)
    return seen.running.has('lotus-miner init') ? { type: 'under way', log } : { type: 'broke off' };
  if (status !== '0') return { type: 'failed', why: log.error ?? `it ended with status ${status}` };
  const identity = of('identity');
  const now = seen.identities.get(`${REPOSITORIES.lotusMiner}/keystore`);
  return identity !== undefined && identity !== '' && identity === now
    ? { type: 'restored' }
    : { type: 'not begun' };
};

/** Whether lotus has the key that signs for the miner: without it nothing is restored. */
export type WorkerKey =
  | { readonly type: 'there' | 'missing'; readonly worker: string }
  | { readonly type: 'unknown'; readonly why: string };

export const workerKeyOf = ({ answers }: Pick<HostState, 'answers'>): WorkerKey => {
  const [chain, ids] = [answers.get('chain-miner'), answers.get('wallet-ids')];
  if (!chain || !ids) return { type: 'unknown', why: 'lotus was not asked' };
  const [miner, wallets] = [readChainMiner(chain), readWallets(ids)];
  if (miner.type === 'not understood') return { type: 'unknown', why: miner.why };
  if (wallets.type === 'not understood') return { type: 'unknown', why: wallets.why };
  const { worker } = miner.value;
  if (wallets.value.some(({ id }) => id === worker)) return { type: 'there', worker };
  // Of one that the node could not look up nobody knows the id.
  const unclear = wallets.value.find(({ funds }) => funds.type !== 'known');
  return unclear
    ? { type: 'unknown', why: `lotus does not tell the id of ${unclear.address}` }
    : { type: 'missing', worker };
};
