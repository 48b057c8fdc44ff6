import type { Place, Problem } from '../core/problem.ts';
import type { RoleName } from './cluster.ts';
import type { ClusterTop, HostPart } from './inventory-file.ts';
import type { Profiles } from './profiles.ts';
import type { StoragePart } from './storage-file.ts';
import type { Path } from './yaml-file.ts';

/** A host of the file with its position in the list, which leads to its line. */
export interface ListedHost {
  readonly index: number;
  /** Its name, or `hosts[3]` where that is not known. */
  readonly name: string;
  /** What is right of it. */
  readonly host: HostPart;
  /** Its roles, each with its position in the file. */
  readonly roles: readonly { readonly role: RoleName; readonly position: number }[];
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
  readonly storage: readonly ListedStorage[];
  readonly profiles: Profiles;
  /** Place of the value at a path of the file. */
  readonly valuePlace: (path: Path) => Place;
  /** Whether anything is written at a path, right or wrong. */
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
    const host = hosts.length > 3 ? `${hosts[0]} and ${hosts.length - 1} more hosts` : hosts.join(' and ');
    return [{ ...first.problem, where: { ...first.problem.where, host } }];
  });
};
