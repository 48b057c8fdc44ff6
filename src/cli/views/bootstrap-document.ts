import * as z from 'zod';
import type { BootstrapEvent } from '../../ops/bootstrap/events.ts';
import { STEP_NAMES } from '../../ops/bootstrap/setup.ts';
import type { Words } from '../text/words.ts';
import { adviceOf } from '../text/words.ts';
import { backupRows, backupSchema } from './backup-document.ts';
import { commandsSchema } from './problem-document.ts';

const host = z.string().describe('Name of the host in the inventory.');
const step = z.enum(STEP_NAMES);
const title = z.string().describe('The step as people read it.');
const says = z.string().describe('What the host shows of it, for people.');

/** One line of `fcops bootstrap miner --output json`, or of `fcops restore miner`. New kinds and keys may come; those that are here stay. */
export const bootstrapEventSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('backups'),
    host,
    backups: z.array(backupSchema).describe('What there is to restore from, the newest first.'),
    chosen: z.string().describe('The file with the metadata that are restored.'),
  }),
  z.strictObject({
    type: z.literal('steps'),
    what: z.enum(['set-up', 'restore']),
    host,
    miner: z.string(),
    steps: z.array(
      z.strictObject({
        name: step,
        title,
        state: z
          .enum(['done', 'to do', 'waits', 'blocked', 'unknown'])
          .describe(
            'waits: nothing but time, or somebody else, brings it about. blocked: somebody has to decide.',
          ),
        says,
      }),
    ),
  }),
  z.strictObject({
    type: z.literal('step-begin'),
    host,
    step,
    title,
    says,
    takenUp: z.boolean().describe('It was begun by a controller that is gone, or by another one.'),
  }),
  z.strictObject({ type: z.literal('step-output'), host, step, line: z.string() }),
  z.strictObject({ type: z.literal('waits'), host, step, title, says }),
  z.strictObject({
    type: z.literal('progress'),
    host,
    step,
    done: z.number(),
    total: z.number().nullable(),
    unit: z.enum(['bytes', 'epochs', 'percent']),
    secondsLeft: z.number().nullable(),
  }),
  z.strictObject({ type: z.literal('reconnect'), host, attempt: z.int() }),
  z.strictObject({ type: z.literal('step-done'), host, step, title, says, seconds: z.number() }),
  z.strictObject({
    type: z.literal('end'),
    host,
    state: z.enum(['done', 'checked', 'declined', 'left']),
    step: step.nullable().describe('Where it was declined or left.'),
    goesOn: z.boolean().describe('Whether the step goes on on the host.'),
    left: z.int().nullable().describe('Steps that are not done, where it was only looked.'),
    outcome: z
      .strictObject({
        what: z.enum(['set-up', 'restore']),
        miner: z.string().nullable(),
        owner: z.string().nullable(),
        worker: z.string().nullable(),
        api: z.string().nullable(),
        token: z.string().describe('The file with the token, on the host.'),
        next: z.string().describe('What is left for people to do.'),
        commands: commandsSchema.exactOptional(),
      })
      .nullable(),
  }),
]);
export type BootstrapEventDocument = z.infer<typeof bootstrapEventSchema>;

/** An event as a value of its documented form. */
export const bootstrapDocument = (event: BootstrapEvent, words: Words): BootstrapEventDocument => {
  switch (event.type) {
    case 'backups':
      return { type: 'backups', host: event.host, backups: backupRows(event.list), chosen: event.chosen };
    case 'steps':
      return { ...event, steps: event.steps.map((one) => ({ ...one })) };
    case 'progress': {
      const { progress, ...rest } = event;
      return { ...rest, ...progress };
    }
    case 'end': {
      const { type, host: name, result } = event;
      const ended = { type, host: name, step: null, goesOn: false, left: null, outcome: null };
      switch (result.state) {
        case 'done': {
          const { next, ...outcome } = result.outcome;
          return { ...ended, state: 'done', outcome: { ...outcome, next: '', ...adviceOf(next, words) } };
        }
        case 'checked':
          return { ...ended, state: 'checked', left: result.left };
        case 'declined':
          return { ...ended, state: 'declined', step: result.step };
        default:
          return { ...ended, ...result };
      }
    }
    default:
      return { ...event };
  }
};
