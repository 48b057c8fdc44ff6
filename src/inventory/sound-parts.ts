import type * as z from 'zod';
import type { Checking, ListedHost, ListedStorage } from './checking.ts';
import {
  type ClusterFile,
  clusterFileSchema,
  clusterTopSchema,
  hostFileSchema,
  hostPartSchema,
} from './inventory-file.ts';
import type { Profiles } from './profiles.ts';
import { ROLE_NAMES } from './schema-parts.ts';
import { storageFileSchema, storagePartSchema } from './storage-file.ts';
import { type Path, valueAt, type YamlFile } from './yaml-file.ts';

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

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

const listedHost = (value: unknown, index: number): ListedHost => {
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

type Sound = Pick<Checking, 'cluster' | 'hosts' | 'storage'>;

/** A file without a mistake. */
const allParts = ({ hosts, storage = [], ...cluster }: ClusterFile): Sound => ({
  cluster,
  hosts: hosts.map((host, index) => ({
    index,
    name: host.name,
    host,
    roles: host.roles.map((role, position) => ({ role, position })),
  })),
  storage: storage.map((one, index) => ({ index, storage: one })),
});

const rightParts = ({ hosts, storage, ...top }: Readonly<Record<string, unknown>>): Sound => {
  const parsed = clusterTopSchema.safeParse(soundKeys(top, topSchema, clusterTopSchema));
  return {
    cluster: parsed.success ? parsed.data : {},
    hosts: (Array.isArray(hosts) ? hosts : []).map(listedHost),
    storage: (Array.isArray(storage) ? storage : []).map(listedStorage),
  };
};

/** What is right of a file, for the cross-checks; `whole`: what it says, where nothing is wrong with it. */
export const soundParts = (yaml: YamlFile, whole: ClusterFile | undefined, profiles: Profiles): Checking => {
  const content = isMapping(yaml.value) ? yaml.value : {};
  return {
    ...(whole ? allParts(whole) : rightParts(content)),
    profiles,
    valuePlace: yaml.valuePlace,
    isWritten: (path) => valueAt(content, path) !== undefined,
  };
};
