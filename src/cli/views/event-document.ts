import * as z from 'zod';
import type { HostResult, RunEvent } from '../../engine/events.ts';
import type { AddressBook } from '../text/addresses.ts';
import type { Words } from '../text/words.ts';
import { hostPlanDocument, hostPlanDocumentSchema } from './plan-document.ts';
import { problemDocument, problemDocumentSchema } from './problem-document.ts';
import { resultFindings, verdictOf, verdictSchema } from './verdict.ts';

const host = z.string().describe('Name of the host in the inventory.');
const step = z.int().describe('Number of the step on its host, from 1.');

const resultSchema = z.strictObject({
  host,
  state: z
    .enum(['same', 'changed', 'blocked', 'failed', 'stopped', 'unreachable'])
    .describe('blocked: nothing was touched. stopped: interrupted between two steps, or not come to.'),
  same: z.int().describe('Resources that were as required.'),
  changed: z.int().describe('Steps that were carried out.'),
  skipped: z.int().describe('Steps that were planned and not carried out.'),
  seconds: z.number(),
  reboot: z.array(z.string()).describe('Why the host has to be rebooted; empty where it has not.'),
  restart: z
    .array(
      z.strictObject({
        process: z.string(),
        pid: z.int(),
        since: z.number().describe("Seconds since 1970, by the host's clock."),
        reasons: z.array(z.string()),
      }),
    )
    .describe('Processes that run with something older than what is there.'),
  idle: z
    .array(z.string())
    .describe("The host's processes where none of them runs; empty where some do, or it is not known."),
  warnings: z.array(z.string()).describe('Failed checks that stop nothing, at the last look.'),
  problems: z.array(problemDocumentSchema),
});

const batch = z.int().describe('Number of the batch, from 1.');

/** One line of `fcops deploy --output json`. New kinds and keys may come; those that are here stay. */
export const eventSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('run-begin'),
    run: z.string(),
    hosts: z.array(z.string()),
    stages: z.array(z.string()),
  }),
  z.strictObject({
    type: z.literal('batch-begin'),
    batch,
    batches: z.int(),
    hosts: z.array(z.string()),
  }),
  z.strictObject({
    type: z.literal('batch-end'),
    batch,
    batches: z.int(),
    failed: z.array(z.string()),
    goesOn: z.boolean().describe('Whether the next batch begins.'),
    why: z.string(),
  }),
  z.strictObject({
    type: z.literal('pace').describe('What is about to be started, and how fast: startRate of the cluster.'),
    hosts: z.int(),
    processes: z.int(),
    perMinute: z.int(),
    seconds: z.number().describe('From the first start to the last, where nothing goes wrong.'),
  }),
  z.strictObject({ type: z.literal('phase'), host, phase: z.string().describe('connect, or a stage.') }),
  z.strictObject({ type: z.literal('stage-end'), stage: z.string() }),
  z.strictObject({ type: z.literal('planned'), host, plan: hostPlanDocumentSchema }),
  z.strictObject({
    type: z.literal('step-begin'),
    host,
    step,
    steps: z.int(),
    task: z.string(),
    resource: z.string(),
    title: z.string(),
  }),
  z.strictObject({ type: z.literal('step-output'), host, step, line: z.string() }),
  z.strictObject({ type: z.literal('step-end'), host, step, ok: z.boolean(), seconds: z.number() }),
  z.strictObject({ type: z.literal('reconnect'), host, attempt: z.int() }),
  z.strictObject({ type: z.literal('not-stopping'), host, why: z.string() }),
  z.strictObject({
    type: z.literal('waits').describe('Something that takes its time is waited for: tasks that end, a turn.'),
    host,
    text: z.string(),
    seconds: z.number().exactOptional().describe('How long, where a step waits for its turn.'),
  }),
  z.strictObject({ type: z.literal('host-end'), result: resultSchema }),
  z.strictObject({
    type: z.literal('versions').describe('At the end of an upgrade: which hosts are on which version.'),
    program: z.string(),
    on: z.array(
      z.strictObject({
        version: z.string().nullable().describe('Null: it is not known.'),
        hosts: z.array(z.string()),
      }),
    ),
  }),
  z.strictObject({
    type: z.literal('run-end'),
    results: z.array(resultSchema),
    seconds: z.number(),
    verdict: verdictSchema,
  }),
]);

export type EventDocument = z.infer<typeof eventSchema>;

/** An event as a value of its documented form: no step of the apply is in it, and no secret. */
export const eventDocument = (event: RunEvent, addresses: AddressBook, words: Words): EventDocument => {
  switch (event.type) {
    case 'planned': {
      const plan = hostPlanDocument({ state: 'planned', plan: event.plan }, { addresses, words });
      return { type: 'planned', host: event.host, plan };
    }
    case 'run-begin':
      return { ...event, hosts: [...event.hosts], stages: [...event.stages] };
    case 'batch-begin':
      return { ...event, hosts: [...event.hosts] };
    case 'batch-end':
      return { ...event, failed: [...event.failed] };
    case 'host-end':
      return { type: 'host-end', result: documentResult(event.result, words) };
    case 'versions':
      return { ...event, on: event.on.map((one) => ({ ...one, hosts: [...one.hosts] })) };
    case 'run-end':
      return {
        ...event,
        results: event.results.map((result) => documentResult(result, words)),
        verdict: verdictOf(resultFindings(event.results)),
      };
    default:
      return event;
  }
};

const documentResult = (result: HostResult, words: Words): z.infer<typeof resultSchema> => ({
  ...result,
  reboot: [...result.reboot],
  idle: [...result.idle],
  warnings: [...result.warnings],
  restart: result.restart.map((one) => ({ ...one, reasons: [...one.reasons] })),
  problems: result.problems.map((problem) => problemDocument(problem, words)),
});
