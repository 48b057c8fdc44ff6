import * as z from 'zod';
import { readAnswer } from './answer.ts';
import type { Answer } from './failure.ts';
import { known, type Reading, unclear } from './reading.ts';

/** A task of a sector that no worker has been given yet. */
export interface QueuedTask {
  readonly sector: number;
  /** As `sealing jobs` names it (PC2); the whole type where it is one of another version. */
  readonly task: string;
}

const schema = z.object({
  SchedInfo: z.object({
    Requests: z
      .array(z.object({ Sector: z.object({ Number: z.int().nonnegative() }), TaskType: z.string().min(1) }))
      .nullable(),
  }),
});

const NAMES: ReadonlyMap<string, string> = new Map([
  ['seal/v0/addpiece', 'AP'],
  ['seal/v0/precommit/1', 'PC1'],
  ['seal/v0/precommit/2', 'PC2'],
  ['seal/v0/commit/1', 'C1'],
  ['seal/v0/commit/2', 'C2'],
  ['seal/v0/finalize', 'FIN'],
  ['seal/v0/fetch', 'GET'],
  ['seal/v0/unseal', 'UNS'],
]);

/** Reads what waits in `lotus-miner sealing sched-diag`: one JSON object. What is given to a worker is not in it. */
export const readSchedDiag = (answer: Answer): Reading<readonly QueuedTask[]> =>
  readAnswer(answer, (lines) => {
    const { SchedInfo: info } = known(parsed(lines.join('\n')), 'this is no state of the scheduler');
    return (info.Requests ?? []).map(({ Sector, TaskType }) => ({
      sector: Sector.Number,
      task: NAMES.get(TaskType) ?? TaskType,
    }));
  });

const parsed = (text: string): z.infer<typeof schema> | null => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return unclear('this is no JSON');
  }
  return schema.safeParse(value).data ?? null;
};
