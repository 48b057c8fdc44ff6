import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { codeOf } from '../../core/error-code.ts';
import { messageOf } from '../../core/problem.ts';
import { MiB } from '../../core/units.ts';
import { inParallel } from '../../engine/parallel.ts';
import { atExit } from '../../transport/at-exit.ts';
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
  const atEnd = atExit(process)(remove);
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
    atEnd();
  }
};

const chunks = <T>(items: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );

const call = (words: readonly string[], { env, deadline }: ShellcheckOptions): Promise<Shellchecked> =>
  new Promise((resolve) => {
    // In another language it would fail at the first letter that is not ASCII; settings of a person are not those of CI.
    const child = spawn('shellcheck', ['--norc', '--format=json1', `--exclude=${NOT_FOLLOWED}`, ...words], {
      env: { PATH: env.PATH, LC_ALL: 'C.UTF-8' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const out: Buffer[] = [];
    const said: Buffer[] = [];
    let bytes = 0;
    const timer = setTimeout(
      () => end({ type: 'failed', why: `it did not end within ${deadline} s` }),
      deadline * 1000,
    );
    const end = (result: Shellchecked): void => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      resolve(result);
    };
    const take = (into: Buffer[]) => (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) end({ type: 'failed', why: `it said more than ${MOST_BYTES / MiB} MiB` });
      else into.push(chunk);
    };
    child.stdout.on('data', take(out));
    child.stderr.on('data', take(said));
    child.once('error', (error) =>
      end(codeOf(error) === 'ENOENT' ? { type: 'not installed' } : { type: 'failed', why: messageOf(error) }),
    );
    child.once('close', () =>
      end(answerOf(Buffer.concat(out).toString('utf8'), Buffer.concat(said).toString('utf8'))),
    );
  });

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
