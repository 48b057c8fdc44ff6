import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { codeOf } from '../../core/error-code.ts';
import { messageOf } from '../../core/problem.ts';
import { formatBytes, MiB } from '../../core/units.ts';
import { inParallel } from '../../engine/parallel.ts';
import { whenWeEnd } from '../../transport/at-exit.ts';
import { childOutput } from '../child-output.ts';
import { saysItsShell } from './shell-texts.ts';

/** Something that shellcheck says of a text. Lines and columns count from 1. */
export interface ShellComment {
  /** Place of the text in the list. */
  readonly index: number;
  readonly line: number;
  readonly column: number;
  readonly level: 'error' | 'warning' | 'info' | 'style';
  /** `2086` */
  readonly code: number;
  readonly message: string;
}

/** What came of asking shellcheck. */
export type Shellchecked =
  | { readonly type: 'checked'; readonly comments: readonly ShellComment[] }
  | { readonly type: 'not installed' }
  /** `why`: in words, of the first call that came to nothing. */
  | { readonly type: 'failed'; readonly why: string };

export interface ShellcheckOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Seconds that one call may take. */
  readonly deadline: number;
}

/** Texts in one call: as many as it takes seconds for, and no more arguments than any system takes. */
const IN_ONE_CALL = 40;
const AT_ONCE = 2;
const MOST_BYTES = 64 * MiB;

/** Files that a script reads are on hosts: nobody can follow them from here. */
const NOT_FOLLOWED = 'SC1090,SC1091';

const answerSchema = z.object({
  comments: z.array(
    z.object({
      file: z.string(),
      line: z.int(),
      column: z.int(),
      level: z.enum(['error', 'warning', 'info', 'style']),
      code: z.int(),
      message: z.string(),
    }),
  ),
});

/** Asks shellcheck about texts, in files that nobody else can read and that are gone afterwards. */
export const shellcheck = async (
  texts: readonly string[],
  options: ShellcheckOptions,
): Promise<Shellchecked> => {
  const directory = mkdtempSync(join(tmpdir(), 'fcops-shell-'));
  const remove = (): void => rmSync(directory, { recursive: true, force: true });
  const forget = whenWeEnd(remove);
  try {
    const files = texts.map((text, index) => {
      const file = join(directory, `${index}.sh`);
      writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
      return { file, says: saysItsShell(text) };
    });
    const calls = [true, false].flatMap((says) => {
      const own = files.filter((one) => one.says === says).map(({ file }) => file);
      return chunks(own, IN_ONE_CALL).map((some) => [...(says ? [] : ['--shell=bash']), ...some]);
    });
    const answers = await inParallel(calls, AT_ONCE, (words) => call(words, options));
    const bad = answers.find(({ type }) => type !== 'checked');
    if (bad) return bad;
    return {
      type: 'checked',
      comments: answers.flatMap((one) => (one.type === 'checked' ? one.comments : [])),
    };
  } finally {
    remove();
    forget();
  }
};

const chunks = <T>(items: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );

const call = async (
  words: readonly string[],
  { env, deadline }: ShellcheckOptions,
): Promise<Shellchecked> => {
  const ended = await childOutput(
    {
      argv: ['shellcheck', '--norc', '--format=json1', `--exclude=${NOT_FOLLOWED}`, ...words],
      // In another language it would fail at the first letter that is not ASCII; a person's settings are not those of CI.
      env: { PATH: env.PATH, LC_ALL: 'C.UTF-8' },
    },
    { deadline, most: MOST_BYTES },
  );
  switch (ended.type) {
    case 'late':
      return { type: 'failed', why: `it did not end within ${deadline} s` };
    case 'too much':
      return { type: 'failed', why: `it said more than ${formatBytes(MOST_BYTES)}` };
    case 'not started':
      return codeOf(ended.error) === 'ENOENT'
        ? { type: 'not installed' }
        : { type: 'failed', why: messageOf(ended.error) };
    case 'ended':
      return answerOf(ended.stdout.toString('utf8'), ended.stderr);
  }
};

/** What it has printed, whatever it ended with: 1 says that it has something to say. */
const answerOf = (out: string, said: string): Shellchecked => {
  const answer = answerSchema.safeParse(jsonOf(out));
  if (!answer.success)
    return { type: 'failed', why: said.trim().split('\n').at(-1) || 'it printed nothing that can be read' };
  return {
    type: 'checked',
    comments: answer.data.comments.map(({ file, ...comment }) => ({
      index: Number(/(\d+)\.sh$/.exec(file)?.[1]),
      ...comment,
    })),
  };
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
