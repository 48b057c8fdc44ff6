import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FcopsError, messageOf } from '../core/errors.ts';

/**
 * Writes a file by temporary file, fsync and rename, so that it is never there in part; makes its directory.
 * Throws an FcopsError where it cannot be written.
 */
export const replaceFile = async (path: string, text: string, mode = 0o644): Promise<void> => {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const handle = await open(temporary, 'wx', mode);
    try {
      await handle.writeFile(text);
      // The mode given to open is cut by the umask.
      await handle.chmod(mode);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new FcopsError({
      what: 'the file cannot be written',
      where: { file: path },
      why: messageOf(error),
    });
  }
};
