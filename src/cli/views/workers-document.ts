import * as z from 'zod';
import { momentOf } from '../../core/moment.ts';
import type {
  ClusterWorkers,
  HostWorkers,
  ListedWorker,
  ProcessWorkers,
  WorkerTrouble,
} from '../../ops/jobs/workers.ts';
import { ROLE_NAMES } from '../../roles/role-names.ts';
import { addressesIn } from '../text/addresses.ts';
import type { Words } from '../text/words.ts';
import { adviceOf } from '../text/words.ts';
import { addressesShape } from './addresses-shape.ts';
import { JOB_STATES } from './jobs-document.ts';
import { commandsSchema } from './problem-document.ts';

/** Changes where a program that reads the old one would misread the new one. */
export const WORKERS_FORMAT = 'fcops-workers/1';

const memorySchema = z
  .strictObject({ percent: z.number(), used: z.number(), total: z.number() })
  .nullable()
  .describe('Bytes, to four digits; null: not told.');

const workerSchema = z.strictObject({
  id: z.string(),
  told: z.string().describe('Its host as lotus-miner says it.'),
  disabled: z.boolean().describe('The miner has lost it, or it was told to take nothing.'),
  paused: z
    .array(z.string())
    .nullable()
    .describe('Kinds of tasks that it is not given; null: this version does not tell.'),
  group: z.string().nullable(),
  url: z
    .strictObject({ host: z.string(), port: z.int() })
    .nullable()
    .describe('Where it listens; null: this version does not tell.'),
  takes: z.array(z.string()).nullable().describe('Kinds of tasks; null: this version does not tell.'),
  cores: z
    .strictObject({ used: z.int(), total: z.int().nullable() })
    .nullable()
    .describe('As lotus-miner reckons; null: not told.'),
  ram: memorySchema,
  virtual: memorySchema,
  gpus: z.array(z.strictObject({ name: z.string(), used: z.boolean().nullable() })),
  jobs: z
    .array(
      z.strictObject({
        id: z.string(),
        sector: z.int(),
        task: z.string(),
        state: z.enum(JOB_STATES),
        seconds: z.number(),
      }),
    )
    .nullable()
    .describe('Null: not known.'),
});

const troubleSchema = z.strictObject({
  severity: z.enum(['bad', 'warn']),
  kind: z.enum(['missing', 'disabled', 'paused', 'twice', 'unexpected', 'unknown', 'settings']),
  host: z.string().nullable(),
  process: z.string().nullable().describe('Null: it is about the host, or it is not told which.'),
  message: z.string(),
  next: z.string().exactOptional(),
  commands: commandsSchema.exactOptional(),
});

const hostSchema = z.strictObject({
  host: z.string(),
  ...addressesShape,
  roles: z.array(z.enum(ROLE_NAMES)),
  registered: z.int().describe('How many of its processes are listed, enabled or not.'),
  processes: z.array(
    z.strictObject({
      name: z.string(),
      group: z.string().describe('P1 of P1-3.'),
      state: z
        .enum(['registered', 'disabled', 'missing', 'unknown'])
        .describe('unknown: the official lotus-miner tells hosts, not ports.'),
      why: z.string().nullable().describe('Of one that is unknown.'),
      workers: z.array(workerSchema),
    }),
  ),
  beside: z
    .array(workerSchema)
    .describe('Registered from this host, and not told to be one of its processes.'),
});

/** The documented form of what `fcops workers` shows. */
export const workersDocumentSchema = z.strictObject({
  format: z.literal(WORKERS_FORMAT),
  miner: z.string(),
  minerHost: z.string(),
  at: z.string().describe('By the clock of this machine: 2026-11-22T10:30:00Z'),
  troubles: z.array(troubleSchema).describe('The worst first.'),
  hosts: z.array(hostSchema).describe('In the order of the inventory, the miner first.'),
  strangers: z
    .array(workerSchema)
    .describe('Workers of hosts that the inventory has not; none with --limit.'),
  jobsUnknown: z.string().nullable().describe('Why it is not known what they are at; null: it is.'),
  counts: z.strictObject({
    processes: z.int().describe('Of the inventory.'),
    registered: z.int(),
    strangers: z.int(),
  }),
});

export type WorkersDocument = z.infer<typeof workersDocumentSchema>;
export type WorkersHostDocument = WorkersDocument['hosts'][number];
export type WorkerDocument = z.infer<typeof workerSchema>;
export type WorkersProcessDocument = WorkersHostDocument['processes'][number];

/** The value that is printed. `now`: seconds since 1970. */
export const workersDocument = (view: ClusterWorkers, now: number, words: Words): WorkersDocument => {
  const hosts = view.hosts.map(hostDocument);
  const sum = (of: (host: WorkersHostDocument) => number) => hosts.reduce((all, host) => all + of(host), 0);
  const troubles = view.troubles.map((trouble) => troubleDocument(trouble, words));
  return {
    format: WORKERS_FORMAT,
    miner: view.miner,
    minerHost: view.minerHost,
    at: momentOf(now) ?? '',
    troubles: [
      ...troubles.filter(({ severity }) => severity === 'bad'),
      ...troubles.filter(({ severity }) => severity === 'warn'),
    ],
    hosts,
    strangers: view.strangers.map(workerDocument),
    jobsUnknown: view.jobsUnknown,
    counts: {
      processes: sum(({ processes }) => processes.length),
      registered: sum(({ registered }) => registered),
      strangers: view.strangers.length,
    },
  };
};

const troubleDocument = (
  { severity, kind, host, process, message, next }: WorkerTrouble,
  words: Words,
): WorkersDocument['troubles'][number] => ({
  ...{ severity, kind, host, process, message },
  ...adviceOf(next, words),
});

const hostDocument = ({
  host,
  address,
  listen,
  roles,
  registered,
  processes,
  beside,
}: HostWorkers): WorkersHostDocument => ({
  host,
  ...addressesIn({ address, listen }),
  roles: ROLE_NAMES.filter((role) => roles.includes(role)),
  registered,
  processes: processes.map(processDocument),
  beside: beside.map(workerDocument),
});

const processDocument = ({ name, group, state, why, workers }: ProcessWorkers): WorkersProcessDocument => ({
  ...{ name, group, state, why },
  workers: workers.map(workerDocument),
});

const workerDocument = ({ worker, jobs }: ListedWorker): WorkerDocument => ({
  id: worker.id,
  told: worker.host,
  disabled: worker.disabled,
  paused: worker.paused === 'unknown' ? null : [...worker.paused],
  group: worker.group,
  url: worker.url && { ...worker.url },
  takes: worker.tasks.size === 0 ? null : [...worker.tasks.keys()],
  cores: worker.cores && { ...worker.cores },
  ram: worker.ram && { ...worker.ram },
  virtual: worker.virtual && { ...worker.virtual },
  gpus: worker.gpus.map((gpu) => ({ ...gpu })),
  jobs:
    jobs?.map(({ id, sector, task, state, seconds }) => ({ id, sector, task, state: state.type, seconds })) ??
    null,
});
