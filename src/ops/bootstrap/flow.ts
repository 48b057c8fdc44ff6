import type { FlowName, Outcome } from './events.ts';
import type { HostState } from './host-state.ts';
import { outcomeOf } from './outcome.ts';
import type { Setup } from './setup.ts';
import type { SetupStep } from './setup-step.ts';
import { SETUP_STEPS } from './steps/steps.ts';

/** Steps that are looked at and done one after the other until all are, and what is said in the end. */
export interface SetupFlow {
  readonly name: FlowName;
  readonly steps: readonly SetupStep[];
  readonly outcome: (seen: HostState, setup: Setup) => Outcome;
  /** The command that only looks. */
  readonly check: readonly string[];
}

/** The first set-up of a miner (handbook 2.1.5, 2.1.6). */
export const SETUP: SetupFlow = {
  name: 'set-up',
  steps: SETUP_STEPS,
  outcome: outcomeOf,
  check: ['bootstrap', 'miner', '--check'],
};
