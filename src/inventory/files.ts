import { readdirSync, readFileSync, statSync } from 'node:fs';
import { FcopsError, messageOf } from '../core/errors.ts';

/** How the inventory looks at files. Paths are as the user gave them; `undefined` says that nothing is there. */
export interface Files {
  /** Names in a directory, in any order. */
  readonly list: (directory: string) => readonly string[] | undefined;
  readonly read: (file: string) => string | undefined;
  /** Permission bits, `0o600`. */
  readonly mode: (file: string) => number | undefined;
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');

const unlessMissing = <T>(path: string, look: () => T): T | undefined => {
  try {
    return look();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new FcopsError({ what: 'cannot be read', where: { file: path }, why: messageOf(error) });
  }
};

/** The files of this machine. */
export const nodeFiles: Files = {
  list: (directory) => unlessMissing(directory, () => readdirSync(directory)),
  read: (file) => unlessMissing(file, () => readFileSync(file, 'utf8')),
  mode: (file) => unlessMissing(file, () => statSync(file).mode & 0o7777),
};
