import { chmod, lstat, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isMissing } from '../core/error-code.ts';
import { edit } from '../core/next.ts';
import { FcopsError } from '../core/problem.ts';
import { whyOf } from '../core/why-of.ts';

/** A file as it is written, secrets included. */
export interface TreeFile {
  readonly path: string;
  readonly text: string;
  /** Four octal digits. */
  readonly mode: string;
}

/** Marks a directory that `fcops render` made, and so may replace. */
export const MARKER = '.fcops-render';

/**
 * Makes `out` hold exactly these files, by host and path, with their modes. All is written beside it first
 * and put in its place by rename, so that nobody sees half of it. Throws where `out` is there and was not
 * made by fcops.
 */
export const writeTree = async (
  out: string,
  hosts: readonly { readonly host: string; readonly files: readonly TreeFile[] }[],
): Promise<void> => {
  const present = await contentOf(out);
  if (
    present === 'not a directory' ||
    (Array.isArray(present) && present.length > 0 && !present.includes(MARKER))
  )
    throw new FcopsError({
      kind: 'file',
      what: 'this is not empty and was not made by fcops render, so it stays as it is',
      where: { file: out },
      next: [edit('name another directory: --out DIR')],
    });
  const fresh = join(dirname(out), `.${basename(out)}.${process.pid}.new`);
  const old = join(dirname(out), `.${basename(out)}.${process.pid}.old`);
  try {
    await mkdir(fresh, { recursive: true });
    await writeFile(join(fresh, MARKER), 'Made by fcops render, which replaces all that is here.\n');
    for (const { host, files } of hosts) {
      for (const { path, text, mode } of files) {
        const file = join(fresh, host, path);
        await mkdir(dirname(file), { recursive: true });
        // Not open to others for a moment either: it may hold a secret.
        await writeFile(file, text, { mode: 0o600, flag: 'wx' });
        await chmod(file, Number.parseInt(mode, 8));
      }
    }
    if (present !== null) await rename(out, old);
    await rename(fresh, out);
  } catch (error) {
    if (error instanceof FcopsError) throw error;
    throw new FcopsError({
      kind: 'file',
      what: 'the files cannot be written',
      where: { file: out },
      why: whyOf(error),
    });
  } finally {
    await removeTree(fresh);
    await removeTree(old);
  }
};

/** What cannot be there, below a file for example, need not be removed; the first error says why. */
const removeTree = (path: string): Promise<void> =>
  rm(path, { recursive: true, force: true }).catch(() => {});

/** The names in a directory; null where nothing is. */
const contentOf = async (path: string): Promise<string[] | 'not a directory' | null> => {
  try {
    return (await lstat(path)).isDirectory() ? await readdir(path) : 'not a directory';
  } catch (error) {
    if (isMissing(error)) return null;
    throw new FcopsError({ kind: 'file', what: 'cannot be read', where: { file: path }, why: whyOf(error) });
  }
};
