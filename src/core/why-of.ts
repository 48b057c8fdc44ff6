import { codeOf } from './error-code.ts';
import { messageOf } from './problem.ts';

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

/** Whether the file system says no to a path, in a way that has words of its own. */
export const isFileCode = (error: unknown): boolean => MEANINGS.has(codeOf(error) ?? '');

/** Why a file could not be read or written, in words; the message of anything else. */
export const whyOf = (error: unknown): string => MEANINGS.get(codeOf(error) ?? '') ?? messageOf(error);
