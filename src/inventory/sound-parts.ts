import type * as z from 'zod';
import type { Checking, ListedGroup, ListedHost, ListedStorage } from './checking.ts';
import { hostOver, membersAmong, valuesOf } from './groups.ts';
import {
  type ClusterFile,
  clusterFileSchema,
  clusterTopSchema,
  groupFileSchema,
  groupPartSchema,
  hostFileSchema,
  hostPartSchema,
} from './inventory-file.ts';
import type { Profiles } from './profiles.ts';
import { ROLE_NAMES } from './schema-parts.ts';
import { storageFileSchema, storagePartSchema } from './storage-file.ts';
import { isMapping, type Path, valueAt, type YamlFile } from './yaml-file.ts';

const nameOf = (path: Path): string => JSON.stringify(path.map(String));

/** Paths of what is wrong. */
const wrongPaths = (issues: readonly z.core.$ZodIssue[]): ReadonlySet<string> =>
  new Set(
    issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => nameOf([...issue.path, key]))
        : [nameOf(issue.path)],
    ),
  );

/** A value without what is wrong in it. */
const pruned = (value: unknown, wrong: ReadonlySet<string>, path: Path = []): unknown => {
  const isRight = (key: PropertyKey) => !wrong.has(nameOf([...path, key]));
  if (Array.isArray(value))
    return value.flatMap((item, index) => (isRight(index) ? [pruned(item, wrong, [...path, index])] : []));
  if (!isMapping(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => isRight(key))
      .map(([key, part]) => [key, pruned(part, wrong, [...path, key])]),
  );
};

const topSchema = clusterFileSchema.omit({ hosts: true });

/** The keys of a mapping whose values are right: as they are, or without what is wrong in them. `part`: all optional. */
const soundKeys = (
  value: Readonly<Record<string, unknown>>,
  whole: z.ZodObject,
  part: z.ZodObject,
): Readonly<Record<string, unknown>> => {
  const { error } = whole.safeParse(value);
  if (!error) return value;
  const left = pruned(value, wrongPaths(error.issues));
  const entries = isMapping(left) ? Object.entries(left) : [];
  return Object.fromEntries(entries.filter(([key, inner]) => part.safeParse({ [key]: inner }).success));
};

/** A host as it is listed, before its groups are known. */
type OwnHost = Omit<ListedHost, 'groups'>;
type OwnGroup = Pick<ListedGroup, 'name' | 'group'>;

const listedHost = (value: unknown, index: number): OwnHost => {
  const parsed = hostPartSchema.safeParse(
    isMapping(value) ? soundKeys(value, hostFileSchema, hostPartSchema) : {},
  );
  const host = parsed.success ? parsed.data : {};
  const written = valueAt(value, ['roles']);
  const roles = (Array.isArray(written) ? written : []).flatMap((word: unknown, position) => {
    const role = ROLE_NAMES.find((known) => known === word);
    return role === undefined ? [] : [{ role, position }];
  });
  return { index, name: host.name ?? `hosts[${index}]`, host, roles };
};

const listedStorage = (value: unknown, index: number): ListedStorage => {
  const parsed = storagePartSchema.safeParse(
    isMapping(value) ? soundKeys(value, storageFileSchema, storagePartSchema) : {},
  );
  return { index, storage: parsed.success ? parsed.data : {} };
};

const listedGroup = (name: string, value: unknown): OwnGroup => {
  const parsed = groupPartSchema.safeParse(
    isMapping(value) ? soundKeys(value, groupFileSchema, groupPartSchema) : {},
  );
  return { name, group: parsed.success ? parsed.data : {} };
};

interface Sound extends Pick<Checking, 'cluster' | 'storage'> {
  readonly hosts: readonly OwnHost[];
  readonly groups: readonly OwnGroup[];
}

/** A file without a mistake. */
const allParts = ({ hosts, groups = {}, storage = [], ...cluster }: ClusterFile): Sound => ({
  cluster,
  groups: Object.entries(groups).map(([name, group]) => ({ name, group })),
  hosts: hosts.map((host, index) => ({
    index,
    name: host.name,
    host,
    roles: host.roles.map((role, position) => ({ role, position })),
  })),
  storage: storage.map((one, index) => ({ index, storage: one })),
});

