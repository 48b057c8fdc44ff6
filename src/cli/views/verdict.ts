import * as z from 'zod';
import type { HostResult } from '../../engine/events.ts';
import { isGood } from '../../engine/events.ts';

/** What is to be said of all hosts together: the first that is true. */
export const verdictSchema = z
  .enum(['failed', 'changes', 'unwanted', 'owed', 'well'])
  .describe(
    'The first that is true. failed: a host failed, is blocked or cannot be reached. changes: something is to be ' +
      'changed. unwanted: a check that only warns failed, or some processes of a host do not run (all of them: see idle). owed: a reboot or a restart is owed.',
  );

export type Verdict = z.infer<typeof verdictSchema>;

/** What was found on all hosts together, each by itself. */
export interface Findings {
  /** A host failed, is blocked or cannot be reached. */
  readonly failed: boolean;
  /** Of that, all but checks that failed: nobody can tell what is to be done there, or it was not done. */
  readonly broken: boolean;
  readonly changes: boolean;
  /** Something is not as required, and fcops does not change it. */
  readonly unwanted: boolean;
  /** A reboot or a restart. */
  readonly owed: boolean;
}

type Counted = 'blocked' | 'unreachable' | 'changing' | 'warnings' | 'violated' | 'reboot' | 'restart';

/** Of a plan, by its counts; `unseen`: hosts that are blocked by something else than a check. */
export const planFindings = (counts: Readonly<Record<Counted, number>>, unseen: number): Findings => ({
  failed: counts.blocked + counts.unreachable > 0,
  broken: counts.unreachable + unseen > 0,
  changes: counts.changing > 0,
  unwanted: counts.warnings + counts.violated > 0,
  owed: counts.reboot + counts.restart > 0,
});

/** Of the end of a deploy. */
export const resultFindings = (results: readonly HostResult[]): Findings => {
  const failed = !results.every(isGood);
  return {
    failed,
    broken: failed,
    changes: false,
    unwanted: results.some(({ warnings }) => warnings.length > 0),
    owed: results.some(({ reboot, restart }) => reboot.length + restart.length > 0),
  };
};

/** The first that is true. */
export const verdictOf = ({ failed, changes, unwanted, owed }: Findings): Verdict => {
  if (failed) return 'failed';
  if (changes) return 'changes';
  return unwanted ? 'unwanted' : owed ? 'owed' : 'well';
};

/** What a verdict says, where no more was found than the one thing that it says. */
export const findingsBy = (verdict: Verdict): Findings => ({
  failed: verdict === 'failed',
  broken: verdict === 'failed',
  changes: verdict === 'changes',
  unwanted: verdict === 'unwanted',
  owed: verdict === 'owed',
});
