import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';

/** A git repository of a test, with files of its own. */
export interface Repository {
  readonly directory: string;
  readonly git: (...words: readonly string[]) => Promise<string>;
  /** Writes a file of the work tree. */
  readonly write: (file: string, text: string) => void;
  readonly remove: (file: string) => void;
  /** Commits all that is there, and gives the id. */
  readonly commit: (message: string, ...words: readonly string[]) => Promise<string>;
}

/** Nothing of who runs the tests counts. */
const ENV = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_AUTHOR_NAME: 'alice',
  GIT_AUTHOR_EMAIL: 'alice@example.com',
  GIT_COMMITTER_NAME: 'alice',
  GIT_COMMITTER_EMAIL: 'alice@example.com',
};

export const makeRepository = async (): Promise<Repository> => {
  const directory = mkdtempSync(join(tmpdir(), 'fcops-repository-'));
  const git = async (...words: readonly string[]): Promise<string> =>
    (await execa('git', words, { cwd: directory, env: ENV })).stdout;
  await git('init', '--quiet', '--initial-branch=main');
  return {
    directory,
    git,
    write: (file, text) => {
      const path = join(directory, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    },
    remove: (file) => rmSync(join(directory, file), { recursive: true }),
    commit: async (message, ...words) => {
      await git('add', '--all');
      await git('commit', '--quiet', '--message', message, ...words);
      return git('rev-parse', 'HEAD');
    },
  };
};