const rightParts = ({ hosts, groups, storage, ...top }: Readonly<Record<string, unknown>>): Sound => {
  const parsed = clusterTopSchema.safeParse(soundKeys(top, topSchema, clusterTopSchema));
  return {
    cluster: parsed.success ? parsed.data : {},
    hosts: (Array.isArray(hosts) ? hosts : []).map(listedHost),
    groups: Object.entries(isMapping(groups) ? groups : {}).map(([name, value]) => listedGroup(name, value)),
    storage: (Array.isArray(storage) ? storage : []).map(listedStorage),
  };
};

/** Groups with their hosts. */
const withMembers = (groups: readonly OwnGroup[], hosts: readonly OwnHost[]): readonly ListedGroup[] => {
  if (groups.length === 0) return [];
  const membersOf = membersAmong(
    hosts.map(({ index, host: { name, address, listen }, roles }) => ({
      ...{ index, name, address, listen },
      roles: roles.map(({ role }) => role),
    })),
  );
  return groups.map(({ name, group }) => {
    if (group.hosts === undefined) return { name, group, members: null, odd: [] };
    const { hosts: members, odd } = membersOf(group.hosts);
    return { name, group, members: new Set(members.map(({ index }) => index)), odd };
  });
};

/** What is right of a file, for the cross-checks; `whole`: what it says, where nothing is wrong with it. */
export const soundParts = (yaml: YamlFile, whole: ClusterFile | undefined, profiles: Profiles): Checking => {
  const content = isMapping(yaml.value) ? yaml.value : {};
  const { cluster, hosts, groups: own, storage } = whole ? allParts(whole) : rightParts(content);
  const groups = withMembers(own, hosts);
  const groupsOf = byHost(groups);
  const written = writtenIn(content, groups, groupsOf);
  return {
    cluster,
    hosts: hosts.map((listed): ListedHost => {
      const having = groupsOf(listed.index);
      return {
        ...listed,
        host: hostOver(
          having.map(({ group }) => valuesOf(group)),
          listed.host,
        ),
        groups: having.map(({ name }) => name),
      };
    }),
    groups,
    stated: [
      { path: [], values: valuesOf(cluster) },
      ...groups.map(({ name, group }) => ({ path: ['groups', name], values: valuesOf(group) })),
      ...hosts.map(({ index, name, host }) => ({
        path: ['hosts', index],
        host: name,
        values: valuesOf(host),
      })),
    ],
    storage,
    profiles,
    valuePlace: (path) => yaml.valuePlace(written.from(path)),
    keyPlace: yaml.keyPlace,
    isWritten: written.is,
  };
};

/** Tells the groups of the host at a position, in the order of the file. */
type GroupsOf = (index: number) => readonly ListedGroup[];

const byHost = (groups: readonly ListedGroup[]): GroupsOf => {
  const known = new Map<number, ListedGroup[]>();
  for (const group of groups)
    for (const index of group.members ?? []) {
      const having = known.get(index);
      if (having) having.push(group);
      else known.set(index, [group]);
    }
  return (index) => known.get(index) ?? [];
};

/** Where what a host has is written: at the host, or at the last of its groups that has it. */
const writtenIn = (content: unknown, groups: readonly ListedGroup[], groupsOf: GroupsOf) => {
  const isThere = (path: Path): boolean => valueAt(content, path) !== undefined;
  /** Groups of which it is not known whose they are. */
  const inDoubt = groups.filter(({ members }) => members === null);
  const atGroups = ([section, index, ...key]: Path, isMeant: 'known' | 'possible'): readonly Path[] =>
    section === 'hosts' && typeof index === 'number' && key.length > 0
      ? [...groupsOf(index), ...(isMeant === 'known' ? [] : inDoubt)]
          .map(({ name }) => ['groups', name, ...key])
          .filter(isThere)
      : [];
  return {
    from: (path: Path): Path => (isThere(path) ? path : (atGroups(path, 'known').at(-1) ?? path)),
    is: (path: Path): boolean => isThere(path) || atGroups(path, 'possible').length > 0,
  };
};
