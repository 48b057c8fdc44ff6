import type { Facts } from '../core/facts.ts';

/** Everything that one look at a host brought back. A key that is missing from a map was not seen. */
export interface Observation {
  /** What contents follow from: as observed, with the facts that are stated by hand over them. */
  readonly facts: Facts;
  /** As observed, where facts are stated by hand: what a machine is judged by. */
  readonly observedFacts?: Facts;
  readonly paths: ReadonlyMap<string, PathState>;
  /** Installed version by package; null where it is not installed. */
  readonly packages: ReadonlyMap<string, string | null>;
  /** By key; null where the kernel has no such setting. */
  readonly sysctl: ReadonlyMap<string, SysctlState | null>;
  readonly units: ReadonlyMap<string, UnitState>;
  /** Properties of the systemd manager. */
  readonly manager: ReadonlyMap<string, string>;
  /** What is mounted by directory; null where nothing is. */
  readonly mounts: ReadonlyMap<string, MountState | null>;
  /** Text of the crontab by user, empty where there is none; null where cron is not installed. */
  readonly crontabs: ReadonlyMap<string, string | null>;
  /** Pages by page size in KiB, then by NUMA node. */
  readonly hugepages: ReadonlyMap<number, readonly NodePages[]>;
  readonly guards: ReadonlyMap<string, GuardState>;
  /** Why something was not seen, by probe (`path /etc/fstab`), where the host said so. */
  readonly reasons: ReadonlyMap<string, string>;
}

export type PathState =
  | { readonly type: 'absent' }
  | FileState
  | ({ readonly type: 'directory' } & Ownership)
  | { readonly type: 'link'; readonly target: string }
  | { readonly type: 'other' };

export interface Ownership {
  /** Four octal digits: `0644`. */
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
}

export interface FileState extends Ownership {
  readonly type: 'file';
  readonly bytes: number;
  /** Seconds since 1970. */
  readonly mtime: number;
  /** Where the probe asked for it or for the text, and the file could be read. */
  readonly sha256?: string;
  /** Where the probe asked for it, and the file has no more than 256 KiB. */
  readonly text?: string;
}

export interface SysctlState {
  /** Live value, blanks and tabs in it folded to one blank. */
  readonly value: string;
  /** Containers have parts of /proc/sys read-only. */
  readonly writable: boolean;
}

/** As `systemctl show` names them: `loaded`, `not-found`; `active`, `inactive`; `enabled`, `disabled`. */
export interface UnitState {
  readonly load: string;
  readonly active: string;
  readonly file: string;
  readonly needsReload: boolean;
}

export interface MountState {
  readonly source: string;
  readonly fstype: string;
  readonly options: readonly string[];
  readonly bytes: number;
  readonly freeBytes: number;
}

export interface NodePages {
  readonly node: number;
  readonly total: number;
  readonly free: number;
}

export interface GuardState {
  readonly status: number;
  readonly output: string;
}

/** The answer for something that was not seen, with the reason that the host gave. */
export const unseen = (
  seen: Observation,
  probe: string,
): { readonly state: 'unknown'; readonly reason: string } => ({
  state: 'unknown',
  reason: seen.reasons.get(probe) ?? `the host did not answer for ${probe}`,
});
