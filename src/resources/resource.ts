import * as z from 'zod';
import type { Content, Digest } from '../core/content.ts';
import type { Facts } from '../core/facts.ts';
import type { Next } from '../core/next.ts';
import { maskOutput } from '../core/others-secrets.ts';
import type { Deployed } from './deployed.ts';
import type { Step } from './kinds.ts';
import type { Ask, Observation } from './look.ts';
import type { AtWork } from './process/at-work.ts';

/**
 * A named entry in a role's ordered list. Its name is what an operator reads in plans and failures; its tags
 * are what `--tags` selects.
 */
export interface Task {
  readonly name: string;
  readonly tags: readonly string[];
  /** Each needs those before it to have come about, unless they are apart. */
  readonly resources: readonly Resource[];
  readonly areApart?: boolean;
}

/** What a resource brings into being when it changes, for others that need it. */
export type Provision =
  /** A file, a link or a directory at this path. */
  | { readonly type: 'path'; readonly path: string }
  /** Packages: programs, units, users, files that nobody here names. */
  | { readonly type: 'packages' }
  /** A file system that is mounted at this directory. */
  | { readonly type: 'mounted'; readonly target: string }
  /** A process that runs: `APx`. */
  | { readonly type: 'process'; readonly name: string }
  /** A process that has ended. */
  | { readonly type: 'ended'; readonly process: string }
  /** The kernel arguments in the boot loader's settings. */
  | { readonly type: 'boot-settings' }
  /** Settings of the running kernel. */
  | { readonly type: 'kernel-settings' };

/** What a comparison is told besides what was seen. */
export interface DiffContext {
  /** Whether a resource before this one that provides it will change in the same run. Only for its own `needs`. */
  readonly pending: (needed: Provision) => boolean;
  /** The sum of a content with its secrets, which the comparison itself never sees. */
  readonly digest: Digest;
  /** Replaced text of the host is shown as it is; unless given, what may be a secret of others in it is masked. */
  readonly showReplaced?: boolean;
}

/**
 * The desired state of one thing on a host. Made by the function of its kind (`file`, `link`, …), which keeps
 * the specification to itself; what is left is how to look and how to compare. Both are pure.
 */
export interface Resource {
  /** `file`, `link` … */
  readonly kind: string;
  /** `<kind>:<name>`, unique on a host: `file:/etc/hugepages.sh`. */
  readonly id: string;
  /** As people read it: `file /etc/hugepages.sh`, `packages`, `hugepages of 1 GiB`. */
  readonly title: string;
  /** What has to be looked at before `diff` can answer. Must not depend on the machine's facts. */
  readonly asks: readonly Ask[];
  readonly provides?: readonly Provision[];
  readonly needs?: readonly Provision[];
  /** What has to have come about before this one is changed, besides what it asks for: where that fails it is left. */
  readonly after?: readonly Provision[];
  diff(seen: Observation, context: DiffContext): Diff;
  /** What it fetches from elsewhere when it is changed: whether that can be had is seen before (`fcops preflight`). */
  readonly fetches?: Fetches;
  /** What a look would see of it where it has been done; left out where that is nothing. */
  readonly leaves?: (host: Deployed) => void;
  /** What of a host it keeps as it shall be, one by one, in words; its title where it is left out. */
  readonly manages?: readonly string[];
  /** Whether it asks something of the machine that no deploy brings about. */
  readonly isCheck?: boolean;
  /** What a file shall be, for those that write it elsewhere than on the host (`fcops render`). */
  readonly file?: FileView;
}

/** What a change fetches, and through what. Of `proxy` null: as the host has it by itself. */
export type Fetches =
  /** An archive, of which its directory tells whether it is there already. */
  | {
      readonly type: 'archive';
      readonly url: string;
      readonly sha256: string;
      readonly directory: string;
      /** `user:password` for the server; null where it asks for none. */
      readonly credentials: Content | null;
      readonly proxy: string | null;
    }
  /** Packages of the distribution. */
  | {
      readonly type: 'packages';
      readonly manager: 'apt' | 'yum';
      readonly names: readonly string[];
      readonly proxy: string | null;
    };

