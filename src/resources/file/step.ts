import * as z from 'zod';
import { contentSchema, digestBy, revealedText } from '../../core/content.ts';
import { sha256 } from '../../core/sha256.ts';
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

/** Puts in place of a file that others write too its text with what is ours in it. */
export const rewriteFile = stepKind({
  schema: z.strictObject({
    step: z.literal('rewrite-file'),
    path: z.string(),
    ...ownershipSchema,
    /** The host's own text, with whatever others keep in it. */
    text: z.string(),
    seen: stateWordSchema,
    deadline: z.int(),
  }),
  shell,
  bash: ({ path, mode, owner, group, text, seen }) =>
    `${words('put_file', path, mode, owner, group, sha256(text), seen)} ${dataDocument(text)}`,
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
