import { posix } from 'node:path';
import { groupBy } from '../../core/group-by.ts';
import { edit, fcopsCommand, shellHere } from '../../core/next.ts';
import { FcopsError, inShort, type Place, type Problem } from '../../core/problem.ts';
import { quote } from '../../core/shell.ts';
import type { NamedSecret } from '../../inventory/named-secret.ts';
import { type Git, type GitAnswer, gitIn, NoGit } from '../git.ts';
import { isDirectory } from '../is-directory.ts';
import { realPath } from '../real-path.ts';
import type { Finding } from './finding.ts';
import { unknown, wrong } from './finding.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Files of secrets that git has in the clear, by what it would commit now: whoever has the repository has the value. What
 * commits before have is not looked at, as the change that takes a file out of git could not pass then. Where git gives no
 * answer that is unknown; where there is no git, or no repository, nothing is in it.
 */
export const inGit = async (uses: readonly NamedSecret[], env: Environment): Promise<readonly Finding[]> => {
  const named = uses.flatMap(({ kept, where }) => (kept.kind === 'file' ? filesOf(kept.path, where) : []));
  // Each cluster file is told of a file once, at the first place that names it.
  const files = firstOfEach(named, ({ where, file }) => `${where.file}\0${file}`);
  const found: Finding[] = [];
  for (const [directory, inside] of groupBy(files, ({ file }) => nearestDirectory(file)))
    found.push(...(await inDirectory(directory, inside, env)));
  return found;
};

const firstOfEach = <T, Key>(items: readonly T[], keyOf: (item: T) => Key): readonly T[] =>
  [...groupBy(items, keyOf).values()].flatMap(([first]) => first ?? []);

/** A file of a secret. */
interface NamedFile {
  /** Where it is in fact, whatever links lead to it. */
  readonly file: string;
  /** As people know it. */
  readonly called: string;
  /** The place that names it. */
  readonly where: Place;
}

/** What a path names, and of a link where it leads to: the link itself is all that git keeps of it. */
const filesOf = (path: string, where: Place): readonly NamedFile[] => {
  const own = posix.join(realPath(posix.dirname(path)), posix.basename(path));
  const target = realPath(path);
  return [
    { file: own, called: path, where },
    ...(target === own ? [] : [{ file: target, called: fromHere(target), where }]),
  ];
};

/** A path as it is typed here, where it is below. */
const fromHere = (path: string): string => {
  const own = posix.relative('', path);
  return own.startsWith('..') ? path : own || '.';
};

/** The directory of a path, or the next above it that is there: git can be asked of what was in one that is gone. */
const nearestDirectory = (path: string): string => {
  const directory = posix.dirname(path);
  return isDirectory(directory) || directory === path ? directory : nearestDirectory(directory);
};

/** What is to be said of files in a directory. */
const inDirectory = async (
  directory: string,
  files: readonly NamedFile[],
  env: Environment,
): Promise<readonly Finding[]> => {
  const nameOf = ({ file }: NamedFile) => posix.relative(directory, file);
  try {
    const kept = await keptIn(gitIn(directory, env), files.map(nameOf), directory);
    return files.flatMap((file): readonly Finding[] => {
      const text = kept.get(nameOf(file));
      if (text === undefined || text === 'encrypted') return [];
      return [text === 'clear' ? inTheClear(file) : notHere(file, text)];
    });
  } catch (error) {
    if (error instanceof NoGit) return [];
    if (!(error instanceof FcopsError)) throw error;
    const clusters = firstOfEach(files, ({ where }) => where.file);
    return error.problems.flatMap((problem) =>
      clusters.map(({ where }) => notKnown(directory, where, problem)),
    );
  }
};

/** What git has of a file: its text as it is, or an encrypted one, or only the name of a text that is elsewhere, and what it says of that. */
type Kept = 'clear' | 'encrypted' | { readonly saying: string };

/**
 * What git has of those of these names that it knows. What it has counts, and no attribute: a file that was added
 * before its filter was, as happens with git-crypt, is in the clear, and so is what LFS keeps elsewhere. Throws an
 * FcopsError where git gives no answer.
 */
const keptIn = async (
  git: Git,
  names: readonly string[],
  directory: string,
): Promise<ReadonlyMap<string, Kept>> => {
  const listed = await git(['ls-files', '--stage', '-z', '--', ...names]);
  const kept = new Map<string, Kept>();
  if (listed.status !== 0 && NO_REPOSITORY.test(listed.stderr)) return kept;
  if (listed.status !== 0) throw noAnswer(directory, listed);
  for (const row of listed.stdout.toString('utf8').split('\0')) {
    const [, oid, name] = REGULAR_FILE.exec(row) ?? [];
    if (oid === undefined || name === undefined || !names.includes(name)) continue;
    const blob = await git(['cat-file', 'blob', oid]);
    const text: Kept =
      blob.status !== 0 ? { saying: saidBy(blob) } : isClear(blob.stdout) ? 'clear' : 'encrypted';
    // In a conflict a name has several texts: the worst of them counts.
    if (text === 'clear' || (kept.get(name) ?? 'encrypted') === 'encrypted') kept.set(name, text);
  }
  return kept;
};

/** One that is named and is none, as a submodule without its repository, is told otherwise: nobody knows what it has. */
const NO_REPOSITORY = /^fatal: not a git repository \(or any /m;

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

const saidBy = ({ stderr }: GitAnswer): string =>
  stderr
    .split('\n')
    .filter((line) => /^(fatal|error): /.test(line))
    .join('\n') || stderr;

const noAnswer = (directory: string, answer: GitAnswer): FcopsError => {
  const { stderr } = answer;
  const [, foreign] = /dubious ownership in repository at '(.+)'/.exec(stderr) ?? [];
  return new FcopsError({
    kind: 'file',
    what: 'git gives no answer',
    why: saidBy(answer),
    next: [
      foreign === undefined
        ? shellHere(`git -C ${quote(fromHere(directory))} status`, 'see what is wrong with the repository')
        : shellHere(
            `git config --global --add safe.directory ${quote(foreign)}`,
            'where you trust the one whose repository it is',
          ),
    ],
  });
};

const notKnown = (directory: string, where: Place, problem: Problem): Finding =>
  unknown({
    kind: 'secret',
    what: `whether git has secret files of ${fromHere(directory)} in the clear does not show`,
    where,
    why: inShort(problem),
    ...(problem.next && { next: problem.next }),
  });

/** A partial clone lacks texts, and fetches none for a check. */
const notHere = ({ called, where }: NamedFile, { saying }: { readonly saying: string }): Finding =>
  unknown({
    kind: 'secret',
    what: `whether the secret file ${called} is in git in the clear does not show`,
    where,
    why: `its text is not in this clone: ${saying}`,
    next: [
      shellHere(
        `git -C ${quote(posix.dirname(called))} cat-file -e :./${quote(posix.basename(called))}`,
        'have git fetch it; of a clone that should be whole git fsck tells what is missing',
      ),
    ],
  });

const inTheClear = ({ called, where }: NamedFile): Finding =>
  wrong({
    kind: 'secret',
    what: `the secret file ${called} is in git in the clear`,
    where,
    next: [
      edit(
        'give the secret another value: whoever has the repository has this one, and old commits, which are not looked at, keep it',
      ),
      fcopsCommand(['secrets', 'set', 'NAME'], 'keep it encrypted, and name it'),
      shellHere(
        `git -C ${quote(posix.dirname(called))} rm --cached ${quote(posix.basename(called))}`,
        'or take the file out of git',
      ),
      edit('and name it in .gitignore, so that it is not added again'),
    ],
  });
