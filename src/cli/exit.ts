import type { Findings } from './views/verdict.ts';

/** Exit codes of fcops; nothing else is ever given, but for sums of the three of `--detailed-exitcode`. */
export const EXIT = {
  done: 0,
  failed: 1,
  /** Changes are pending: this and the next two only with `--detailed-exitcode`, and added up where several are true. */
  changes: 2,
  /** A reboot or a restart is owed. */
  owed: 4,
  /** Not as required, and fcops does not change it: a check that failed, or processes beside others that do not run. */
  unwanted: 8,
  interrupted: 130,
} as const;

/** The exit code of what was found; without `detailed` only what has failed is told. */
export const exitOf = (findings: Findings, detailed: boolean): number => {
  if (!detailed) return findings.failed ? EXIT.failed : EXIT.done;
  if (findings.broken) return EXIT.failed;
  return (
    (findings.changes ? EXIT.changes : 0) +
    (findings.owed ? EXIT.owed : 0) +
    (findings.unwanted ? EXIT.unwanted : 0)
  );
};
