import type { Problem } from '../../core/problem.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import { keysOfRole, type VersionKey } from '../check-versions.ts';
import { membersAmong } from '../groups.ts';
import type { ClusterFile } from '../inventory-file.ts';
import type { Path } from '../yaml-file.ts';
import type { Edit } from './edit.ts';
import { editedText } from './edit.ts';
import type { SoundEditable } from './editable.ts';
import { openSound, openText } from './editable.ts';
import { type NamedSums, sumsWritten } from './sums.ts';

/** Which host is on which version of a program. A host that is left out stays as the file has it. */
export type ActualVersions = ReadonlyMap<string, string>;

/** What a cluster file is to say otherwise. */
export interface Written {
  readonly versions?: ReadonlyMap<VersionKey, ActualVersions>;
  /** sha256 of archives by their names, besides those that are there. */
  readonly sha256?: NamedSums;
}

/**
 * The text of a cluster file that says which versions its hosts are on, in as few words as may be: the cluster's own
 * where all hosts of the role have it, otherwise that of most, and of the others what stands at each. Of hosts whose
 * version a group says, the group's own, in the same way. Comments, order
 * and style stay, and only lines that say it are touched. Where it cannot be written (an alias stands for the value
 * and for others), the problem says in which line, and what a person has to write.
 */
export const written = (
  file: string,
  text: string,
  { versions = new Map(), sha256 = new Map() }: Written,
): Result<string, readonly Problem[]> => {
  let now = text;
  for (const [key, actual] of versions) {
    const editable = openSound(file, now);
    if (!editable.ok) return editable;
    const edits = versionEdits(editable.value, key, actual);
    if (!edits.ok) return edits;
    const made = editedText(editable.value, edits.value);
    if (!made.ok) return made;
    now = made.value;
  }
  const editable = openText(file, now);
  return editable.ok ? sumsWritten(editable.value, sha256) : editable;
};

/** The version of one program alone. */
export const versionsWritten = (
  file: string,
  text: string,
  key: VersionKey,
  actual: ActualVersions,
): Result<string, readonly Problem[]> => written(file, text, { versions: new Map([[key, actual]]) });

/** A host that runs a program. */
interface Running {
  readonly index: number;
  readonly name: string;
  /** What stands at the host itself. */
  readonly own: string | undefined;
  /** What it is to be on. */
  readonly target: string;
  /** Where its version stands, unless at itself: groups of its that say one, or else the cluster. */
  readonly from: readonly Shared[];
}

/** A place that says the version of a program for several hosts: the cluster, or a group. */
interface Shared {
  /** Path of its `versions`. */
  readonly path: Path;
  /** `the cluster`, `the group rack-a` */
  readonly name: string;
  readonly before: string | undefined;
}

const versionEdits = (
  { content, file }: SoundEditable,
  key: VersionKey,
  actual: ActualVersions,
): Result<readonly Edit[], readonly Problem[]> => {
  const running = runningIn(content, key, actual);
  const stranger = [...actual.keys()].find((name) => !running.some((host) => host.name === name));
  if (stranger !== undefined)
    return err([
      {
        kind: 'inventory',
        what: `no host ${stranger} runs ${key} by this file`,
        where: { file },
        why: 'its version has no place there',
      },
    ]);
  const after = new Map(
    [...new Set(running.flatMap(({ from }) => from))].map((place) => [
      place,
      sharedAfter(
        place,
        running.filter(({ from }) => from.includes(place)),
      ),
    ]),
  );
  return ok([
    ...[...after].flatMap(([place, version]) =>
      version === undefined || version === place.before ? [] : [sharedEdit(key, place, version)],
    ),
    ...running.flatMap((host) => hostEdits(key, host, after)),
  ]);
};

/** The hosts that run a program, and where the version of each stands. */
const runningIn = (
  { versions, groups = {}, hosts }: ClusterFile,
  key: VersionKey,
  actual: ActualVersions,
): readonly Running[] => {
  const ofCluster: Shared = { path: ['versions'], name: 'the cluster', before: versions?.[key] };
  const membersOf = membersAmong(hosts);
  const ofGroups = Object.entries(groups)
    .filter(([, group]) => group.versions?.[key] !== undefined)
    .map(([name, group]) => ({
      place: {
        path: ['groups', name, 'versions'],
        name: `the group ${name}`,
        before: group.versions?.[key],
      } satisfies Shared,
      members: new Set(membersOf(group.hosts).hosts),
    }));
  return hosts.flatMap((host, index): readonly Running[] => {
    const { name, roles, versions: own } = host;
    if (!roles.some((role) => keysOfRole(role).includes(key))) return [];
    const having = ofGroups.filter(({ members }) => members.has(host)).map(({ place }) => place);
    const from = having.length > 0 ? having : [ofCluster];
    const target = actual.get(name) ?? own?.[key] ?? from[0]?.before;
    // A host without any version is a mistake of the file, which is told elsewhere.
    return target === undefined ? [] : [{ index, name, own: own?.[key], target, from }];
  });
};

/** What a place is to say: what leaves the fewest hosts to be named, and what it says already where that is one. */
const sharedAfter = ({ before }: Shared, running: readonly Running[]): string | undefined => {
  if (before === undefined) return undefined;
  const named = (version: string) => running.filter(({ target }) => target !== version).length;
  return running.reduce((best, { target }) => (named(target) < named(best) ? target : best), before);
};

const sharedEdit = (key: VersionKey, { path, name }: Shared, version: string): Edit => ({
  type: 'put',
  path,
  entries: new Map([[key, version]]),
  byHand: `write ${key}: ${version} under \`versions\` of ${name}`,
});

const hostEdits = (
  key: VersionKey,
  { index, name, own, target, from }: Running,
  after: ReadonlyMap<Shared, string | undefined>,
): readonly Edit[] => {
  const path = ['hosts', index, 'versions'];
  // Of groups that say different things from now on, none counts: the host itself has to say it.
  const isSaid = from.every((place) => after.get(place) === target);
  if (!isSaid)
    return own === target
      ? []
      : [
          {
            type: 'put',
            path,
            entries: new Map([[key, target]]),
            byHand: `write ${key}: ${target} under \`versions\` of the host ${name}`,
          },
        ];
  const isMoved = from.some((place) => after.get(place) !== place.before);
  // What a person has written at a host, and what nothing here changes, stays.
  if (own === undefined || (own === target && !isMoved)) return [];
  return [
    {
      type: 'drop',
      path: [...path, key],
      otherwise: target,
      byHand: `take ${key} out of \`versions\` of the host ${name}, or write ${key}: ${target} there`,
    },
  ];
};
