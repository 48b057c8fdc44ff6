/** Everything on a host that a deploy may touch, as a value, and the way back to it. */
import {
  chmodSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  type Stats,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** What is at a path. */
export type Entry =
  | { readonly type: 'file'; readonly mode: number; readonly owner: string; readonly text: string }
  | { readonly type: 'link'; readonly target: string }
  | { readonly type: 'directory'; readonly mode: number; readonly owner: string };

/** What is on a host, by path. */
export type Files = ReadonlyMap<string, Entry>;

/** Directories with what is in them, and single files. */
const PLACES = [
  '/etc',
  '/opt',
  '/boot',
  '/root',
  '/var/spool/cron',
  '/var/lib/dpkg/status',
  '/var/lib/fcops/stamp',
];
/** What is mounted decides what is seen of the one; in the other tests on the machine below come and go. */
const PASSED_OVER: readonly string[] = ['/opt/hugepages/layer_labels', '/etc/sudoers.d'];
/** What is larger is no file of fcops. */
const MOST_BYTES = 4 * 1024 * 1024;

const isGone = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');

type Known = Map<string, { readonly key: string; readonly entry: Entry }>;

/** A file, read where it is not as it was at the last look. */
const fileAt = (root: string, path: string, at: Stats, known: Known): Entry => {
  const owner = `${at.uid}:${at.gid}`;
  const mode = at.mode & 0o7777;
  const key = [at.ino, at.ctimeMs, at.mtimeMs, at.size, mode, owner].join(' ');
  const before = known.get(path);
  if (before?.key === key) return before.entry;
  const entry: Entry = { type: 'file', mode, owner, text: readFileSync(`${root}${path}`, 'latin1') };
  known.set(path, { key, entry });
  return entry;
};

/** What is at a path; undefined for what is no matter of files: devices, images, what is mounted. */
const entryAt = (root: string, path: string, at: Stats, known: Known): Entry | undefined => {
  if (at.isSymbolicLink()) return { type: 'link', target: readlinkSync(`${root}${path}`) };
  if (at.isDirectory()) return { type: 'directory', mode: at.mode & 0o7777, owner: `${at.uid}:${at.gid}` };
  return at.isFile() && at.size <= MOST_BYTES ? fileAt(root, path, at, known) : undefined;
};

/**
 * Whether a path of a host is as it is on this machine, whose files it sees below its own: somebody may change them
 * meanwhile. `entry`: what the host has, or nothing.
 */
export const isAsHere = (path: string, entry: Entry | undefined): boolean => {
  try {
    const here = entryAt('', path, lstatSync(path), new Map());
    return entry !== undefined && here !== undefined && isSameContent(here, entry);
  } catch (error) {
    if (isGone(error)) return entry === undefined;
    throw error;
  }
};

/** Looks at a host again and again; files that did not change are read once. */
export const looksAt = (root: string): (() => Files) => {
  const known: Known = new Map();
  return () => {
    const found = new Map<string, Entry>();
    const visit = (path: string, device: number | null): void => {
      if (PASSED_OVER.includes(path)) return;
      const at = lstatSync(`${root}${path}`);
      if (at.isDirectory() && device !== null && at.dev !== device) return;
      const entry = entryAt(root, path, at, known);
      if (!entry) return;
      found.set(path, entry);
      if (entry.type !== 'directory') return;
      for (const name of readdirSync(`${root}${path}`)) unlessGone(() => visit(`${path}/${name}`, at.dev));
    };
    for (const place of PLACES) unlessGone(() => visit(place, null));
    return found;
  };
};

const unlessGone = (look: () => void): void => {
  try {
    look();
  } catch (error) {
    if (!isGone(error)) throw error;
  }
};

/** Whether two entries are alike in all. */
export const isSame = (a: Entry | undefined, b: Entry | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && isSameContent(a, b) && ownershipOf(a) === ownershipOf(b));

/** Whether two entries are alike but for owner and mode. */
export const isSameContent = (a: Entry, b: Entry): boolean => {
  if (a.type === 'file') return b.type === 'file' && a.text === b.text;
  if (a.type === 'link') return b.type === 'link' && a.target === b.target;
  return b.type === 'directory';
};

/** Mode and owner, as text; links have none. */
export const ownershipOf = (entry: Entry): string =>
  entry.type === 'link' ? '' : `${entry.mode.toString(8)} ${entry.owner}`;

/** Puts something in the place of what is at a path, never through a link that is there. */
export const put = (root: string, path: string, entry: Entry): void => {
  const place = `${root}${path}`;
  if (entry.type === 'directory') {
    mkdirSync(place, { recursive: true });
  } else {
    mkdirSync(dirname(place), { recursive: true });
    rmSync(place, { recursive: true, force: true });
    if (entry.type === 'link') {
      symlinkSync(entry.target, place);
      return;
    }
    writeFileSync(place, entry.text, { encoding: 'latin1', flag: 'wx' });
  }
  const [user = 0, group = 0] = entry.owner.split(':').map(Number);
  lchownSync(place, user, group);
  chmodSync(place, entry.mode);
};

/** Makes a host what it was: `now` is what is there. */
export const restore = (root: string, now: Files, before: Files): void => {
  // What is in a directory comes before it.
  for (const [path, entry] of [...now].reverse()) {
    const was = before.get(path);
    if (was !== undefined && (was.type === entry.type || was.type === 'directory')) continue;
    try {
      rmSync(`${root}${path}`, { recursive: true, force: true });
    } catch (error) {
      // Something is mounted below it.
      if (!(error instanceof Error && 'code' in error && error.code === 'EBUSY')) throw error;
    }
  }
  for (const [path, entry] of before) if (!isSame(now.get(path), entry)) put(root, path, entry);
};
