import * as z from 'zod';
import { words } from '../../core/shell.ts';

/** What is waited for around the start of a process, on the host and at most so many seconds. */
export const readinessSchema = z.discriminatedUnion('type', [
  /** The lotus that the variables of a profile name answers, and `lotus sync wait` has said `Done!` (handbook 4.2.1). */
  z.strictObject({ type: z.literal('lotus-in-sync'), profile: z.string(), deadline: z.int() }),
  /** `lotus-miner info` answers, as this miner (handbook 2.1.6.7). */
  z.strictObject({
    type: z.literal('miner-answers'),
    profile: z.string(),
    miner: z.string(),
    deadline: z.int(),
  }),
]);
export type Readiness = Readonly<z.infer<typeof readinessSchema>>;

/** Bash that waits (ready.sh), or fails with why and what to do. */
export const readyBash = (ready: Readiness): string =>
  ready.type === 'lotus-in-sync'
    ? words('await_sync', ready.profile, String(ready.deadline))
    : words('await_miner', ready.profile, ready.miner, String(ready.deadline));
