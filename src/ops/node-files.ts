import { readdirSync, readFileSync, statSync } from 'node:fs';
import { FcopsError, messageOf } from '../core/problem.ts';
import type { Files } from '../inventory/files.ts';

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');

const unlessMissing = <T>(path: string, look: () => T): T | undefined => {
  try {
    return look();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new FcopsError({
      kind: 'file',
      what: 'cannot be read',
      where: { file: path },
      why: messageOf(error),
    });
  }
};

/** The files of this machine. */
export const nodeFiles: Files = {
  list: (directory) => unlessMissing(directory, () => readdirSync(directory)),
  read: (file) => unlessMissing(file, () => readFileSync(file, 'utf8')),
  mode: (file) => unlessMissing(file, () => statSync(file).mode & 0o7777),
};
