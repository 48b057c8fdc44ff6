import * as z from 'zod';
import { words } from '../../core/shell.ts';
import { stepKind } from '../step-kind.ts';
import { hugepagesShell } from './look.ts';
import shell from './step.sh';

/** Something that needs pages of these nodes in order to start. */
export interface HugepagesUser {
  readonly name: string;
  readonly pages: readonly { readonly node: number; readonly pages: number }[];
}

/** Seconds that pages may take to be allocated: ten minutes are enough for 2 TiB. */
export const HUGEPAGES_DEADLINE = 900;

/** What uses pages, and where: `P1-1=0:33,1:31`. */
const userWord = ({ name, pages }: HugepagesUser): string =>
  `${name}=${pages.map((share) => `${share.node}:${share.pages}`).join(',')}`;

/** Has a unit allocate huge pages, and waits until each node has its own. */
export const allocateHugepages = stepKind({
  schema: z.strictObject({
    step: z.literal('allocate-hugepages'),
    unit: z.string(),
    pageKib: z.int(),
    perNode: z.array(z.int()).readonly(),
    users: z
      .array(
        z.strictObject({
          name: z.string(),
          pages: z.array(z.strictObject({ node: z.int(), pages: z.int() })).readonly(),
        }),
      )
      .readonly()
      .default([]),
    deadline: z.int(),
  }),
  shell: `${hugepagesShell}\n${shell}`,
  bash: ({ unit, pageKib, perNode, users }) =>
    words('allocate_hugepages', unit, String(pageKib), users.map(userWord).join(' '), ...perNode.map(String)),
});
