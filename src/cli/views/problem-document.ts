import * as z from 'zod';
import type { Problem } from '../../core/problem.ts';
import { placeSchema, problemKindSchema } from '../../core/problem-schema.ts';
import type { Words } from '../text/words.ts';
import { adviceText, reasonText } from '../text/words.ts';

/** A problem as programs read it: what sort it is as a value, the rest in words. */
export const problemDocumentSchema = z.strictObject({
  kind: problemKindSchema,
  what: z.string(),
  where: placeSchema.exactOptional(),
  why: z.string().exactOptional(),
  next: z.string().exactOptional().describe('What to do about it.'),
});

export type ProblemDocument = z.infer<typeof problemDocumentSchema>;

/** A problem in its documented form, with no key that has no value. */
export const problemDocument = (problem: Problem, words: Words): ProblemDocument => {
  const { kind, what, where, next } = problem;
  const why = reasonText(problem, words);
  const advice = adviceText(next, words);
  return {
    kind,
    what,
    ...(where && { where: { ...where } }),
    ...(why !== undefined && { why }),
    ...(advice !== undefined && { next: advice }),
  };
};
