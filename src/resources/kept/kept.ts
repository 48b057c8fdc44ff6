/** What was or is there, as `describe` of base.sh says it; of what is no path `state` is its value. */
export interface KeptState {
  /** `absent`, `directory`, `link:TARGET`, the sha256 of a file; or a value. */
  readonly state: string;
  /** Four octal digits; `-` where there is none. */
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
}

/** One thing that a run has changed on a host, as it has kept it there. */
export interface KeptChange {
  /** A path; or `sysctl:KEY`, `unit:NAME`, `manager:PROPERTY`, `crontab:USER`, `hostname:`, `grub:PATH`. */
  readonly key: string;
  /** Before the run first changed it. */
  readonly was: KeptState;
  /** What the run made of it, step by step. */
  readonly lefts: readonly KeptState[];
  /** Directory of the run that keeps the copy of what was there. */
  readonly directory: string;
}

/** What runs that belong together keep on a host. */
export interface Kept {
  /** Those that it has a place of, oldest first. Of one without a record nothing can be told. */
  readonly found: readonly { readonly run: string; readonly hasRecord: boolean }[];
  /** In the order in which they were first made. */
  readonly changes: readonly KeptChange[];
  /** What they did besides that no rollback undoes: what it was about, and why it stays. */
  readonly did: readonly { readonly what: string; readonly why: string }[];
  /** By key, the newest run after them that has changed it too. */
  readonly later: ReadonlyMap<string, string>;
  /** How many runs after them the host has had, as far as it knows. */
  readonly runsSince: number;
}

/** Where a run keeps the copy of what it replaced at a path. */
export const copyOf = ({ directory, key }: KeptChange): string => `${directory}/replaced${key}`;

/** The same of a crontab. */
export const crontabCopyOf = ({ directory }: KeptChange, user: string): string =>
  `${directory}/replaced-crontabs/${user}`;
