import type { Verdict } from './views/verdict.ts';

/** Exit codes of fcops; nothing else is ever given. */
export const EXIT = {
  done: 0,
  failed: 1,
  /** Changes are pending: this and the next two only with `--detailed-exitcode`. */
  changes: 2,
  /** Nothing is to be changed, and not all is as wanted: a warning: a check, or processes beside others that do not run. */
  unwanted: 3,
  /** Nothing is to be changed, and a reboot or a restart is owed. */
  owed: 4,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The exit code of a verdict; without `detailed` only what has failed is told. */
export const exitOf = (verdict: Verdict, detailed: boolean): ExitCode => {
  if (verdict === 'failed') return EXIT.failed;
  return verdict === 'well' || !detailed ? EXIT.done : EXIT[verdict];
};
