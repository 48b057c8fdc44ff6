import * as z from 'zod';
import type { HostResult, RunEvent } from '../../engine/events.ts';
import { documentHost, hostPlanSchema, problemSchema } from './plan-document.ts';
import { copyProblem } from './problem-text.ts';

const host = z.string().describe('Name of the host in the inventory.');
const step = z.int().describe('Number of the step on its host, from 1.');

const resultSchema = z.strictObject({
  host,
  state: z
    .enum(['same', 'changed', 'blocked', 'failed', 'stopped', 'unreachable'])
    .describe('blocked: nothing was touched. stopped: interrupted between two steps.'),
  same: z.int().describe('Resources that were as required.'),
  changed: z.int().describe('Steps that were carried out.'),
  skipped: z.int().describe('Steps that were planned and not carried out.'),
  seconds: z.number(),
  reboot: z.array(z.string()).describe('Why the host has to be rebooted; empty where it has not.'),
  problems: z.array(problemSchema),
});

/** One line of `fcops deploy --output json`. New kinds and keys may come; those that are here stay. */
export const eventSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('run-begin'), run: z.string(), hosts: z.array(z.string()) }),
  z.strictObject({
    type: z.literal('phase'),
    host,
    phase: z.enum(['connect', 'look', 'apply', 'verify']),
  }),
  z.strictObject({ type: z.literal('planned'), host, plan: hostPlanSchema }),
  z.strictObject({
    type: z.literal('step-begin'),
    host,
    step,
    steps: z.int(),
    task: z.string(),
    resource: z.string(),
  }),
  z.strictObject({ type: z.literal('step-output'), host, step, line: z.string() }),
  z.strictObject({ type: z.literal('step-end'), host, step, ok: z.boolean(), seconds: z.number() }),
  z.strictObject({ type: z.literal('reconnect'), host, attempt: z.int() }),
  z.strictObject({ type: z.literal('host-end'), result: resultSchema }),
  z.strictObject({ type: z.literal('run-end'), results: z.array(resultSchema), seconds: z.number() }),
]);

export type EventDocument = z.infer<typeof eventSchema>;

/** An event as a value of its documented form: no step of the apply is in it, and no secret. */
export const eventDocument = (event: RunEvent, addresses: ReadonlyMap<string, string>): EventDocument => {
  switch (event.type) {
    case 'planned': {
      const plan = documentHost({ state: 'planned', plan: event.plan }, addresses);
      return { type: 'planned', host: event.host, plan };
    }
    case 'run-begin':
      return { ...event, hosts: [...event.hosts] };
    case 'host-end':
      return { type: 'host-end', result: documentResult(event.result) };
    case 'run-end':
      return { ...event, results: event.results.map(documentResult) };
    default:
      return event;
  }
};

const documentResult = (result: HostResult): z.infer<typeof resultSchema> => ({
  ...result,
  reboot: [...result.reboot],
  problems: result.problems.map(copyProblem),
});
