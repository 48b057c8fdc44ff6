import * as z from 'zod';
import { momentOf } from '../../core/moment.ts';
import type { OldTokens } from '../../ops/rotate/old-tokens.ts';
import type { Words } from '../text/words.ts';
import { problemDocument, problemDocumentSchema } from './problem-document.ts';

/** Changes where a program that reads the old one would misread the new one. */
export const ROTATE_FORMAT = 'fcops-rotate/1';

/** The documented form of what `fcops rotate token --dry-run` finds. */
export const rotateDocumentSchema = z.strictObject({
  format: z.literal(ROTATE_FORMAT),
  miner: z.string(),
  at: z.string().describe('By the clock of this machine: 2026-11-22T10:30:00Z'),
  profiles: z.array(z.string()).describe('Hosts whose profile gets the token, or changes otherwise with it.'),
  workers: z
    .array(
      z.strictObject({
        host: z.string(),
        process: z.string(),
        tasks: z.array(
          z.strictObject({
            task: z.string().describe('AP PC1 PC2 C1 C2 FIN GET UNS, or one of another version of lotus.'),
            sector: z.int(),
            seconds: z.number().describe('How long it has been at it.'),
            left: z
              .number()
              .nullable()
              .describe('Seconds that it goes on, by the times of the handbook (5.1.1); null: nobody says.'),
          }),
        ),
        unknown: z.string().nullable().describe('Why it cannot be told what it is at; null: it can.'),
      }),
    )
    .describe(
      'Workers that run with another token, or another address, than their profile is to have, as they are expected to fall idle.',
    ),
  seconds: z
    .number()
    .nullable()
    .describe('Until the last task that is waited for has ended; null: of some nobody says.'),
  seen: z
    .array(z.string())
    .describe('Hosts that were looked at: of all others it is not known what they run with.'),
  unseen: z
    .array(z.strictObject({ host: z.string(), state: z.string(), problems: z.array(problemDocumentSchema) }))
    .describe('Hosts that could not be looked at, and why.'),
  problems: z.array(problemDocumentSchema).describe('All of these in one list.'),
});
export type RotateDocument = z.infer<typeof rotateDocumentSchema>;

/** The value that is printed. `now`: seconds since 1970. */
export const rotateDocument = (
  miner: string,
  found: OldTokens,
  now: number,
  words: Words,
): RotateDocument => ({
  format: ROTATE_FORMAT,
  miner,
  at: momentOf(now) ?? '',
  profiles: [...found.profiles],
  workers: found.workers.map((worker) => ({ ...worker, tasks: worker.tasks.map((task) => ({ ...task })) })),
  seconds: found.seconds,
  seen: [...found.seen],
  unseen: found.unseen.map(({ host, state, problems }) => ({
    ...{ host, state },
    problems: problems.map((problem) => problemDocument(problem, words)),
  })),
  problems: found.unseen.flatMap(({ problems }) =>
    problems.map((problem) => problemDocument(problem, words)),
  ),
});
