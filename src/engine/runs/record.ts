import * as z from 'zod';
import { problemSchema } from '../../core/problem-schema.ts';

/** Names of runs: `r-20261122T103000Z-x7k2q`; a later one sorts after an earlier one. */
export const RUN_NAME = /^r-\d{8}T\d{6}Z-[a-z0-9]{5}$/;

/** Who ran something, as the lock of a host and the journal say it. */
const processSchema = z.strictObject({
  pid: z.int(),
  /** Start time in ticks, and the boot it counts from: a number alone may be another process's by now. */
  started: z.string(),
  boot: z.string(),
});

/** What a run is about, written before it begins: `run.json`. */
export const runRecordSchema = z.strictObject({
  format: z.literal('fcops-run/1'),
  run: z.string().regex(RUN_NAME),
  /** The operation, and what it was asked for: enough to take it up again. */
  operation: z.enum(['deploy', 'start', 'stop', 'restart', 'upgrade', 'rollback', 'reboot']),
  request: z.strictObject({
    role: z.string(),
    miner: z.string(),
    limit: z.string().exactOptional(),
    tags: z.array(z.string()).readonly(),
    start: z.boolean(),
    batches: z
      .array(z.union([z.strictObject({ hosts: z.int() }), z.strictObject({ percent: z.number() })]))
      .readonly(),
    maxFail: z.union([z.strictObject({ hosts: z.int() }), z.strictObject({ percent: z.number() })]),
    inventory: z.string(),
    profiles: z.string().exactOptional(),
    templates: z.string().exactOptional(),
    transport: z.enum(['ssh2', 'openssh', 'local']),
    /** False: what can be told before a start was not to be asked. */
    preflight: z.boolean().exactOptional(),
    /** Of operations on processes: which of them, and how they are stopped. */
    processes: z.array(z.string()).readonly().exactOptional(),
    killAfter: z.int().exactOptional(),
    /** Only what runs with another token of the miner's API. */
    otherToken: z.boolean().exactOptional(),
    stop: z
      .strictObject({
        loseTasks: z.boolean(),
        drain: z.enum(['all', 'finalize']).nullable(),
        drainTimeout: z.int().exactOptional(),
        each: z.boolean().exactOptional(),
        /** Of lotus and lotus-miner, what is done about proving windows; left out: they refuse. */
        window: z.enum(['ignore', 'wait']).exactOptional(),
        /** Seconds that lotus-miner is away, where that was stated. */
        downtime: z.int().exactOptional(),
      })
      .exactOptional(),
    /** Of machines that are started anew; of a deploy: they are where that is owed and nothing runs. */
    reboot: z
      .strictObject({
        timeout: z.int().describe('Seconds that a machine has to come back.'),
        hardware: z
          .boolean()
          .exactOptional()
          .describe('Its hardware is looked at before anything is started.'),
      })
      .exactOptional(),
    upgrade: z
      .strictObject({
        versions: z
          .array(
            z.strictObject({
              key: z.enum(['lotus', 'miner', 'p1', 'c2', 'apx']),
              version: z.string(),
              hosts: z.array(z.string()).readonly(),
            }),
          )
          .readonly(),
        sha256: z.record(z.string(), z.string()),
      })
      .exactOptional(),
    /** Of a saved plan that is applied: its file, and what it was then. */
    saved: z.strictObject({ file: z.string(), digest: z.string() }).exactOptional(),
  }),
  who: z.string().describe('alice@ops1'),
  since: z.string().describe('2026-11-22T10:30:00Z'),
  version: z.string().describe('Of fcops.'),
  hosts: z.array(z.string()).readonly().describe('In the order of the inventory.'),
  /** The run that this one takes up. */
  resumes: z.string().exactOptional(),
  /** Of a rollback: the run that it undoes. */
  undoes: z.string().exactOptional(),
  process: processSchema,
});
export type RunRecord = Readonly<z.infer<typeof runRecordSchema>>;
export type RunRequest = RunRecord['request'];

export const hostResultSchema = z.strictObject({
  host: z.string(),
  state: z.enum(['same', 'changed', 'blocked', 'failed', 'stopped', 'unreachable']),
  changed: z.int(),
  skipped: z.int(),
  same: z.int(),
  seconds: z.number(),
  reboot: z.array(z.string()).readonly(),
  restart: z
    .array(
      z.strictObject({
        process: z.string(),
        pid: z.int(),
        since: z.number(),
        reasons: z.array(z.string()).readonly(),
      }),
    )
    .readonly(),
  /** Not in journals of before. */
  idle: z.array(z.string()).readonly().default([]),
  warnings: z.array(z.string()).readonly().default([]),
  problems: z.array(problemSchema).readonly(),
});

/** How a run ended, written when it has: `result.json`. */
export const runResultSchema = z.strictObject({
  format: z.literal('fcops-run-result/1'),
  /** Nothing was changed where it is declined: somebody said no; unasked: nobody was there to say yes. */
  state: z.enum(['done', 'failed', 'declined', 'unasked', 'interrupted']),
  ended: z.string(),
  results: z.array(hostResultSchema).readonly(),
});
export type RunResult = Readonly<z.infer<typeof runResultSchema>>;
