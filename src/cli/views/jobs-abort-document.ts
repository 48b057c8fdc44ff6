import * as z from 'zod';
import { momentOf } from '../../core/moment.ts';
import type { AbortItem, AbortPlan } from '../../ops/jobs/abort.ts';
import type { AbortResult } from '../../ops/jobs/do-abort.ts';
import { JOB_STATES } from './jobs-document.ts';

/** Changes where a program that reads the old one would misread the new one. */
export const JOBS_ABORT_FORMAT = 'fcops-jobs-abort/1';

const itemSchema = z.strictObject({
  id: z.string(),
  sector: z.int(),
  task: z.string(),
  state: z.enum(JOB_STATES),
  host: z.string().nullable().describe('Of the inventory; null: it has none of that name.'),
  told: z.string().describe('The host as lotus-miner says it; empty where it does not.'),
  seconds: z.number(),
  cost: z
    .enum(['lost', 'maybe', 'running'])
    .describe('maybe: its worker may be at it, and bring the result. running: its hours so far are lost.'),
  refusal: z.string().nullable().describe('Why it is left alone.'),
});

/** The documented form of what `fcops jobs abort` does. */
export const jobsAbortDocumentSchema = z.strictObject({
  format: z.literal(JOBS_ABORT_FORMAT),
  miner: z.string(),
  minerHost: z.string(),
  at: z.string().describe('By the clock of this machine: 2026-11-22T10:30:00Z'),
  jobs: z.array(itemSchema).describe('Those that are aborted, or would be.'),
  left: z.array(itemSchema).describe('Those that were asked for, and are left alone.'),
  beyond: z.int().describe('So many more are lost: they are beyond the limit.'),
  refused: z.array(z.string()).describe('Why nothing is done at all, whoever says yes.'),
  result: z
    .strictObject({
      stopped: z.boolean(),
      outcomes: z.array(
        z.strictObject({
          id: z.string(),
          sector: z.int(),
          type: z
            .enum(['gone', 'taken', 'not done', 'unknown', 'not begun'])
            .describe('gone: lotus-miner waits for it no more. taken: it took the order, and still waits.'),
          why: z.string().nullable(),
        }),
      ),
    })
    .nullable()
    .describe('Null: nothing was done: a dry run, a refusal, or nobody agreed.'),
});

export type JobsAbortDocument = z.infer<typeof jobsAbortDocumentSchema>;

/** The value that is printed. `now`: seconds since 1970. */
export const jobsAbortDocument = (
  plan: AbortPlan,
  result: AbortResult | null,
  now: number,
): JobsAbortDocument => ({
  format: JOBS_ABORT_FORMAT,
  miner: plan.miner,
  minerHost: plan.minerHost,
  at: momentOf(now) ?? '',
  jobs: plan.chosen.map(itemDocument),
  left: plan.left.map(itemDocument),
  beyond: plan.beyond,
  refused: plan.refusals.map(({ what }) => what),
  result: result && {
    stopped: result.isStopped,
    outcomes: result.outcomes.map((outcome) => ({ ...outcome })),
  },
});

const itemDocument = ({ job, host, cost, refusal }: AbortItem): JobsAbortDocument['jobs'][number] => ({
  id: job.id,
  sector: job.sector,
  task: job.task,
  state: job.state.type,
  host,
  told: job.host,
  seconds: job.seconds,
  cost,
  refusal,
});
