import * as z from 'zod';
import { contentSchema, digestBy, revealedText } from '../../core/content.ts';
import { words } from '../../core/shell.ts';
import { ownershipSchema, stateWordSchema } from '../path/state.ts';
import { dataDocument, stepKind } from '../step-kind.ts';
import shell from './step.sh';

/** Seconds that a file may take to be written: a disk that hangs is told of, and not waited for. */
export const FILE_DEADLINE = 120;

/** Puts a file in place with this content, owner and mode: by a temporary file, fsync and rename. */
export const putFile = stepKind({
  schema: z.strictObject({
    step: z.literal('put-file'),
    path: z.string(),
    ...ownershipSchema,
    content: contentSchema,
    seen: stateWordSchema,
    deadline: z.int(),
  }),
  shell,
  bash: ({ path, mode, owner, group, content, seen }, reveal) => {
    const sum = digestBy(reveal)(content);
    return `${words('put_file', path, mode, owner, group, sum, seen)} ${dataDocument(revealedText(content, reveal))}`;
  },
});

/** Sets owner and mode of what is there. */
export const setOwnership = stepKind({
  schema: z.strictObject({
    step: z.literal('set-ownership'),
    path: z.string(),
    ...ownershipSchema,
    deadline: z.int(),
  }),
  shell: '',
  bash: ({ path, mode, owner, group }) => words('set_ownership', path, mode, owner, group),
});
