/** Exit codes of fcops; nothing else is ever given. */
export const EXIT = {
  done: 0,
  failed: 1,
  /** Changes are pending: only for `plan --detailed-exitcode`. */
  changes: 2,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
