import { codeOf } from '../core/error-code.ts';
import { edit, look } from '../core/next.ts';
import { FcopsError, messageOf } from '../core/problem.ts';
import { formatBytes, MiB } from '../core/units.ts';
import type { ChildLimits } from './child-output.ts';
import { childOutput } from './child-output.ts';

/** What a call of git came to. */
export interface GitAnswer {
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** One call of git's plumbing; rejects only where it cannot be run at all (`NoGit`: there is none), or does not end. */
export type Git = (words: readonly string[], input?: string) => Promise<GitAnswer>;

/** More than the files of any farm have, in bytes. */
const MOST_BYTES = 256 * MiB;

/** Seconds: it reads its own files, and nothing from elsewhere. */
const DEADLINE = 60;

/**
 * Variables that say which repository git is to work on, and how it matches paths: those that `git rev-parse
 * --local-env-vars` lists, and GIT_*_PATHSPECS. In a hook they are of its repository and its commit, not of ours. Left out
 * are GIT_CONFIG_PARAMETERS and GIT_CONFIG_COUNT, as git leaves them out where it goes into a submodule: who sets
 * safe.directory by them means every repository.
 */
const OF_THE_CALLER = [
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_COMMON_DIR',
  'GIT_CONFIG',
  'GIT_DIR',
  'GIT_GRAFT_FILE',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_INTERNAL_SUPER_PREFIX',
  'GIT_NO_REPLACE_OBJECTS',
  'GIT_OBJECT_DIRECTORY',
  'GIT_PREFIX',
  'GIT_REPLACE_REF_BASE',
  'GIT_SHALLOW_FILE',
  'GIT_WORK_TREE',
  'GIT_GLOB_PATHSPECS',
  'GIT_ICASE_PATHSPECS',
  'GIT_LITERAL_PATHSPECS',
  'GIT_NOGLOB_PATHSPECS',
] as const;

const UNSET = Object.fromEntries(OF_THE_CALLER.map((name) => [name, undefined]));

/**
 * git as a reader of the database of the repository that a directory is in, whatever repository who calls works on: no shell,
 * no pager, nothing fetched from elsewhere, nothing asked, and no hook or filter of the repository, which these calls run
 * none of anyway.
 */
export const gitIn =
  (
    directory: string,
    env: Readonly<Record<string, string | undefined>>,
    { deadline = DEADLINE, most = MOST_BYTES }: Partial<ChildLimits> = {},
  ): Git =>
  async (words, input = '') => {
    const ended = await childOutput(
      {
        argv: [
          ...(['git', '--no-pager', '--no-replace-objects', '--literal-pathspecs', '-C', directory] as const),
          ...['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false', ...words],
        ],
        env: {
          ...env,
          ...UNSET,
          LC_ALL: 'C',
          GIT_OPTIONAL_LOCKS: '0',
          GIT_NO_LAZY_FETCH: '1',
          GIT_TERMINAL_PROMPT: '0',
        },
        input,
      },
      { deadline, most },
    );
    const [what = ''] = words;
    switch (ended.type) {
      case 'ended':
        return { status: ended.status, stdout: ended.stdout, stderr: ended.stderr.trim() };
      case 'late':
        throw unfinished(`git ${what} did not end within ${deadline} s`, directory);
      case 'too much':
        throw unfinished(`git ${what} printed more than ${formatBytes(most)}`, directory);
      case 'not started':
        throw notStarted(ended.error);
    }
  };

const unfinished = (what: string, directory: string): FcopsError =>
  new FcopsError({
    kind: 'file',
    what,
    next: [look(`run git in ${directory} by hand, and see what it waits for (git fsck)`)],
  });

const notStarted = (error: unknown): FcopsError =>
  codeOf(error) === 'ENOENT'
    ? new NoGit({ cause: error })
    : new FcopsError({ kind: 'file', what: 'git cannot be run', why: messageOf(error) }, { cause: error });

/** There is no git on this machine. */
export class NoGit extends FcopsError {
  constructor(options?: ErrorOptions) {
    super(
      {
        kind: 'usage',
        what: 'there is no git on this machine',
        next: [edit('install git')],
      },
      options,
    );
  }
}
