import { FcopsError, type Problem } from '../core/problem.ts';
import { isFileCode, whyOf } from '../core/why-of.ts';

interface FileError extends Error {
  readonly code: string;
  readonly path?: unknown;
}

const isFileError = (error: unknown): error is FileError => isFileCode(error);

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
