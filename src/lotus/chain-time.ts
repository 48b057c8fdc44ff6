import { EPOCH, epochsOf, mainnetEpoch } from './epochs.ts';
import type { NodeStatus } from './node-status.ts';
import type { Reading } from './reading.ts';

/** Epochs that a head may be behind, or that two answers may be apart (one epoch may have no block at all). */
const MOST_BEHIND = 3;
/** Seconds that the clock of a host may differ: what is beyond makes its node's word on its head's age worth nothing. */
const MOST_OFF = 60;

/** When something was asked, in seconds since 1970. */
export interface Moment {
  /** By the clock of who asked: before, and when the answer was there. */
  readonly asked: number;
  readonly answered: number;
  /** By the clock of the host, between the two. */
  readonly host: number;
}

/** What of a node tells whether its numbers are those of the chain as it is now. */
export interface ChainFacts {
  /** Epoch of the head that the numbers are of. */
  readonly epoch: number;
  /** What `lotus status` says; null where this lotus has no such command (before 1.11). */
  readonly status: Reading<NodeStatus> | null;
  readonly moment: Moment;
}

export type ChainTime =
  /** `now`: the epoch that the chain is at when this is read, no earlier than that of the head. */
  | { readonly type: 'in sync'; readonly now: number }
  | { readonly type: 'out of sync'; readonly behind: number }
  | { readonly type: 'unknown'; readonly why: string };

/**
 * Which epoch it is, where that can be relied on: on a node that is behind, the deadlines are those of another day.
 * Any network's: the age of the head counts, by the clock of a host that agrees with ours. An older lotus does not
 * tell it; then the head has to be where mainnet is by our clock.
 */
export const chainTime = ({ epoch, status, moment }: ChainFacts): ChainTime => {
  const { asked, answered, host } = moment;
  if (![asked, answered, host, epoch].every(Number.isFinite) || answered < asked)
    return unknown('there is no telling when the node was asked');
  const off = host < asked ? asked - host : Math.max(0, host - answered);
  if (off > MOST_OFF)
    return unknown(
      `the clock of the host is ${Math.round(off)} s off ours, so that the age of its head tells nothing`,
    );
  if (status === null) return byMainnet(epoch, answered);
  if (status.type !== 'understood') return unknown(`lotus status: ${status.why}`);
  const { epoch: head, behind } = status.value;
  if (behind > MOST_BEHIND) return { type: 'out of sync', behind };
  if (Math.abs(head - epoch) > MOST_BEHIND)
    return unknown(`lotus status is at epoch ${head}, lotus-miner proving info at ${epoch}`);
  return { type: 'in sync', now: Math.max(head, epoch) + behind + epochsOf(answered - asked) };
};

const byMainnet = (epoch: number, answered: number): ChainTime => {
  const expected = mainnetEpoch(answered);
  if (Math.abs(expected - epoch) > MOST_BEHIND)
    return unknown(
      `this lotus does not tell how old its head is (lotus status), and epoch ${epoch} is not that of mainnet (${expected}): it may be ${Math.abs(expected - epoch) * EPOCH} s from it, or of another network`,
    );
  return { type: 'in sync', now: Math.max(expected, epoch) };
};

const unknown = (why: string): ChainTime => ({ type: 'unknown', why });
