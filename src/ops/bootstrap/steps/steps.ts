import type { HostState } from '../host-state.ts';
import type { Setup } from '../setup.ts';
import type { SetupStep, StepState } from '../setup-step.ts';
import { deployed, importing, snapshot } from './chain.ts';
import { init, miner } from './miner.ts';
import { node, sync } from './node.ts';
import { parameters } from './parameters.ts';
import { api, backup, storage } from './storage.ts';
import { funds, wallets } from './wallets.ts';

/** The handbook's sequence (2.1.5, 2.1.6). */
export const SETUP_STEPS: readonly SetupStep[] = [
  deployed,
  snapshot,
  parameters,
  importing,
  node,
  sync,
  wallets,
  funds,
  init,
  miner,
  storage,
  backup,
  api,
];

export interface SeenStep {
  readonly step: SetupStep;
  readonly state: StepState;
}

/** All steps as the host shows them. */
export const seenSteps = (
  seen: HostState,
  setup: Setup,
  steps: readonly SetupStep[] = SETUP_STEPS,
): readonly SeenStep[] => steps.map((step) => ({ step, state: step.look(seen, setup) }));
