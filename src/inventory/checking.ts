import type { Place, Problem } from '../core/problem.ts';
import type { ClusterTop, HostFile } from './inventory-file.ts';
import type { Profiles } from './profiles.ts';
import type { Path } from './yaml-file.ts';

/** A host of the file with its position in the list, which leads to its line. */
export interface ListedHost {
  readonly index: number;
  readonly host: HostFile;
}

/**
 * A file under cross-checks: the parts that passed the schema, so that all errors are found at once. Checks
 * hold their tongue about a section that is itself wrong.
 */
export interface Checking {
  readonly cluster: ClusterTop;
  /** Top-level sections with an error of their own; they are missing in `cluster`. */
  readonly broken: ReadonlySet<string>;
  readonly hosts: readonly ListedHost[];
  readonly profiles: Profiles;
  /** Place of the value at a path of the file. */
  readonly valuePlace: (path: Path) => Place;
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
