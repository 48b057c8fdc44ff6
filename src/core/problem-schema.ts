import * as z from 'zod';
import type { Next } from './next.ts';
import type { Problem } from './problem.ts';

const before = z.string().exactOptional();

/** What to do about a problem, as it is written to JSON and read back. */
export const nextSchema: z.ZodType<Next> = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('fcops'), words: z.array(z.string()).readonly(), before }),
  z.strictObject({ type: z.literal('shell'), on: z.enum(['here', 'host']), command: z.string(), before }),
  z.strictObject({ type: z.literal('edit'), text: z.string() }),
  z.strictObject({ type: z.literal('look'), text: z.string() }),
  z.strictObject({ type: z.literal('again'), text: z.string() }),
]);

export const placeSchema = z.strictObject({
  host: z.string().exactOptional(),
  task: z.string().exactOptional(),
  file: z.string().exactOptional(),
  line: z.int().exactOptional().describe('From 1.'),
  column: z.int().exactOptional().describe('From 1.'),
});

export const problemKindSchema = z.enum([
  'usage',
  'inventory',
  'template',
  'secret',
  'weak-secret',
  'layout',
  'file',
  'connect',
  'unknown-host-key',
  'refused-host-key',
  'unseen',
  'check',
  'step',
  'run',
  'lost',
  'locked',
  'stopped',
  'moved',
  'verify',
  'defect',
]);

/** A problem as it is written to JSON and read back. */
export const problemSchema: z.ZodType<Problem> = z.strictObject({
  kind: problemKindSchema,
  what: z.string(),
  where: placeSchema.exactOptional(),
  hosts: z.array(z.string()).readonly().exactOptional(),
  why: z.string().exactOptional(),
  holder: z.strictObject({ who: z.string(), run: z.string(), since: z.string() }).exactOptional(),
  next: z.array(nextSchema).readonly().exactOptional(),
});
