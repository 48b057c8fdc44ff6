import { constants } from 'node:fs';
import { access, lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isMissing } from '../core/error-code.ts';
import { edit, shellHere } from '../core/next.ts';
import { FcopsError } from '../core/problem.ts';
import { quote } from '../core/shell.ts';
import { withFile } from './file-problem.ts';

/**
 * Writes a file by temporary file, fsync and rename, so that it is never there in part. Its directory has to be
 * there, but for `makeDirectory`: a directory with a slip of the keyboard in its name is not made without a word.
 * Throws an FcopsError where the file cannot be written.
 */
export const replaceFile = async (
  path: string,
  text: string,
  { mode = 0o644, makeDirectory = false }: { readonly mode?: number; readonly makeDirectory?: boolean } = {},
): Promise<void> => {
  const temporary = `${path}.${process.pid}.tmp`;
  await withFile(path, 'the file cannot be written', async () => {
    if (makeDirectory) await mkdir(dirname(path), { recursive: true });
    await refuseDirectory(path);
    const handle = await open(temporary, 'wx', mode);
    try {
      await handle.writeFile(text);
      // The mode given to open is cut by the umask.
      await handle.chmod(mode);
      await handle.sync();
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    } finally {
      await handle.close();
    }
  });
};

/**
 * Throws an FcopsError where something is at a path at which a file is to be added, or where no file can be made in its
 * directory.
 */
export const refuseThere = async (path: string): Promise<void> =>
  withFile(path, 'the file cannot be written', async () => {
    await refuseDirectory(path);
    if ((await kindOf(path)) === 'nothing') return access(dirname(path), constants.W_OK | constants.X_OK);
    throw new FcopsError({
      kind: 'file',
      what: 'there is a file already, and it is not written over',
      where: { file: path },
      next: [edit('name another one, or move it away')],
    });
  });

/**
 * Writes a file that is not there yet; one that is there stays. Throws an FcopsError where it cannot be written, and
 * leaves no part of it then.
 */
export const addFile = async (path: string, content: string | Uint8Array, mode = 0o644): Promise<void> =>
  withFile(path, 'the file cannot be written', async () => {
    const handle = await open(path, 'wx', mode);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    } finally {
      await handle.close();
    }
  });

const refuseDirectory = async (path: string): Promise<void> => {
  const parent = dirname(path);
  const [there, around] = await Promise.all([kindOf(path), kindOf(parent)]);
  if (there === 'directory')
    throw new FcopsError({
      kind: 'file',
      what: 'this is a directory',
      where: { file: path },
      next: [edit(`name a file in it: ${path.replace(/\/+$/, '')}/NAME`)],
    });
  if (around === 'nothing')
    throw new FcopsError({
      kind: 'file',
      what: 'there is no such directory, so no file is written into it',
      where: { file: parent },
      next: [shellHere(`mkdir -p ${quote(parent)}`)],
    });
};

const kindOf = async (path: string): Promise<'directory' | 'nothing' | 'something'> => {
  try {
    return (await lstat(path)).isDirectory() ? 'directory' : 'something';
  } catch (error) {
    if (isMissing(error)) return 'nothing';
    throw error;
  }
};
