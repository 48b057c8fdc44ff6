import { codeOf } from '../../core/error-code.ts';
import { edit, look } from '../../core/next.ts';
import { FcopsError, messageOf } from '../../core/problem.ts';
import { formatBytes, MiB } from '../../core/units.ts';
import type { ChildLimits } from '../child-output.ts';
import { childOutput } from '../child-output.ts';

/** What a call of git came to. */
export interface GitAnswer {
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** One call of git's plumbing; rejects only where it cannot be run at all. */
export type Git = (words: readonly string[], input?: string) => Promise<GitAnswer>;

/** More than the files of any farm have, in bytes. */
const MOST_BYTES = 256 * MiB;

/** Seconds: it reads its own files, and nothing from elsewhere. */
const DEADLINE = 60;

/**
 * git as a reader of its own database: no shell, no pager, nothing fetched from elsewhere, nothing asked, and no hook or
 * filter of the repository, which these calls run none of anyway.
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
        throw noGit(ended.error);
    }
  };

const unfinished = (what: string, directory: string): FcopsError =>
  new FcopsError({
    kind: 'file',
    what,
    next: [look(`run git in ${directory} by hand, and see what it waits for (git fsck)`)],
  });

const noGit = (error: unknown): FcopsError =>
  new FcopsError(
    codeOf(error) === 'ENOENT'
      ? {
          kind: 'usage',
          what: '--base: there is no git on this machine',
          next: [edit('install git, or leave --base out and plan against the hosts')],
        }
      : { kind: 'file', what: 'git cannot be run', why: messageOf(error) },
    { cause: error },
  );

/** A commit of the repository that a directory is in. */
export interface Revision {
  /** As it was given: `origin/main`. */
  readonly name: string;
  /** Its whole id. */
  readonly commit: string;
  /** Root of the work tree, absolute. */
  readonly root: string;
}

/** What makes a clone of a pipeline whole; elsewhere git does. */
const DEEPEN =
  'fetch the rest: git fetch --unshallow origin; in CI fetch-depth: 0 of actions/checkout, GIT_DEPTH: 0 of GitLab';

/** Finds a revision. Throws an FcopsError where there is no repository, or no such commit in it. */
export const findRevision = async (git: Git, name: string): Promise<Revision> => {
  if (name === '' || name.startsWith('-') || /[\0-\x20\x7f]/.test(name)) {
    throw new FcopsError({
      kind: 'usage',
      what: `--base: ${JSON.stringify(name)} is no name of a revision`,
      next: [edit('give a branch, a tag or a commit: origin/main, v1.4, 3f2a9c1')],
    });
  }
  const top = await git(['rev-parse', '--show-toplevel']);
  const root = top.stdout.toString('utf8').replace(/\n$/, '');
  if (top.status !== 0 || root === '') {
    throw new FcopsError({
      kind: 'usage',
      what: '--base: the inventory is in no git repository with a work tree',
      ...(top.stderr !== '' && { why: top.stderr }),
      next: [edit('run it in a clone of the repository that has the inventory')],
    });
  }
  const found = await git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]);
  const commit = found.stdout.toString('utf8').trim();
  if (found.status !== 0 || !/^[0-9a-f]{40,64}$/.test(commit)) {
    const shallow = await git(['rev-parse', '--is-shallow-repository']);
    const isShallow = shallow.stdout.toString('utf8').trim() === 'true';
    const why = isShallow ? 'this is a shallow clone, which has only the last commits' : found.stderr;
    throw new FcopsError({
      kind: 'usage',
      what: `--base: there is no revision ${name} in ${root}`,
      ...(why !== '' && { why }),
      next: [
        isShallow ? edit(DEEPEN) : look(`see what there is (git -C ${root} branch -a), and git fetch it`),
      ],
    });
  }
  return { name, commit, root };
};
