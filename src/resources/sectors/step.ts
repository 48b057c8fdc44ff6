import * as z from 'zod';
import { words } from '../../core/shell.ts';
import lotusShell from '../process/lotus.sh';
import { stepKind } from '../step-kind.ts';
import shell from './step.sh';

/** Seconds of each of these steps: a look, the command, and some to end what hangs. */
export const SECTOR_STEP_SECONDS = 120;

const common = { profile: z.string(), deadline: z.int() };
const shells = [lotusShell, shell];

/** Gives a sector another state (`lotus-miner sectors update-state`), where it is still in the one that was seen. */
export const updateSector = stepKind({
  schema: z.strictObject({
    step: z.literal('update-sector'),
    ...{ sector: z.int(), from: z.string(), to: z.string() },
    ...common,
  }),
  shell: shells,
  bash: ({ profile, sector, from, to }) => words('update_sector', profile, String(sector), from, to),
});

/** Gives a sector up with its files (`lotus-miner sectors remove`), where it is still in the state that was seen. */
export const removeSector = stepKind({
  schema: z.strictObject({
    step: z.literal('remove-sector'),
    ...{ sector: z.int(), from: z.string() },
    ...common,
  }),
  shell: shells,
  bash: ({ profile, sector, from }) => words('remove_sector', profile, String(sector), from),
});

/** Aborts a task (`lotus-miner sealing abort`), where it is still the one that was seen, and no other begins like it. */
export const abortJob = stepKind({
  schema: z.strictObject({
    step: z.literal('abort-job'),
    ...{ id: z.string(), sector: z.int(), task: z.string(), state: z.string() },
    ...common,
  }),
  shell: shells,
  bash: ({ profile, id, sector, task, state }) =>
    words('abort_job', profile, id, String(sector), task, state),
});
