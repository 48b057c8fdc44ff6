/**
 * What lotus-miner makes of a sector that has failed (github.com/filecoin-project/lotus v1.11.1, extern/storage-sealing:
 * fsm.go, states_failed.go). A state of another version, or of a build of others, is not among these.
 */
export interface FailedState {
  /**
   * What the sector is given to be tried again: the state that lotus-miner itself goes on to from there. Where it asks
   * the chain which one that is, the same state once more has it ask again. Null: nobody knows a way, as `why` says.
   */
  readonly retry: string | null;
  /** Why it is not tried again by us. */
  readonly why: string | null;
  /** Whether it may be given up: it cannot be on the chain yet. Else why not. */
  readonly kept: string | null;
  /** Stages that were done when it failed there (names as in `sealing jobs`). */
  readonly done: readonly ('PC1' | 'PC2' | 'C2')[];
}

const failed = (retry: string, done: FailedState['done'], kept: FailedState['kept'] = null): FailedState => ({
  ...{ retry, why: null, kept, done },
});
const stuck = (why: string, kept: FailedState['kept'] = null): FailedState => ({
  ...{ retry: null, why, kept, done: [] },
});

const ON_CHAIN = 'it is on the chain: what is lost there is power and pledge';
const BY_DEALS = 'it has deals: lotus-miner decides what becomes of it';

const STATES: ReadonlyMap<string, FailedState> = new Map([
  ['AddPieceFailed', stuck('lotus-miner has no way back from there by itself')],
  ['PackingFailed', stuck('lotus-miner removes it from there')],
  ['SealPreCommit1Failed', failed('PreCommit1', [])],
  ['SealPreCommit2Failed', failed('PreCommit2', ['PC1'])],
  ['PreCommitFailed', failed('PreCommitFailed', ['PC1', 'PC2'])],
  ['ComputeProofFailed', failed('Committing', ['PC1', 'PC2'])],
  ['CommitFailed', failed('CommitFailed', ['PC1', 'PC2', 'C2'])],
  ['CommitFinalizeFailed', failed('CommitFinalize', ['PC1', 'PC2', 'C2'])],
  ['FinalizeFailed', failed('FinalizeSector', ['PC1', 'PC2', 'C2'], ON_CHAIN)],
  ['FailedUnrecoverable', stuck('lotus-miner knows no way back from there')],
  ['DealsExpired', stuck(BY_DEALS, BY_DEALS)],
  ['RecoverDealIDs', stuck(BY_DEALS, BY_DEALS)],
  ['RemoveFailed', stuck('its files are what could not be removed', 'it is given up already')],
  ['TerminateFailed', stuck(ON_CHAIN, ON_CHAIN)],
  ['Faulty', stuck(ON_CHAIN, ON_CHAIN)],
  ['FaultReported', stuck(ON_CHAIN, ON_CHAIN)],
  ['FaultedFinal', stuck(ON_CHAIN, ON_CHAIN)],
]);

/** Names of the states of sectors that have failed, in the order of sealing. */
export const FAILED_STATES: readonly string[] = [...STATES.keys()];

/** Those that a sector is tried again from, and given up from. */
export const RETRIED_STATES = FAILED_STATES.filter((state) => STATES.get(state)?.retry !== null);
export const DISCARDED_STATES = FAILED_STATES.filter((state) => STATES.get(state)?.kept === null);

/** What a failed state means; null for one that is none, or that nobody knows. */
export const failedState = (state: string): FailedState | null => STATES.get(state) ?? null;

/** Whether a state is one of a failure, by its name where it is not known. */
export const isFailed = (state: string): boolean => STATES.has(state) || /Failed$/.test(state);

/**
 * Seconds after its last event that a failed sector is at rest: lotus-miner tries it again one minute after, and what it
 * is told while it waits is taken up after that minute, before its own event, which the state that it then has does not
 * expect: that ends the sector's state machine until lotus-miner starts anew (go-statemachine v1.0.1, machine.go). A sector
 * that is given up is none the worse for it.
 */
export const AT_REST = 180;
