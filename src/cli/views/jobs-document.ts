import * as z from 'zod';
import { momentOf } from '../../core/moment.ts';
import { SECTOR_SIZES } from '../../core/profile.ts';
import type { ClusterJob, ClusterJobs } from '../../ops/jobs/jobs.ts';
import type { Words } from '../text/words.ts';
import { adviceOf } from '../text/words.ts';
import { commandsSchema } from './problem-document.ts';

/** Changes where a program that reads the old one would misread the new one. */
export const JOBS_FORMAT = 'fcops-jobs/1';

export const JOB_STATES = ['running', 'assigned', 'prepared', 'ret-wait', 'returned', 'ret-done'] as const;

const jobSchema = z.strictObject({
  id: z.string().describe('Start of the id of the call; all zeros where the task is only assigned.'),
  sector: z.int(),
  task: z.string().describe('AP PC1 PC2 C1 C2 FIN GET UNS, or one of another version.'),
  state: z
    .enum(JOB_STATES)
    .describe('assigned: given to a worker, not begun. ret-wait: no worker is known to have it.'),
  host: z.string().nullable().describe('Of the inventory; null: it has none of that name.'),
  process: z.string().nullable().describe('P1-3; null: this version of lotus-miner does not tell which.'),
  told: z.string().describe('The host as lotus-miner says it; empty where it does not.'),
  worker: z.string().describe('Start of the id of the worker; all zeros where it is not known.'),
  since: z.string().nullable().describe('By the clock of this machine.'),
  seconds: z.number(),
  expected: z
    .strictObject({ least: z.number(), most: z.number() })
    .nullable()
    .describe('Seconds that the stage takes (handbook 5.1.1); null: nobody says.'),
  troubles: z.array(
    z.strictObject({
      kind: z
        .enum(['late', 'lost', 'worker-lost'])
        .describe(
          'late: a quarter longer than expected. lost: ret-wait. worker-lost: its worker is disabled.',
        ),
      severity: z.enum(['bad', 'warn']),
      message: z.string(),
      next: z.string().exactOptional(),
      commands: commandsSchema.exactOptional(),
    }),
  ),
});

/** The documented form of what `fcops jobs` shows. */
export const jobsDocumentSchema = z.strictObject({
  format: z.literal(JOBS_FORMAT),
  miner: z.string(),
  minerHost: z.string(),
  at: z.string().describe('By the clock of this machine: 2026-11-22T10:30:00Z'),
  sectorSize: z.enum(SECTOR_SIZES),
  jobs: z.array(jobSchema).describe('Those that were asked for: by stage, host and age.'),
  all: z.int().describe('All that lotus-miner lists.'),
  workersUnknown: z
    .string()
    .nullable()
    .describe('Why it is not known at which processes tasks are; null: it is, as far as lotus-miner tells.'),
  counts: z.strictObject({
    running: z.int(),
    waiting: z.int().describe('Given to a worker and not begun.'),
    late: z.int(),
    lost: z.int(),
  }),
});

export type JobsDocument = z.infer<typeof jobsDocumentSchema>;
export type JobDocument = z.infer<typeof jobSchema>;

export const isWaiting = ({ state }: Pick<JobDocument, 'state'>): boolean =>
  state === 'assigned' || state === 'prepared';

/** The value that is printed. `now`: seconds since 1970. */
export const jobsDocument = (view: ClusterJobs, now: number, words: Words): JobsDocument => {
  const jobs = view.jobs.map((job) => jobDocument(job, now, words));
  const having = (kind: JobDocument['troubles'][number]['kind']) =>
    jobs.filter(({ troubles }) => troubles.some((one) => one.kind === kind)).length;
  return {
    format: JOBS_FORMAT,
    miner: view.miner,
    minerHost: view.minerHost,
    at: momentOf(now) ?? '',
    sectorSize: view.sectorSize,
    jobs,
    all: view.all,
    workersUnknown: view.workersUnknown,
    counts: {
      running: jobs.filter(({ state }) => state === 'running').length,
      waiting: jobs.filter(isWaiting).length,
      late: having('late'),
      lost: having('lost'),
    },
  };
};

const jobDocument = (
  { job, place, expected, troubles }: ClusterJob,
  now: number,
  words: Words,
): JobDocument => ({
  id: job.id,
  sector: job.sector,
  task: job.task,
  state: job.state.type,
  host: place.host,
  process: place.process,
  told: job.host,
  worker: job.worker,
  since: momentOf(Math.round(now - job.seconds)),
  seconds: job.seconds,
  expected: expected && { ...expected },
  troubles: troubles.map(({ kind, severity, message, next }) => ({
    ...{ kind, severity, message },
    ...adviceOf(next, words),
  })),
});
