/** The code of an error of the system, `ENOENT`; undefined where it has none. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** Whether there is no such file or directory. */
export const isMissing = (error: unknown): boolean => codeOf(error) === 'ENOENT';
