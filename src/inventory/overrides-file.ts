import * as z from 'zod';
import { MOST } from '../core/profile.ts';
import { like, matching } from './schema-parts.ts';

/** A day of the calendar that is one: no 2026-02-30. */
const isDay = (text: string): boolean => {
  const date = new Date(`${text}T00:00:00Z`);
  return (
    /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
  );
};

/** What a degraded machine has less of than its profile, for a while (handbook 4.2). */
export const overridesSchema = z.strictObject({
  p1Tasks: z
    .int()
    .min(1)
    .max(MOST.processes)
    .exactOptional()
    .meta(like(12))
    .describe('P1 tasks that it runs: fewer than its profile says for the sector size.'),
  memoryGiB: z
    .int()
    .min(1)
    .max(MOST.memoryGiB)
    .exactOptional()
    .meta(like(1920))
    .describe(
      'Memory that it has, in GiB: less than its profile says. Follows from `nodes` where that is given.',
    ),
  nodes: z
    .record(
      matching(/^(0|[1-9]\d{0,3})$/, 'must be the number of a NUMA node'),
      z.int().min(0).max(MOST.memoryGiB),
    )
    .exactOptional()
    .describe('Memory of the NUMA nodes that lack some, in GiB, by node: { 5: 192 }.'),
  withoutGpus: z
    .array(z.int().min(1).max(MOST.gpus))
    .min(1)
    .max(MOST.gpus)
    .exactOptional()
    .meta({ examples: [[2]] })
    .describe("GPUs that are gone or dead, by their number in the machine's own order, from 1."),
  until: z
    .string()
    .refine(isDay, 'must be a date like 2099-12-31')
    .meta(like('2099-12-31'))
    .describe(
      'The last day on which this counts, by the clock of the machine that runs fcops; an error from the next day on.',
    ),
  reason: matching(/\S/, 'must say why')
    .max(500)
    .meta(like('module P2-DIMMC1 is gone, ticket 4711'))
    .describe('Why, and what is done about it: shown wherever it counts.'),
});

/** As a checked file has it. */
export type Overrides = Readonly<z.infer<typeof overridesSchema>>;
