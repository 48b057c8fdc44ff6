import type { Facts } from '../core/facts.ts';
import type { Observation } from './observation.ts';
import type { Probe } from './probes/probe.ts';

/**
 * A named step in a role's ordered list. Its name is what an operator reads in plans and failures; its tags
 * are what `--tags` selects.
 */
export interface Task {
  readonly name: string;
  readonly tags: readonly string[];
  readonly resources: readonly Resource[];
}

/**
 * The desired state of one thing on a host. Made by the function of its kind (`file`, `link`, …), which keeps
 * the specification to itself; what is left is how to look and how to compare. Both are pure.
 */
export interface Resource {
  /** `<kind>:<name>`, unique on a host: `file:/etc/hugepages.sh`. */
  readonly id: string;
  /** What has to be looked at before `diff` can answer. Must not depend on the machine's facts. */
  readonly probes: readonly Probe[];
  /**
   * Compares with what was seen. `pending` has the ids of the resources before this one that will change in
   * the same run, for what is owed after a change (a daemon-reload after a unit file).
   */
  diff(seen: Observation, pending: ReadonlySet<string>): Diff;
  /** What a file shall be, for those that write it elsewhere than on the host (`fcops render`). */
  readonly file?: FileView;
}

/** A file as a deploy writes it. */
export interface FileView {
  readonly path: string;
  readonly mode: string;
  /** A function where the text follows from the machine's facts. */
  readonly text: string | ((facts: Facts) => string);
}

/** What a comparison may find. */
export type Diff =
  | { readonly state: 'same' }
  | { readonly state: 'change'; readonly change: Change }
  /** It could not be seen, so nobody can say: shown as such, and never taken for "same". */
  | { readonly state: 'unknown'; readonly reason: string }
  /** A requirement that fcops does not change by itself is not met. */
  | { readonly state: 'violated'; readonly violation: Violation }
  /** All is written, but the machine has to be started anew for it to take effect. */
  | { readonly state: 'reboot'; readonly reason: string };

/** A failed assertion: what was wanted, what was found, what to do. */
export interface Violation {
  readonly message: string;
  readonly next?: string;
  /** `enforce` stops the host before anything is changed; `warn` is only shown. */
  readonly severity: 'enforce' | 'warn';
}

/** A difference and the step that mends it. Nothing in it but `step` may hold a secret. */
export interface Change {
  readonly action: 'create' | 'update' | 'remove' | 'run';
  /** What differs, shortly: mode, owner, version, target … */
  readonly details: readonly Detail[];
  /** Present and wanted text of a file, secrets already masked. */
  readonly text?: TextChange;
  /**
   * Bash that makes the change with the functions of apply.sh. It runs with `set -euo pipefail`, checks its
   * precondition again, can be run twice, and ends with status 0 only where the change was made.
   */
  readonly step: string;
}

export interface Detail {
  readonly name: string;
  readonly before: string | null;
  readonly after: string | null;
}

export interface TextChange {
  /** Null: there is no file, or its text is not known (`reason` says why). */
  readonly before: string | null;
  readonly after: string;
  readonly reason?: string;
}

export const SAME: Diff = { state: 'same' };

/** A change where there are differences, `same` where there are none. */
export const changeOr = (details: readonly Detail[], change: Omit<Change, 'details'>): Diff =>
  details.length === 0 && change.text === undefined
    ? SAME
    : { state: 'change', change: { details, ...change } };

/** Something else is where a file or directory shall be: nothing of it is removed, which stops the host. */
export const inTheWay = (path: string, what: string): Diff => ({
  state: 'violated',
  violation: {
    message: `${path} is there and ${what}`,
    next: `move it away: mv ${path} ${path}.old`,
    severity: 'enforce',
  },
});

/** A detail where the two differ, nothing where they agree. */
export const detail = (name: string, before: string | null, after: string | null): Detail[] =>
  before === after ? [] : [{ name, before, after }];
