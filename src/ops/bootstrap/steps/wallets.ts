import type { Next } from '../../../core/next.ts';
import { again, edit, look, shellOnHost } from '../../../core/next.ts';
import { count } from '../../../core/units.ts';
import type { Wallet } from '../../../lotus/wallets.ts';
import { readWallets } from '../../../lotus/wallets.ts';
import { DEADLINES } from '../../../resources/bootstrap/step.ts';
import { PROFILE } from '../../../roles/miner-places.ts';
import { attoFil, formatFil } from '../fil.ts';
import type { HostState } from '../host-state.ts';
import type { Setup } from '../setup.ts';
import type { SetupStep } from '../setup-step.ts';
import { done, unknown } from '../setup-step.ts';
import { hasMiner } from './repository.ts';

/** Which wallets of the node are the owner's and the worker's. */
export type Keys =
  | { readonly type: 'known'; readonly owner: Wallet; readonly worker: Wallet }
  /** So many have to be made where so many are. */
  | { readonly type: 'missing'; readonly present: number; readonly number: number }
  | { readonly type: 'blocked'; readonly says: string; readonly next: readonly Next[] }
  | { readonly type: 'unknown'; readonly says: string };

/**
 * The wallets that the inventory names, and for those that it does not, those that are there: the owner is the default
 * one, which is the first that was made. Where there are more than two, nobody guesses.
 */
export const keysOf = ({ answers }: HostState, { cluster }: Setup): Keys => {
  const answer = answers.get('wallets');
  if (!answer) return { type: 'unknown', says: 'not known before lotus runs' };
  const read = readWallets(answer);
  if (read.type === 'not understood') return { type: 'unknown', says: `lotus wallet list: ${read.why}` };
  const wallets = read.value;
  const { owner: ownerName, worker: workerName } = cluster.bootstrap;
  const strange = [ownerName, workerName].filter(
    (name) => name !== null && !wallets.some(({ address }) => address === name),
  );
  if (strange.length > 0)
    return {
      type: 'blocked',
      says: `${strange.join(' and ')} of the inventory: lotus has no such wallet`,
      next: [
        shellOnHost(
          `source ${PROFILE} && lotus wallet import`,
          'bring its key there and type, with nobody watching',
        ),
        again('then run again'),
      ],
    };
  const rest = wallets.filter(({ address }) => address !== ownerName && address !== workerName);
  const wanted = [ownerName, workerName].filter((name) => name === null).length;
  if (rest.length < wanted) return { type: 'missing', present: wallets.length, number: wanted - rest.length };
  if (wanted > 0 && rest.length > wanted)
    return ambiguous(
      `lotus has ${count(wallets.length, 'wallet')}, and which are owner and worker is not said`,
    );
  // Of these lotus says only the address: which of them is the default one is not known then.
  const failed = rest.find(({ funds }) => funds.type === 'failed');
  if (wanted > 1 && failed?.funds.type === 'failed' && !rest.some(({ isDefault }) => isDefault))
    return {
      type: 'unknown',
      says: `lotus could not look up the balance of ${failed.address}: ${failed.funds.why}`,
    };
  const owner =
    wallets.find(({ address }) => address === ownerName) ??
    (wanted === 1 ? rest[0] : rest.find(({ isDefault }) => isDefault));
  if (!owner)
    return ambiguous('neither of the two wallets is the default one, and which is the owner is not said');
  const worker =
    wallets.find(({ address }) => address === workerName) ??
    rest.find(({ address }) => address !== owner.address);
  if (!worker) return ambiguous('which wallet is the worker is not said');
  if (!/^[ft]3/.test(worker.address))
    return ambiguous(`${worker.address} would be the worker, and that has to be a BLS address (f3…)`);
  return { type: 'known', owner, worker };
};

const ambiguous = (says: string): Keys => ({
  type: 'blocked',
  says,
  next: [edit('name them in the inventory: bootstrap.owner and bootstrap.worker'), again('then run again')],
});

/** Owner and worker, wallets of lotus. Their keys never leave it. */
export const wallets: SetupStep = {
  name: 'wallets',
  title: 'owner and worker wallets',
  look: (seen, setup) => {
    const keys = keysOf(seen, setup);
    if (keys.type === 'known') return done(`owner ${keys.owner.address}, worker ${keys.worker.address}`);
    if (hasMiner(seen)) return done('the miner is there already');
    if (keys.type === 'unknown') return unknown(keys.says);
    if (keys.type === 'blocked') return keys;
    const { present, number } = keys;
    return {
      type: 'to do',
      says: `${present === 0 ? 'none' : count(present, 'wallet')} there, ${number} to make`,
      work: {
        steps: [{ step: 'make-wallets', profile: PROFILE, present, number, deadline: DEADLINES.wallets }],
      },
    };
  },
};

/** What the owner needs to pay for the message that creates the miner (handbook 2.1.5.9). */
export const funds: SetupStep = {
  name: 'funds',
  title: 'funds of the owner',
  look: (seen, setup) => {
    if (hasMiner(seen)) return done('not needed any more: the miner is there');
    const keys = keysOf(seen, setup);
    if (keys.type !== 'known')
      return unknown(keys.type === 'missing' ? 'not known before there are wallets' : keys.says);
    const { owner } = keys;
    const minFunds = attoFil(setup.cluster.bootstrap.minFunds);
    if (owner.funds.type !== 'known')
      return unknown(
        `the balance of ${owner.address}: ${owner.funds.type === 'failed' ? owner.funds.why : 'lotus does not say it'}`,
      );
    const { balance } = owner.funds;
    if (balance > 0n && balance >= minFunds) return done(`${owner.address} has ${formatFil(balance)}`);
    return {
      type: 'waits',
      says: `${owner.address} has ${formatFil(balance)}, ${formatFil(minFunds)} are needed: send them there, but back up the keys of both wallets first, which are in lotus alone (lotus wallet export)`,
    };
  },
};

/** Writes a key to a file on the host, for its root alone; it is shown nowhere. */
const exportCommand = (address: string): string =>
  `(source ${PROFILE} && umask 077 && lotus wallet export ${address} >/root/${address.slice(0, 12)}.key)`;

/** What is said of keys that stand nowhere else. */
export const keyAdvice = (addresses: readonly string[]): readonly Next[] => [
  look(
    'the keys of these wallets are in lotus alone: whoever loses the disk loses the miner and its money; back them up',
  ),
  ...addresses.map((address) => shellOnHost(exportCommand(address))),
  look('then move the files to where nobody else reads them, off this host'),
];
