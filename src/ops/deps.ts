import { readFileSync } from 'node:fs';
import type { Problem } from '../core/problem.ts';
import type { Emit } from '../engine/events.ts';
import type { FlowPart } from '../engine/flow.ts';
import type { JournalDeps } from '../engine/runs/journal.ts';
import type { Widths } from '../engine/widths.ts';
import type { Connect } from '../transport/connection.ts';

/** What every operation takes from outside. */
export interface OpsDeps {
  readonly connect: Connect;
  /** Milliseconds, for durations. */
  readonly now: () => number;
  readonly date: () => Date;
  /** In [0, 1). */
  readonly random: () => number;
  /** Calls back after so many milliseconds, unless the function that it returns is called first. */
  readonly after: (ms: number, callback: () => void) => () => void;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  readonly widths: Widths;
  /** Told of secrets that hosts have given: from now on none of them is shown or kept. */
  readonly hide: (values: readonly string[]) => void;
  /** Keeps what is known of a mistake of fcops' own where it can be sent from, and says so. */
  readonly defect: (error: unknown, host: string) => Problem;
  /** Runs the parts of a flow one after the other; left out: fcops does it. */
  readonly inOrder?: (parts: readonly FlowPart[]) => Promise<void>;
}

/** What an operation that changes hosts takes besides: who it is, and where its journal is kept. */
export interface ChangeDeps extends OpsDeps {
  /** `alice@ops1` */
  readonly who: string;
  /** Of fcops. */
  readonly version: string;
  readonly journal: Pick<JournalDeps, 'directory' | 'redact' | 'complain'>;
  readonly process: ProcessIdentity;
}

/** What a process of this machine is known by for sure. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start time, in ticks since the boot. */
  readonly started: string;
  readonly boot: string;
}

/** The process of a number on this machine, null where there is none. */
export const processIdentity = (pid: number): ProcessIdentity | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold blanks and parentheses itself; the start time is the 20th field after it.
    const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
    return { pid, started, boot: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim() };
  } catch {
    return null;
  }
};