/** A file as a deploy writes it. */
export interface FileView {
  readonly path: string;
  readonly mode: string;
  /** A function where the text follows from the machine's facts. */
  readonly content: Content | ((facts: Facts) => Content);
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
  | { readonly state: 'reboot'; readonly reason: string }
  /** A process runs with something older than what is there; it has to be started anew to have it. */
  | { readonly state: 'restart'; readonly restart: RestartOwed }
  /** None of the host's processes runs: nothing to change by itself, and nothing that seals either. */
  | { readonly state: 'idle'; readonly idle: Idle };

/** Processes of a host where none of them runs, and what starts them. */
export interface Idle {
  /** `P1-3`, in the order in which they are started. */
  readonly processes: readonly string[];
  readonly next: readonly Next[];
}

/** A failed assertion: what was wanted, what was found, what to do. */
export interface Violation {
  readonly message: string;
  readonly next?: readonly Next[];
  /**
   * `enforce` stops the host before anything is changed; `start` keeps processes from being started; `warn` is only
   * shown.
   */
  readonly severity: 'enforce' | 'start' | 'warn';
  /** For `start`: those that do not run and wait for it. */
  readonly processes?: readonly string[];
}

/** A restart that a process owes: which one, and what it lacks. */
export interface RestartOwed {
  /** `P1-3` */
  readonly process: string;
  readonly pid: number;
  /** Seconds since 1970, by the host's clock: what is lost by a restart is no older. */
  readonly since: number;
  /** What it runs with that is older than what is there, shortly. */
  readonly reasons: readonly string[];
}

export const detailSchema = z.strictObject({
  name: z.string().describe('What differs: mode, owner, version, target …'),
  before: z.string().nullable().describe('Null: there is nothing yet.'),
  after: z.string().nullable().describe('Null: nothing is wanted there.'),
});
export type Detail = Readonly<z.infer<typeof detailSchema>>;

export const textChangeSchema = z.strictObject({
  before: z.string().nullable().describe('Present text, secrets masked; null: no file, or not known.'),
  after: z.string().describe('Wanted text, secrets masked.'),
  reason: z.string().exactOptional().describe('Why the present text is not known.'),
});
export type TextChange = Readonly<z.infer<typeof textChangeSchema>>;

export const lineChangeSchema = z.strictObject({
  line: z
    .int()
    .describe('Where it stands in the present file, from 1; behind the last for a new line at the end.'),
  before: z.string().nullable().describe('Present line, values that may be secrets masked; null: it is new.'),
  after: z.string().nullable().describe('Wanted line; null: it goes.'),
});
export type LineChange = Readonly<z.infer<typeof lineChangeSchema>>;

/** A difference and the steps that mend it, in order: no secret of fcops can be in it. */
export interface Change {
  readonly action: 'create' | 'update' | 'remove' | 'run';
  /** What differs, shortly: mode, owner, version, target … */
  readonly details: readonly Detail[];
  /** Present and wanted text of a file, secrets masked. */
  readonly text?: TextChange;
  /** Of a file that others write too: the lines that are ours, and no others. */
  readonly lines?: readonly LineChange[];
  /** Of a process that is ended: tasks that end with it, or that nobody knows of any. */
  readonly atWork?: AtWork;
  readonly steps: readonly Step[];
}

export const SAME: Diff = { state: 'same' };

/** A change where there are differences, `same` where there are none. */
export const changeOr = (details: readonly Detail[], change: Omit<Change, 'details'>): Diff =>
  details.length === 0 && change.text === undefined && change.lines === undefined
    ? SAME
    : { state: 'change', change: { details, ...change } };

/** A detail where the two differ, nothing where they agree. */
export const detail = (name: string, before: string | null, after: string | null): Detail[] =>
  before === after ? [] : [{ name, before, after }];

/** The same of a text that others write, who may have their secrets in it. */
export const detailOfOthers = (name: string, before: string | null, after: string | null): Detail[] =>
  before === after ? [] : detail(name, before === null ? null : maskOutput(before), after);
