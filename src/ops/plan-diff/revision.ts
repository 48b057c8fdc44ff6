import { edit, look } from '../../core/next.ts';
import { FcopsError } from '../../core/problem.ts';
import { type Git, NoGit } from '../git.ts';

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
  const top = await git(['rev-parse', '--show-toplevel']).catch(withoutGit);
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

/** A plan can do without git, where it is one against the hosts. */
const withoutGit = (error: unknown): never => {
  if (!(error instanceof NoGit)) throw error;
  const next = [edit('install git, or leave --base out and plan against the hosts')];
  throw new FcopsError(
    error.problems.map((problem) => ({ ...problem, next })),
    { cause: error },
  );
};
