import type { Place, Problem } from '../core/problem.ts';
import type { RoleName } from './cluster.ts';
import type { OddPattern } from './groups.ts';
import type { ClusterTop, GroupPart, HostPart, HostValues } from './inventory-file.ts';
import type { Profiles } from './profiles.ts';
import type { StoragePart } from './storage-file.ts';
import type { Path } from './yaml-file.ts';

/** A host of the file with its position in the list, which leads to its line. */
export interface ListedHost {
  readonly index: number;
  /** Its name, or `hosts[3]` where that is not known. */
  readonly name: string;
  /** What is right of it, with what its groups give it: where that stands `valuePlace` knows. */
  readonly host: HostPart;
  /** Its roles, each with its position in the file. */
  readonly roles: readonly { readonly role: RoleName; readonly position: number }[];
  /** Names of its groups, in the order of the file. */
  readonly groups: readonly string[];
}

/** A group of the file. */
export interface ListedGroup {
  readonly name: string;
  /** What is right of it. */
  readonly group: GroupPart;
  /** Positions of its hosts in the file; null: what says which they are is wrong. */
  readonly members: ReadonlySet<number> | null;
  /** Its patterns that choose nothing. */
  readonly odd: readonly OddPattern[];
}

/** Values of hosts as they are written: those of the cluster, of a group, of a single host. */
export interface Stated {
  /** Empty: the top of the file. */
  readonly path: Path;
  /** Name of the host, where they are of one. */
  readonly host?: string;
  /** What is right of them. */
  readonly values: HostValues;
}

/** A storage of the file with its position in the list. */
export interface ListedStorage {
  readonly index: number;
  /** What is right of it. */
  readonly storage: StoragePart;
}

/**
 * A file under cross-checks: whatever of it passed the schema, down to single values, so that all errors are found
 * at once. Checks hold their tongue about what is written and wrong: that is told already.
 */
export interface Checking {
  readonly cluster: ClusterTop;
  readonly hosts: readonly ListedHost[];
  readonly groups: readonly ListedGroup[];
  /** All values of hosts, where each stands: the cluster's, those of groups in the order of the file, of hosts. */
  readonly stated: readonly Stated[];
  readonly storage: readonly ListedStorage[];
  readonly profiles: Profiles;
  /** Place of the value at a path of the file; of one that a host has from a group, the place at the group. */
  readonly valuePlace: (path: Path) => Place;
  /** Place of the key that a path ends in. */
  readonly keyPlace: (path: Path) => Place;
  /** Whether anything is written at a path, right or wrong; of a host also where it is written at one of its groups. */
  readonly isWritten: (path: Path) => boolean;
}

/** One problem of one host. */
export interface HostProblem {
  readonly host: string;
  readonly problem: Problem & { readonly where: Place };
}

/** Hosts with the same problem are named once, at the place of the first: 24 hosts lack one version once. */
export const foldHosts = (found: readonly HostProblem[]): readonly Problem[] => {
  const groups = new Map<string, HostProblem[]>();
  for (const entry of found) {
    const key = JSON.stringify([entry.problem.what, entry.problem.next]);
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const hosts = [...new Set(group.map(({ host }) => host))];
    return [ofHosts(first.problem, hosts)];
  });
};

/** A problem as that of these hosts. */
export const ofHosts = ({ hosts: _, where, ...problem }: Problem, hosts: readonly string[]): Problem => {
  const host = hosts.length > 3 ? `${hosts[0]} and ${hosts.length - 1} more hosts` : hosts.join(' and ');
  return { ...problem, where: { ...where, host }, ...(hosts.length > 1 && { hosts }) };
};
