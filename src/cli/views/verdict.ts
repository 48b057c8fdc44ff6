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

type Counted = 'blocked' | 'unreachable' | 'changing' | 'warnings' | 'reboot' | 'restart';

/** Of a plan, by its counts. */
export const planVerdict = (counts: Readonly<Record<Counted, number>>): Verdict => {
  if (counts.blocked + counts.unreachable > 0) return 'failed';
  if (counts.changing > 0) return 'changes';
  return lesser(counts.warnings > 0, counts.reboot + counts.restart > 0);
};

/** Of the end of a deploy. */
export const resultVerdict = (results: readonly HostResult[]): Verdict => {
  if (!results.every(isGood)) return 'failed';
  return lesser(
    results.some(({ warnings }) => warnings.length > 0),
    results.some(({ reboot, restart }) => reboot.length + restart.length > 0),
  );
};

const lesser = (unwanted: boolean, owed: boolean): Verdict =>
  unwanted ? 'unwanted' : owed ? 'owed' : 'well';
