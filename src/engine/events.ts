import type { Problem } from '../core/errors.ts';
import type { HostPlan } from './plan.ts';

/** What happens in a run, as it happens. The live view, plain lines, JSON lines and the summary all read this. */
export type RunEvent =
  | { readonly type: 'run-begin'; readonly run: string; readonly hosts: readonly string[] }
  | { readonly type: 'phase'; readonly host: string; readonly phase: Phase }
  | { readonly type: 'planned'; readonly host: string; readonly plan: HostPlan }
  | {
      readonly type: 'step-begin';
      readonly host: string;
      /** Number of the step, from 1, and how many the host has. */
      readonly step: number;
      readonly steps: number;
      readonly task: string;
      readonly resource: string;
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
  | { readonly type: 'host-end'; readonly result: HostResult }
  | { readonly type: 'run-end'; readonly results: readonly HostResult[]; readonly seconds: number };

export type Phase = 'connect' | 'look' | 'apply' | 'verify';

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
  /** For every state but `same` and `changed`: what went wrong. */
  readonly problems: readonly Problem[];
}

/**
 * `same`: nothing to do. `changed`: all done and seen to be done. `blocked`: a check failed or something could
 * not be seen, nothing was touched. `failed`: a step failed, the ones before it stand. `stopped`: the run was
 * interrupted between two steps. `unreachable`: no way in, or no way back in.
 */
export type HostState = 'same' | 'changed' | 'blocked' | 'failed' | 'stopped' | 'unreachable';

export type Emit = (event: RunEvent) => void;
