/** The time of the chain (github.com/filecoin-project/specs-actors v5): epochs, and the 48 windows that tile a day. */

/** Seconds. */
export const EPOCH = 30;
/** Epochs that a window of a deadline is open. */
export const WINDOW = 60;
export const DEADLINES = 48;
/** Epochs of a proving period: a day. */
export const PERIOD = DEADLINES * WINDOW;
/** Epochs before a window opens at which lotus-miner begins to compute its proofs (10 after its challenge). */
export const COMPUTES_BEFORE = 10;
/** Epochs after a window has opened from which on lotus-miner sends its proofs. */
export const SUBMITS_AFTER = 4;
/** 2020-08-24 22:00:00 UTC, when mainnet began, in seconds since 1970. */
export const MAINNET_GENESIS = 1_598_306_400;

/** The epoch that mainnet is at, at a time in seconds since 1970. */
export const mainnetEpoch = (seconds: number): number => Math.floor((seconds - MAINNET_GENESIS) / EPOCH);

/** Epochs that begin within so many seconds, one that has only begun among them. */
export const epochsOf = (seconds: number): number => Math.ceil(seconds / EPOCH);

/** The deadline that is so many after another, from 47 on to 0. */
export const deadlineAfter = (deadline: number, more: number): number =>
  (((deadline + more) % DEADLINES) + DEADLINES) % DEADLINES;
