import { codeOf } from '../core/error-code.ts';
import { FcopsError, messageOf, type Problem } from '../core/problem.ts';

/** What the system's error codes mean for a path that somebody typed. */
const MEANINGS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file or directory'],
  ['ENOTDIR', 'a part of the path is a file, not a directory'],
  ['EISDIR', 'this is a directory; a file is needed'],
  ['EACCES', 'permission denied'],
  ['EPERM', 'not permitted'],
  ['EEXIST', 'something is there already'],
  ['ENOTEMPTY', 'the directory is not empty'],
  ['EROFS', 'the file system is read-only'],
  ['ENOSPC', 'no space is left on the device'],
  ['EDQUOT', 'the disk quota is used up'],
  ['ENAMETOOLONG', 'the name is too long'],
  ['ELOOP', 'its symbolic links go round in a circle'],
  ['EXDEV', 'it is on another file system'],
]);

interface FileError extends Error {
  readonly code: string;
  readonly path?: unknown;
}

const isFileError = (error: unknown): error is FileError => MEANINGS.has(codeOf(error) ?? '');

/** Why a file could not be read or written, in words; the message of anything else. */
export const whyOf = (error: unknown): string => {
  if (isFileError(error)) return MEANINGS.get(error.code) ?? error.message;
  return messageOf(error);
};

/** An error of the file system about a path, as a problem; null for any other. */
export const fileProblem = (error: unknown): Problem | null =>
  isFileError(error) && typeof error.path === 'string'
    ? { kind: 'file', what: whyOf(error), where: { file: error.path } }
    : null;

/** Does something to a file that a user named; what the file system says against it is an FcopsError. */
export const withFile = async <Result>(
  file: string,
  what: string,
  work: () => Promise<Result>,
): Promise<Result> => {
  try {
    return await work();
  } catch (error) {
    if (!isFileError(error)) throw error;
    throw new FcopsError({ kind: 'file', what, where: { file }, why: whyOf(error) }, { cause: error });
  }
};
