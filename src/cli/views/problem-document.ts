import * as z from 'zod';
import type { Problem } from '../../core/problem.ts';
import { placeSchema, problemKindSchema } from '../../core/problem-schema.ts';
import type { Words } from '../text/words.ts';
import { adviceOf, reasonText } from '../text/words.ts';

/** Beside `next`. */
export const commandsSchema = z.array(z.string()).describe('The commands in `next`, each as it is typed.');

/** A problem as programs read it: what sort it is as a value, the rest in words. */
export const problemDocumentSchema = z.strictObject({
  kind: problemKindSchema,
  what: z.string(),
  where: placeSchema.exactOptional(),
  why: z.string().exactOptional(),
  next: z.string().exactOptional().describe('What to do about it.'),
  commands: commandsSchema.exactOptional(),
});

export type ProblemDocument = z.infer<typeof problemDocumentSchema>;

/** A problem in its documented form, with no key that has no value. */
export const problemDocument = (problem: Problem, words: Words): ProblemDocument => {
  const { kind, what, where, next } = problem;
  const why = reasonText(problem, words);
  return {
    kind,
    what,
    ...(where && { where: { ...where } }),
    ...(why !== undefined && { why }),
    ...adviceOf(next, words),
  };
};
