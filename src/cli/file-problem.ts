import { dirname } from 'node:path';
import { codeOf } from '../core/error-code.ts';
import { type Next, shellHere } from '../core/next.ts';
import { FcopsError, type Problem } from '../core/problem.ts';
import { quote } from '../core/shell.ts';
import { isFileCode, whyOf } from '../core/why-of.ts';

interface FileError extends Error {
  readonly code: string;
  readonly path?: unknown;
}

const isFileError = (error: unknown): error is FileError => isFileCode(error);

/** What to do where somebody else's file or directory is in the way; the path may not be there yet. */
const nextOf = (error: unknown, file: string): { readonly next?: readonly Next[] } =>
  ['EACCES', 'EPERM'].includes(codeOf(error) ?? '')
    ? { next: [shellHere(`ls -ld ${quote(dirname(file))} ${quote(file)}`, 'see whose it is')] }
    : {};

/** An error of the file system about a path, as a problem; null for any other. */
export const fileProblem = (error: unknown): Problem | null =>
  isFileError(error) && typeof error.path === 'string'
    ? { kind: 'file', what: whyOf(error), where: { file: error.path }, ...nextOf(error, error.path) }
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
    const problem: Problem = {
      kind: 'file',
      what,
      where: { file },
      why: whyOf(error),
      ...nextOf(error, file),
    };
    throw new FcopsError(problem, { cause: error });
  }
};
