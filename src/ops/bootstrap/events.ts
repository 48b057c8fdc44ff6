import type { Next } from '../../core/next.ts';
import type { BackupList } from '../backups/list.ts';
import type { Progress, StepName } from './setup.ts';
import type { StepState } from './setup-step.ts';

/** What the steps are of. */
export type FlowName = 'set-up' | 'restore';

/** A step of a set-up as it is shown. */
export interface ShownStep {
  readonly name: StepName;
  readonly title: string;
  readonly state: StepState['type'];
  readonly says: string;
}

/** What happens in the set-up of a miner, as it happens. No key and no token can be in it. */
export type BootstrapEvent =
  /** Of a restore: what there is to restore from, and what was chosen. */
  | { readonly type: 'backups'; readonly host: string; readonly list: BackupList; readonly chosen: string }
  /** All steps as the host shows them at first. */
  | {
      readonly type: 'steps';
      readonly what: FlowName;
      readonly host: string;
      readonly miner: string;
      readonly steps: readonly ShownStep[];
    }
  /** A step is at work on the host. `takenUp`: it was begun by one who is gone. */
  | {
      readonly type: 'step-begin';
      readonly host: string;
      readonly step: StepName;
      readonly title: string;
      readonly says: string;
      readonly takenUp: boolean;
    }
  | { readonly type: 'step-output'; readonly host: string; readonly step: StepName; readonly line: string }
  /** Somebody else, or time, has to bring a step about. Once for everything new that it says. */
  | {
      readonly type: 'waits';
      readonly host: string;
      readonly step: StepName;
      readonly title: string;
      readonly says: string;
    }
  | {
      readonly type: 'progress';
      readonly host: string;
      readonly step: StepName;
      readonly progress: Progress;
      /** Null where it is not known. */
      readonly secondsLeft: number | null;
    }
  | { readonly type: 'reconnect'; readonly host: string; readonly attempt: number }
  /** The host shows that a step is done which was not before. */
  | {
      readonly type: 'step-done';
      readonly host: string;
      readonly step: StepName;
      readonly title: string;
      readonly says: string;
      readonly seconds: number;
    }
  | { readonly type: 'end'; readonly host: string; readonly result: Bootstrapped };

/** What the host has at the end, as the workers and the inventory need it. */
export interface Outcome {
  readonly what: FlowName;
  /** The id that the chain has given; null where nobody has said it. */
  readonly miner: string | null;
  /** The wallets, where they are known. */
  readonly owner: string | null;
  readonly worker: string | null;
  /** Where workers reach the miner. */
  readonly api: string | null;
  /** The file with its token, on the host. */
  readonly token: string;
  /** What is left for people to do. */
  readonly next: readonly Next[];
}

/** How it ended: all done, only looked at, left at a step (which goes on on the host where it was at work), or declined. */
export type Bootstrapped =
  | { readonly state: 'done'; readonly outcome: Outcome }
  | { readonly state: 'checked'; readonly left: number }
  | { readonly state: 'declined'; readonly step: StepName }
  | { readonly state: 'left'; readonly step: StepName | null; readonly goesOn: boolean };
