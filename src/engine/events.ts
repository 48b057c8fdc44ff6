import type { Problem } from '../core/problem.ts';
import type { RestartOwed } from '../resources/resource.ts';
import type { HostPlan } from './plan.ts';

/**
 * What happens in a run, as it happens. The live view, plain lines, JSON lines, the journal and the summary all
 * read this. No secret can be in it: plans have none, and what steps print is masked where it is shown or kept.
 */
export type RunEvent =
  | {
      readonly type: 'run-begin';
      readonly run: string;
      readonly hosts: readonly string[];
      /** Stages of the flow, in order. */
      readonly stages: readonly string[];
    }
  /** A batch begins; a flow without batches has one. */
  | {
      readonly type: 'batch-begin';
      readonly batch: number;
      readonly batches: number;
      readonly hosts: readonly string[];
    }
  /** A batch has ended; `goesOn`: whether the next one begins, as `why` says. */
  | {
      readonly type: 'batch-end';
      readonly batch: number;
      readonly batches: number;
      readonly failed: readonly string[];
      readonly goesOn: boolean;
      readonly why: string;
    }
  /** What the hosts of a leg will start, and the seconds that it takes at so many a minute where nothing goes wrong. */
  | {
      readonly type: 'pace';
      readonly hosts: number;
      readonly processes: number;
      readonly perMinute: number;
      readonly seconds: number;
    }
  /** A host is at a stage of the flow, or connects. */
  | { readonly type: 'phase'; readonly host: string; readonly phase: string }
  /** No host is at this stage any more, and none will be. */
  | { readonly type: 'stage-end'; readonly stage: string }
  | { readonly type: 'planned'; readonly host: string; readonly plan: HostPlan }
  | {
      readonly type: 'step-begin';
      readonly host: string;
      /** Number of the step, from 1, and how many the host has. */
      readonly step: number;
      readonly steps: number;
      readonly task: string;
      readonly resource: string;
      readonly title: string;
    }
  | { readonly type: 'step-output'; readonly host: string; readonly step: number; readonly line: string }
  | {
      readonly type: 'step-end';
      readonly host: string;
      readonly step: number;
      readonly ok: boolean;
      readonly seconds: number;
    }
  | { readonly type: 'reconnect'; readonly host: string; readonly attempt: number }
  /** The host could not be asked to stop: it goes on to the end of its steps. */
  | { readonly type: 'not-stopping'; readonly host: string; readonly why: string }
  /**
   * Something that takes its time is waited for, outside of the host's own steps; `seconds`: for so long from now on, where
   * a step waits for its turn, and `text` does not say it.
   */
  | { readonly type: 'waits'; readonly host: string; readonly text: string; readonly seconds?: number }
  | { readonly type: 'host-end'; readonly result: HostResult }
  /** At the end of an upgrade: which hosts are on which version of a program; null: it is not known. */
  | {
      readonly type: 'versions';
      readonly program: string;
      readonly on: readonly { readonly version: string | null; readonly hosts: readonly string[] }[];
    }
  | { readonly type: 'run-end'; readonly results: readonly HostResult[]; readonly seconds: number };

/** How it ended for one host. */
export interface HostResult {
  readonly host: string;
  readonly state: HostState;
  /** Steps that were carried out with success. */
  readonly changed: number;
  /** Steps planned but not carried out, because an earlier one failed or the run was stopped. */
  readonly skipped: number;
  /** Resources that were as they shall be from the start. */
  readonly same: number;
  readonly seconds: number;
  /** What is still owed to the host: why it has to be started anew. */
  readonly reboot: readonly string[];
  /** Processes that run with something older than what is there. */
  readonly restart: readonly RestartOwed[];
  /** The host's processes where none of them runs; empty where some do, or where that is not known. */
  readonly idle: readonly string[];
  /** Failed checks that stop nothing, at the last look. */
  readonly warnings: readonly string[];
  /** For every state but `same` and `changed`: what went wrong. */
  readonly problems: readonly Problem[];
}

/**
 * `same`: nothing to do. `changed`: all done and seen to be done. `blocked`: a check failed or something could
 * not be seen, nothing was touched. `failed`: a step failed, the ones before it stand. `stopped`: the run was
 * interrupted between two steps, or never came to it. `unreachable`: no way in, or no way back in.
 */
export type HostState = 'same' | 'changed' | 'blocked' | 'failed' | 'stopped' | 'unreachable';

/** Whether it ended as it should have. */
export const isGood = ({ state }: Pick<HostResult, 'state'>): boolean =>
  state === 'same' || state === 'changed';

export type Emit = (event: RunEvent) => void;
