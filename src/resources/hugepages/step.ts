import * as z from 'zod';
import { words } from '../../core/shell.ts';
import { stepKind } from '../step-kind.ts';
import { hugepagesShell } from './look.ts';
import shell from './step.sh';

/** Seconds that pages may take to be allocated: ten minutes are enough for 2 TiB. */
export const HUGEPAGES_DEADLINE = 900;

/** Has a unit allocate huge pages, and waits until each node has its own. */
export const allocateHugepages = stepKind({
  schema: z.strictObject({
    step: z.literal('allocate-hugepages'),
    unit: z.string(),
    pageKib: z.int(),
    perNode: z.array(z.int()).readonly(),
    deadline: z.int(),
  }),
  shell: `${hugepagesShell}\n${shell}`,
  bash: ({ unit, pageKib, perNode }) =>
    words('allocate_hugepages', unit, String(pageKib), ...perNode.map(String)),
});
