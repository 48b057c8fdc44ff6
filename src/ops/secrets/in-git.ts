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

/** Those of these names whose text git keeps, but for what a filter encrypts on the way (git-crypt). */
const keptIn = async (git: Git, names: readonly string[]): Promise<ReadonlySet<string>> => {
  try {
    const listed = await git(['ls-files', '--stage', '-z', '--', ...names]);
    const tracked = wordsIn(listed.stdout).flatMap((word) => /^100\d+ [^\t]*\t(.+)$/s.exec(word)?.[1] ?? []);
    if (listed.status !== 0 || tracked.length === 0) return new Set();
    const asked = await git(['check-attr', '-z', 'filter', '--', ...tracked]);
    const words = wordsIn(asked.stdout);
    const isFiltered = (name: string) =>
      words.some(
        (word, index) => index % 3 === 2 && words[index - 2] === name && !/^uns(pecified|et)$/.test(word),
      );
    return new Set(tracked.filter((name) => !isFiltered(name)));
  } catch (error) {
    // No git here, or none that answers: what it keeps is not known.
    if (error instanceof FcopsError) return new Set();
    throw error;
  }
};

const wordsIn = (bytes: Buffer): readonly string[] => bytes.toString('utf8').split('\0').filter(Boolean);

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
