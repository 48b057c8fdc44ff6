import { open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '../core/error-code.ts';
import { again, edit } from '../core/next.ts';
import { FcopsError, type Problem } from '../core/problem.ts';
import type { Result } from '../core/result.ts';
import { err, ok } from '../core/result.ts';
import { whyOf } from '../core/why-of.ts';
import { type Written, written } from '../inventory/edit/versions.ts';

/** Times that a file is read anew where somebody changes it meanwhile. */
const TRIES = 3;

/** What is said where a cluster file cannot be changed. */
export interface EditWords {
  /** `the versions were not written` */
  readonly failed: string;
  /** What a person does in its place. */
  readonly byHand: string;
}

const OF_VERSIONS: EditWords = {
  failed: 'the versions were not written',
  byHand: 'write the versions under `versions` by hand',
};

/**
 * Writes into a cluster file which versions its hosts are on, and sums of archives: into the file as it is now, whoever
 * has changed it since the run began. Gives whether the file is another one now, or why it is as it was and what a person
 * has to write.
 */
export const writeBack = (
  file: string,
  change: Written,
): Promise<Result<'written' | 'same', readonly Problem[]>> =>
  editFile(file, (text) => written(file, text, change), OF_VERSIONS);

/**
 * Changes a cluster file as it is now. It is there as a whole at any moment, with its mode and, as far as whoever runs
 * this may, its owner; of a symbolic link the file that it leads to.
 */
export const editFile = async (
  file: string,
  change: (text: string) => Result<string, readonly Problem[]>,
  words: EditWords,
): Promise<Result<'written' | 'same', readonly Problem[]>> => {
  try {
    const target = await realpath(file);
    for (let tried = 0; tried < TRIES; tried += 1) {
      const before = await readFile(target);
      const text = textIn(before);
      if (text === null) return err([notText(file, words)]);
      const now = change(text);
      if (!now.ok) return now;
      if (now.value === text) return ok('same');
      if (await replaceUnchanged(target, before, now.value)) return ok('written');
    }
    return err([
      {
        kind: 'file',
        what: `${words.failed}: somebody is changing this file`,
        where: { file },
        next: [again('save it and run again')],
      },
    ]);
  } catch (error) {
    if (error instanceof FcopsError) return err(error.problems);
    return err([outOfReach(file, error, words)]);
  }
};

/**
 * The text of a cluster file that is to be changed later. Throws an FcopsError where it cannot be, with what `editFile`
 * would say of it then.
 */
export const textToEdit = async (file: string, words: EditWords): Promise<string> => {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new FcopsError(notWritten(outOfReach(file, error, words)));
  });
  const text = textIn(bytes);
  if (text === null) throw new FcopsError(notWritten(notText(file, words)));
  return text;
};

/** Bytes as the text that they are, all of it; null where they are none. */
const textIn = (bytes: Buffer): string | null => {
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) ? text : null;
};

/** That a file with bytes of other sorts is left alone. */
const notText = (file: string, { failed, byHand }: EditWords): Problem => ({
  kind: 'file',
  what: `${failed}: the file is not all text in UTF-8`,
  where: { file },
  next: [edit(`save it as UTF-8, or ${byHand}`)],
});

/** What the system says against a file; anything else that was thrown is thrown on. */
const outOfReach = (file: string, error: unknown, { failed, byHand }: EditWords): Problem => {
  if (codeOf(error) === undefined) throw error;
  return {
    kind: 'file',
    what: `${failed}: the file cannot be read or replaced`,
    where: { file },
    why: whyOf(error),
    next: [edit(`${byHand}, or run again once it can be written`)],
  };
};

/** A problem that has kept an inventory as it was. */
export const notWritten = (problem: Problem): Problem => ({
  ...problem,
  why: `${problem.why === undefined ? '' : `${problem.why}; so `}nothing was written into the inventory`,
});

/** Replaces a file by one that is whole, if its bytes are still those; false: they are not. */
export const replaceUnchanged = async (path: string, before: Buffer, text: string): Promise<boolean> => {
  const temporary = `${path}.${process.pid}.tmp`;
  const { mode, uid, gid } = await stat(path);
  const handle = await open(temporary, 'wx', 0o600);
  let isPlaced = false;
  try {
    await handle.writeFile(text);
    await giveTo(handle, uid, gid);
    // After the owner: to give a file away takes some of its bits.
    await handle.chmod(mode & 0o7777);
    await handle.sync();
    if (!(await readFile(path)).equals(before)) return false;
    await rename(temporary, path);
    isPlaced = true;
  } finally {
    await handle.close();
    if (!isPlaced) await rm(temporary, { force: true });
  }
  await syncDirectory(dirname(path));
  return true;
};

/** The owner and the group of before, as far as that is allowed to whoever runs this. */
const giveTo = async (
  handle: { readonly chown: (uid: number, gid: number) => Promise<void> },
  uid: number,
  gid: number,
): Promise<void> => {
  for (const owner of [uid, process.getuid?.() ?? uid]) {
    try {
      return await handle.chown(owner, gid);
    } catch (error) {
      if (codeOf(error) !== 'EPERM') throw error;
    }
  }
};

/** So that the new name outlives a power cut as the content does. */
const syncDirectory = async (path: string): Promise<void> => {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};
