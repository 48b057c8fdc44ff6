import type { VersionKey } from '../../inventory/check-versions.ts';
import { keysOfRole } from '../../inventory/check-versions.ts';
import type { Host } from '../../inventory/cluster.ts';

/** What may be named for an upgrade: a role with its program, `lotus` alone, or all that the cluster runs. */
export const UPGRADED = ['lotus', 'miner', 'p1', 'c2', 'apx', 'all'] as const;
export type Upgraded = (typeof UPGRADED)[number];

/** What the archive of a program, and the task that puts it in place, are called. */
export const programOf = (key: VersionKey): string => {
  switch (key) {
    case 'lotus':
      return 'lotus';
    case 'miner':
      return 'lotus-miner';
    default:
      return 'lotus-worker';
  }
};

/** What an upgrade is asked for. */
export interface Upgrade {
  /** The version that programs get: `1.11.1-3079a405a`. */
  readonly version: string;
  readonly keys: readonly VersionKey[];
  /** Checksums that the inventory does not have yet, by the name of the archive. */
  readonly sha256: Readonly<Record<string, string>>;
}

/** Those programs of an upgrade that a host has. */
export const keysOn = ({ roles }: Pick<Host, 'roles'>, keys: readonly VersionKey[]): readonly VersionKey[] =>
  keys.filter((key) => roles.some((role) => keysOfRole(role).includes(key)));
