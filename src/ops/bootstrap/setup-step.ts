import type { Next } from '../../core/next.ts';
import type { Step } from '../../resources/kinds.ts';
import type { HostState } from './host-state.ts';
import type { Progress, Setup, StepName } from './setup.ts';

/** What is done to a host for a step: one run of steps there. */
export interface Work {
  readonly steps: readonly Step[];
  /** Keys of config.toml that are to be set before. */
  readonly configures?: 'lotus' | 'lotus-miner';
  /** Where money or data is at stake: what is shown, and the question. */
  readonly confirm?: { readonly lines: readonly string[]; readonly question: string };
}

/** What the host shows of a step; `says` is for people. */
export type StepState =
  | { readonly type: 'done'; readonly says: string }
  | { readonly type: 'to do'; readonly says: string; readonly work: Work }
  /** Nothing but time, or somebody else, brings it about. */
  | { readonly type: 'waits'; readonly says: string; readonly progress?: Progress }
  /** Somebody has to decide or to mend something first. */
  | { readonly type: 'blocked'; readonly says: string; readonly why?: string; readonly next: readonly Next[] }
  /** It cannot be told: mostly because an earlier step is not done. */
  | { readonly type: 'unknown'; readonly says: string };

/** A step of the set-up as a value. The truth is on the host: what it shows at this moment is all there is. */
export interface SetupStep {
  readonly name: StepName;
  readonly title: string;
  readonly look: (seen: HostState, setup: Setup) => StepState;
  /** How far it has come while it is at work. */
  readonly progress?: (seen: HostState, setup: Setup) => Progress | null;
}

export const done = (says: string): StepState => ({ type: 'done', says });
export const unknown = (says: string): StepState => ({ type: 'unknown', says });
