import type { VersionKey } from '../../inventory/check-versions.ts';
import { keysOfRole, VERSION_KEYS } from '../../inventory/check-versions.ts';
import type { Host } from '../../inventory/cluster.ts';
import type { VersionOnHosts } from '../../inventory/other-version.ts';

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
  /** The versions that programs get, each with its hosts: machines of several kinds take builds of their own. */
  readonly versions: readonly VersionOnHosts[];
  /** Checksums that the inventory does not have yet, by the name of the archive. */
  readonly sha256: Readonly<Record<string, string>>;
}

/** The programs of an upgrade, whoever has them. */
export const keysIn = ({ versions }: Pick<Upgrade, 'versions'>): readonly VersionKey[] =>
  VERSION_KEYS.filter((key) => versions.some((one) => one.key === key));

/** What a host gets of an upgrade: the version of each program. */
export const versionsFor = (
  { name }: Pick<Host, 'name'>,
  { versions }: Pick<Upgrade, 'versions'>,
): ReadonlyMap<VersionKey, string> =>
  new Map(versions.flatMap(({ key, version, hosts }) => (hosts.includes(name) ? [[key, version]] : [])));

/** The versions of an upgrade, each once: `1.11.1-3079a405a and 1.11.1-3079a405a-intel`. */
export const versionNames = ({ versions }: Pick<Upgrade, 'versions'>): string =>
  [...new Set(versions.map(({ version }) => version))].join(' and ');

/** Those of these programs that a host has. */
export const keysOn = ({ roles }: Pick<Host, 'roles'>, keys: readonly VersionKey[]): readonly VersionKey[] =>
  keys.filter((key) => roles.some((role) => keysOfRole(role).includes(key)));
