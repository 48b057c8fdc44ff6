import { isDeepStrictEqual } from 'node:util';
import { edit } from '../core/next.ts';
import type { Problem } from '../core/problem.ts';
import { didYouMean } from '../core/suggest.ts';
import { keysOfRole } from './check-versions.ts';
import { type Checking, foldHosts, type HostProblem, type ListedGroup, type ListedHost } from './checking.ts';
import { valuesOf } from './groups.ts';
import { ALL, colonAdvice, GROUP, rangeAdvice } from './host-pattern.ts';
import { hostValuesSchema } from './inventory-file.ts';
import { type Leaf, leavesOf } from './leaves.ts';
import { ROLE_NAMES } from './schema-parts.ts';
import { type Path, valueAt } from './yaml-file.ts';

/** What a name may stand for besides a group, in words. */
const meaningOf = (name: string, hosts: ReadonlySet<string>): string | undefined => {
  if (name === ALL) return 'the word for every host';
  if (ROLE_NAMES.some((role) => role === name)) return 'a role';
  return hosts.has(name) ? 'a host' : undefined;
};

const names = ({ groups, hosts, keyPlace }: Checking): readonly Problem[] => {
  const known = new Set(hosts.flatMap(({ host }) => host.name ?? []));
  return groups.flatMap(({ name }): readonly Problem[] => {
    const meaning = meaningOf(name, known);
    if (meaning === undefined) return [];
    return [
      {
        kind: 'inventory',
        what: `the group ${name} is named like ${meaning}`,
        where: keyPlace(['groups', name]),
        next: [edit(meaning === 'a host' ? 'rename one of the two' : 'give the group another name')],
      },
    ];
  });
};

/** Patterns without hosts. Where not all names and addresses are known, a pattern may be right. */
const patterns = ({ groups, hosts, valuePlace, isWritten }: Checking): readonly Problem[] => {
  const isWhole = hosts.every(
    ({ index, host: { name, address, listen } }) =>
      name !== undefined &&
      address !== undefined &&
      (listen !== undefined || !isWritten(['hosts', index, 'listen'])),
  );
  const known = hosts.flatMap(({ host }) => host.name ?? []);
  return groups.flatMap(({ name, members, odd }): readonly Problem[] => {
    const at: Path = ['groups', name, 'hosts'];
    if (odd.length > 0)
      return odd
        .filter(({ slip }) => slip !== null || isWhole)
        .map(({ text, slip, at: inside }) => ({
          kind: 'inventory',
          what: `the group ${name}: ${text}${slip ? `: ${slip.what}` : ' matches no host'}`,
          where: valuePlace([...at, ...inside]),
          next: [edit(slip?.next ?? adviceFor(text, known))],
        }));
    if (members === null || members.size > 0 || !isWhole) return [];
    return [
      {
        kind: 'inventory',
        what: `the group ${name} has no host`,
        where: valuePlace(at),
        why: 'everything that matches is left out again',
        next: [edit('correct its hosts, or remove the group')],
      },
    ];
  });
};

const adviceFor = (text: string, hosts: readonly string[]): string => {
  const word = text.replace(/^[!&]/, '');
  if (word.startsWith(GROUP)) return 'name hosts: a group is not made of groups';
  return rangeAdvice(word) ?? colonAdvice(word) ?? didYouMean(word, hosts);
};

/** A key that two groups set to different values; the second stands below the first. */
interface Clash {
  readonly path: Path;
  readonly first: ListedGroup;
  readonly second: ListedGroup;
}

const sameKey = (path: Path): string => JSON.stringify(path);

const clashesIn = (
  having: readonly ListedGroup[],
  leaves: (group: ListedGroup) => readonly Leaf[],
): readonly Clash[] => {
  const firsts = new Map<string, Leaf & { readonly group: ListedGroup }>();
  return having.flatMap((group) =>
    leaves(group).flatMap((leaf): readonly Clash[] => {
      const first = firsts.get(sameKey(leaf.path));
      if (!first) firsts.set(sameKey(leaf.path), { ...leaf, group });
      return first && !isDeepStrictEqual(first.value, leaf.value)
        ? [{ path: leaf.path, first: first.group, second: group }]
        : [];
    }),
  );
};

/** Whether a host has to do with a value: versions of what it does not run mean nothing to it. */
const concerns = ({ roles }: ListedHost, [section, key]: Path): boolean =>
  section !== 'versions' || roles.some(({ role }) => keysOfRole(role).some((one) => one === key));

/** Which of two groups counts would depend on their order: nobody who adds a host to one looks for the other. */
const clashes = (checking: Checking): readonly Problem[] => {
  const { groups, hosts, stated, valuePlace } = checking;
  if (groups.length < 2) return [];
  const leaves = new Map(groups.map((group) => [group, leavesOf(hostValuesSchema, valuesOf(group.group))]));
  const bySet = new Map<string, readonly Clash[]>();
  const clashesOf = (listed: ListedHost): readonly Clash[] => {
    const set = listed.groups.join(' ');
    const known =
      bySet.get(set) ??
      clashesIn(
        groups.filter(({ name }) => listed.groups.includes(name)),
        (group) => leaves.get(group) ?? [],
      );
    bySet.set(set, known);
    return known;
  };
  const own = new Map(stated.map(({ path, values }) => [sameKey(path), values]));
  const found = hosts.flatMap((listed) =>
    listed.groups.length < 2
      ? []
      : clashesOf(listed)
          .filter(({ path }) => concerns(listed, path))
          .filter(({ path }) => valueAt(own.get(sameKey(['hosts', listed.index])), path) === undefined)
          .map(({ path, first, second }): HostProblem => {
            const { line } = valuePlace(['groups', first.name, ...path]);
            const key = path.map(String).join('.');
            return {
              host: listed.name,
              problem: {
                kind: 'inventory',
                what: `\`${key}\` is set otherwise by the group ${first.name} (line ${line}) than here by ${second.name}`,
                where: valuePlace(['groups', second.name, ...path]),
                why: 'the host is in both, and no group counts more than another',
                next: [edit('set it in one of the two, or at the host itself, which counts more than both')],
              },
            };
          }),
  );
  return foldHosts(found);
};

/** Cross-checks of groups: their names, their hosts, and that no two of one host contradict each other. */
export const checkGroups = (checking: Checking): readonly Problem[] => [
  ...names(checking),
  ...patterns(checking),
  ...clashes(checking),
];
