import { posix } from 'node:path';
import { edit } from '../../core/next.ts';
import { FcopsError } from '../../core/problem.ts';
import { formatBytes, MiB } from '../../core/units.ts';
import type { Files } from '../../inventory/files.ts';
import type { Git } from '../git.ts';
import { realPath } from '../real-path.ts';
import type { Revision } from './revision.ts';

/** What stands at a path of a revision. */
interface Entry {
  readonly mode: string;
  readonly oid: string;
}

/** The files of a revision, by the paths that the user gave. */
export interface RevisionFiles extends Files {
  /** Whether the directory is one of the revision; false: it is elsewhere, or was not there yet. */
  readonly has: (directory: string) => boolean;
  /** Whether a path is within the work tree of its repository. */
  readonly isInside: (path: string) => boolean;
  /** How messages call a file of it: `origin/main:inventories/f0494733.yaml`. */
  readonly called: (file: string) => string;
}

/** What a person writes is smaller. */
const MOST_BYTES = 8 * MiB;
/** Links that lead to links. */
const MOST_LINKS = 10;

const FILE = /^100(644|755|664)$/;
const LINK = '120000';

/**
 * Reads all that stands below these directories in a revision, straight out of git's database: nothing is checked out, and
 * no filter is run. Directories outside of the work tree have nothing there.
 */
export const readRevision = async (
  git: Git,
  revision: Revision,
  directories: readonly string[],
): Promise<RevisionFiles> => {
  const inside = (path: string): string | null => pathIn(revision.root, path);
  const roots = directories.flatMap((directory) => inside(directory) ?? []);
  const entries = roots.length === 0 ? new Map<string, Entry>() : await treeOf(git, revision, roots);
  const blobs = await contentsOf(git, entries, revision);
  const children = childrenOf(entries.keys());
  const at = (path: string): string | null => {
    const own = inside(path);
    return own === null ? null : followed(own, entries, children, blobs);
  };
  return {
    list: (directory) => {
      const own = at(directory);
      const names = own === null ? undefined : children.get(own);
      return names && [...names];
    },
    read: (file) => {
      const entry = entries.get(at(file) ?? '');
      return entry && FILE.test(entry.mode) ? blobs.get(entry.oid) : undefined;
    },
    mode: (file) => {
      const entry = entries.get(at(file) ?? '');
      return entry && Number.parseInt(entry.mode.slice(-3), 8);
    },
    has: (directory) => children.has(at(directory) ?? '\0'),
    isInside: (path) => inside(path) !== null,
    called: (file) => {
      const own = inside(file);
      return own === null ? file : `${revision.name}:${own}`;
    },
  };
};

/** The path below the root, without a slash at its end; null: it is elsewhere. Links of this machine are followed. */
const pathIn = (root: string, path: string): string | null => {
  const own = posix.relative(root, realPath(path));
  return own.startsWith('..') || posix.isAbsolute(own) ? null : own;
};

const treeOf = async (git: Git, { commit, name }: Revision, roots: readonly string[]) => {
  const paths = roots.includes('') ? [] : roots;
  const { status, stdout, stderr } = await git([
    'ls-tree',
    '-r',
    '-z',
    '--full-tree',
    commit,
    '--',
    ...paths,
  ]);
  if (status !== 0) throw unreadable(name, stderr);
  const entries = new Map<string, Entry>();
  for (const row of stdout.toString('utf8').split('\0')) {
    const [, mode, type, oid, path] = /^(\d+) (\w+) ([0-9a-f]+)\t(.+)$/s.exec(row) ?? [];
    if (mode !== undefined && oid !== undefined && path !== undefined && type === 'blob')
      entries.set(path, { mode, oid });
  }
  return entries;
};

/** The texts of all blobs, by their ids. */
const contentsOf = async (
  git: Git,
  entries: ReadonlyMap<string, Entry>,
  { name }: Revision,
): Promise<ReadonlyMap<string, string>> => {
  const oids = [...new Set([...entries.values()].map(({ oid }) => oid))];
  if (oids.length === 0) return new Map();
  const { status, stdout, stderr } = await git(['cat-file', '--batch'], `${oids.join('\n')}\n`);
  if (status !== 0) throw unreadable(name, stderr);
  const texts = new Map<string, string>();
  let at = 0;
  for (const oid of oids) {
    const end = stdout.indexOf('\n', at);
    const [, type, size] = /^\S+ (\w+) (\d+)$/.exec(stdout.toString('latin1', at, end)) ?? [];
    if (end < 0 || type !== 'blob' || size === undefined) throw unreadable(name, `${oid} is missing`);
    const bytes = Number(size);
    if (bytes > MOST_BYTES) {
      const path = [...entries].find(([, entry]) => entry.oid === oid)?.[0] ?? oid;
      throw new FcopsError({
        kind: 'file',
        what: `is larger than ${formatBytes(MOST_BYTES)}`,
        where: { file: `${name}:${path}` },
        next: [edit('look whether it is the right file')],
      });
    }
    texts.set(oid, stdout.toString('utf8', end + 1, end + 1 + bytes));
    at = end + 1 + bytes + 1;
  }
  return texts;
};

const unreadable = (name: string, why: string): FcopsError =>
  new FcopsError({ kind: 'file', what: `--base: ${name} cannot be read`, ...(why !== '' && { why }) });

/** Names in each directory. */
const childrenOf = (paths: Iterable<string>): ReadonlyMap<string, ReadonlySet<string>> => {
  const children = new Map<string, Set<string>>();
  for (const path of paths) {
    const parts = path.split('/');
    for (const [index, part] of parts.entries()) {
      const directory = parts.slice(0, index).join('/');
      const names = children.get(directory) ?? new Set();
      children.set(directory, names.add(part));
    }
  }
  return children;
};

/** The path that links of the revision lead to, as they lead on this machine; null: out of the revision. */
const followed = (
  path: string,
  entries: ReadonlyMap<string, Entry>,
  children: ReadonlyMap<string, ReadonlySet<string>>,
  blobs: ReadonlyMap<string, string>,
): string | null => {
  let now = path;
  for (let links = 0; links <= MOST_LINKS; links++) {
    if (children.has(now)) return now;
    const parts = now.split('/');
    const link = parts.findIndex(
      (_, index) => entries.get(parts.slice(0, index + 1).join('/'))?.mode === LINK,
    );
    if (link < 0) return now;
    const target = blobs.get(entries.get(parts.slice(0, link + 1).join('/'))?.oid ?? '') ?? '';
    const led = posix.join(parts.slice(0, link).join('/'), target, parts.slice(link + 1).join('/'));
    if (posix.isAbsolute(target) || led.startsWith('..')) return null;
    now = led;
  }
  return null;
};
