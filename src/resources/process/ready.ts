import * as z from 'zod';
import { words } from '../../core/shell.ts';

/** What is waited for around the start of a process, on the host and at most so many seconds. */
export const readinessSchema = z.discriminatedUnion('type', [
  /** The lotus that the variables of a profile name answers, and `lotus sync wait` has said `Done!` (handbook 4.2.1). */
  z.strictObject({ type: z.literal('lotus-in-sync'), profile: z.string(), deadline: z.int() }),
  /** The lotus that the variables of a profile name answers; how far its chain has come is another question. */
  z.strictObject({ type: z.literal('lotus-answers'), profile: z.string(), deadline: z.int() }),
  /** `lotus-miner info` answers, as this miner (handbook 2.1.6.7); null: as any, since nobody has said yet which it is. */
  z.strictObject({
    type: z.literal('miner-answers'),
    profile: z.string(),
    miner: z.string().nullable(),
    deadline: z.int(),
  }),
]);
export type Readiness = Readonly<z.infer<typeof readinessSchema>>;

/** Bash that waits (ready.sh), or fails with why and what to do. */
export const readyBash = (ready: Readiness): string => {
  const { type, profile, deadline } = ready;
  switch (type) {
    case 'lotus-in-sync':
      return words('await_sync', profile, String(deadline));
    case 'lotus-answers':
      return words('await_lotus', profile, String(deadline));
    case 'miner-answers':
      return words('await_miner', profile, ready.miner ?? '', String(deadline));
  }
};
