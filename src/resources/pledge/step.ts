import * as z from 'zod';
import { words } from '../../core/shell.ts';
import lotusShell from '../process/lotus.sh';
import { stepKind } from '../step-kind.ts';
import shell from './step.sh';

/** Seconds that lotus-miner has to make a sector: it answers when the sector has a state. */
export const PLEDGE_SECONDS = 120;

/** Makes one sector without data (`lotus-miner sectors pledge`, handbook 3.7.2). Unlike other steps it does not look first. */
export const pledgeSector = stepKind({
  schema: z.strictObject({ step: z.literal('pledge-sector'), profile: z.string(), deadline: z.int() }),
  shell: [lotusShell, shell],
  bash: ({ profile }) => words('pledge_sector', profile, String(PLEDGE_SECONDS)),
});
