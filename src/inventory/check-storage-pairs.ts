import { edit } from '../core/next.ts';
import type { Problem } from '../core/problem.ts';
import type { Checking, ListedStorage } from './checking.ts';
import type { StorageFile, StoragePart } from './storage-file.ts';

/** What two storages of a cluster must not have in common, told at the second. */
interface Clash {
  /** The key that is to be corrected. */
  readonly key: keyof StorageFile;
  readonly what: string;
  readonly why?: string;
  readonly next: string;
}

/** `other`: what the first is called. */
type Rule = (first: StoragePart, second: StoragePart, other: string) => Clash | null;

export const isWithin = (path: string, directory: string): boolean =>
  path === directory || path.startsWith(`${directory}/`);

const names: Rule = ({ name }, second) =>
  name !== undefined && name === second.name
    ? { key: 'name', what: `there are two storages called ${name}`, next: 'give each a name of its own' }
    : null;

const paths: Rule = ({ path }, { path: second }, other) => {
  if (path === undefined || second === undefined) return null;
  if (path === second)
    return {
      key: 'path',
      what: `${other} is mounted at ${path} already`,
      why: 'the miner tells workers the path alone: what they write there has to be what the miner reads there',
      next: 'mount each at a directory of its own',
    };
  if (!isWithin(path, second) && !isWithin(second, path)) return null;
  return {
    key: 'path',
    what: `${second} and ${path} of ${other} lie in each other`,
    why: 'one may hide the other, and a dead one takes the other with it',
    next: 'mount each at a directory of its own',
  };
};

const monitorsOf = (monitors: readonly string[]): string =>
  monitors
    .map((one) => one.replace(/:6789$/, ''))
    .toSorted()
    .join(',');

/** What is mounted, so that two that mean the same are known; undefined where it is not known. */
const sourceOf = ({ type, source, monitors }: StoragePart): string | undefined => {
  if (type !== 'ceph') return source?.replace(/\/+$/, '');
  return monitors && `${monitorsOf(monitors)}:${(source ?? '/').replace(/\/+$/, '')}`;
};

const sources: Rule = (first, second, other) => {
  const source = sourceOf(first);
  if (source === undefined || source !== sourceOf(second) || first.path === undefined) return null;
  return {
    key: 'path',
    what: `${other} is the same storage, at ${first.path}`,
    why: 'the miner tells workers the path to write to: it has to be the same on all of them',
    next: 'make one of the two, with the roles of both in `on`',
  };
};

const clusters: Rule = (first, second, other) =>
  first.monitors && second.monitors && monitorsOf(first.monitors) !== monitorsOf(second.monitors)
    ? {
        key: 'monitors',
        what: `${other} has other monitors`,
        why: '/etc/ceph/ceph.conf is for one ceph cluster',
        next: 'give both the same monitors; of two clusters, mount one over NFS',
      }
    : null;

const fsids: Rule = ({ fsid }, second, other) =>
  fsid !== undefined && second.fsid !== undefined && fsid !== second.fsid
    ? { key: 'fsid', what: `${other} has another fsid`, next: 'give both the same fsid' }
    : null;

const differs = (one: StoragePart['key'], other: StoragePart['key']): boolean =>
  one !== undefined && other !== undefined && (one.env !== other.env || one.file !== other.file);

const users: Rule = (first, second, other) =>
  first.user !== undefined && first.user === second.user && differs(first.key, second.key)
    ? {
        key: 'key',
        what: `${other} has another key of the user ${first.user}`,
        next: 'give both the same key, or each a user of its own',
      }
    : null;

const RULES: readonly Rule[] = [names, paths, sources, clusters, fsids, users];

const nameOf = ({ index, storage }: ListedStorage): string => storage.name ?? `storage[${index}]`;

/** Checks of the storages against each other: names, paths, sources, and one ceph cluster. */
export const checkStoragePairs = ({ storage: all, valuePlace }: Checking): readonly Problem[] =>
  all.flatMap((second, position): readonly Problem[] => {
    for (const first of all.slice(0, position)) {
      const clash = RULES.map((rule) => rule(first.storage, second.storage, nameOf(first))).find(
        (found) => found !== null,
      );
      if (!clash) continue;
      const { key, what, why, next } = clash;
      const { line } = valuePlace(['storage', first.index, key]);
      return [
        {
          kind: 'inventory',
          what: `${what} (line ${line})`,
          where: valuePlace(['storage', second.index, key]),
          ...(why !== undefined && { why }),
          next: [edit(next)],
        },
      ];
    }
    return [];
  });
