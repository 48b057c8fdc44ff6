import { lstatSync, realpathSync } from 'node:fs';
import { posix } from 'node:path';
import { groupBy } from '../../core/group-by.ts';
import { edit, fcopsCommand, shellHere } from '../../core/next.ts';
import { FcopsError } from '../../core/problem.ts';
import { quote } from '../../core/shell.ts';
import type { NamedSecret } from '../../inventory/named-secret.ts';
import { type Git, gitIn } from '../git.ts';
import type { Finding } from './finding.ts';
import { wrong } from './finding.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Files of secrets that git keeps as they are: whoever has the repository has the value. None where there is no git. */
export const inGit = async (uses: readonly NamedSecret[], env: Environment): Promise<readonly Finding[]> => {
  const paths = new Set(uses.flatMap(({ kept }) => (kept.kind === 'file' ? [kept.path] : [])));
  const files = new Set([...paths].flatMap(withTarget));
  const found: Finding[] = [];
  for (const [directory, inside] of groupBy([...files], (file) => posix.dirname(file))) {
    const git = gitIn(directory, { ...env, ...OF_NO_HOOK });
    const names = await keptIn(
      git,
      inside.map((file) => posix.basename(file)),
    );
    found.push(...inside.filter((file) => names.has(posix.basename(file))).map(inTheClear));
  }
  return found;
};

/** A hook of git is told of its own commit by these; here the repository of the file counts, as it is. */
const OF_NO_HOOK = { GIT_DIR: undefined, GIT_WORK_TREE: undefined, GIT_INDEX_FILE: undefined };

/** A path, and of a link where it leads to: the link itself is all that git keeps of it. */
const withTarget = (path: string): readonly string[] => {
  try {
    return lstatSync(path).isSymbolicLink() ? [path, realpathSync(path)] : [path];
  } catch {
    // What is not there any more git may have still.
    return [path];
  }
};

/**
 * Those of these names of which git has a text in the clear. What it has counts, and no attribute: a file that was added
 * before its filter was, as happens with git-crypt, is in the clear, and so is what LFS keeps elsewhere.
 */
const keptIn = async (git: Git, names: readonly string[]): Promise<ReadonlySet<string>> => {
  try {
    const listed = await git(['ls-files', '--stage', '-z', '--', ...names]);
    if (listed.status !== 0) return new Set();
    const clear = new Set<string>();
    for (const row of listed.stdout.toString('utf8').split('\0')) {
      const [, oid, name] = REGULAR_FILE.exec(row) ?? [];
      if (oid === undefined || name === undefined) continue;
      const blob = await git(['cat-file', 'blob', oid]);
      if (blob.status === 0 && isClear(blob.stdout)) clear.add(name);
    }
    return clear;
  } catch (error) {
    // No git here, or none that answers: what it keeps is not known.
    if (error instanceof FcopsError) return new Set();
    throw error;
  }
};

/** A row of `git ls-files --stage`: mode, id, stage and name. Links and submodules have no text of their own. */
const REGULAR_FILE = /^100\d+ ([0-9a-f]+) \d\t(.+)$/s;

/** How texts begin that are encrypted on their way into git: by git-crypt, transcrypt, git-agecrypt, and by hand. */
const ENCRYPTED = [
  '\0GITCRYPT\0',
  'U2FsdGVkX1',
  'age-encryption.org/v1',
  '-----BEGIN AGE ENCRYPTED FILE-----',
  '-----BEGIN PGP MESSAGE-----',
  '$ANSIBLE_VAULT;',
] as const;

/** Nothing is in a blob without a text: git was told of the file, and does not have it yet. */
const isClear = (blob: Buffer): boolean =>
  blob.length > 0 &&
  !ENCRYPTED.some((beginning) => blob.subarray(0, beginning.length).equals(Buffer.from(beginning)));

const inTheClear = (file: string): Finding =>
  wrong({
    kind: 'secret',
    what: `the secret file ${file} is in git in the clear`,
    where: { file, line: 1 },
    next: [
      edit('give the secret another value: whoever has the repository has this one'),
      fcopsCommand(['secrets', 'set', 'NAME'], 'keep it encrypted, and name it'),
      shellHere(
        `git -C ${quote(posix.dirname(file))} rm --cached ${quote(posix.basename(file))}`,
        'take the file out of git',
      ),
    ],
  });
