import type { CommanderError } from 'commander';
import { edit } from '../core/next.ts';
import { FcopsError, type Problem } from '../core/problem.ts';
import { closest, didYouMean } from '../core/suggest.ts';
import { UPGRADED } from '../ops/upgrade/programs.ts';
import { TAGS } from '../roles/role.ts';

/** A command, as far as a mistake may be about it. */
export interface KnownCommand {
  /** With that of the command above it: `jobs abort`. */
  readonly name: string;
  /** Long names of its own options. */
  readonly options: readonly string[];
  /** What its words are, by what the command calls them. */
  readonly words: ReadonlyMap<string, string>;
}

/** A mistake on the command line, in the words of the other errors: what, and what to type instead. */
export const usageProblem = (
  error: CommanderError,
  argv: readonly string[],
  known: readonly KnownCommand[],
): FcopsError => {
  const commands = known.map(({ name }) => name);
  const below = notBelow(argv, commands) ?? roleAsWord(argv, error.code);
  if (below !== null) return new FcopsError({ kind: 'usage', ...below });
  const [first = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
  const what = first.replace(/\.$/, '').replaceAll("'", '"');
  const apart = error.code === 'commander.conflictingOption' ? notTogether(what) : null;
  const value = badValue(first, commandIn(argv, commands));
  if (value !== null) return new FcopsError({ kind: 'usage', ...value });
  const near = /^\(Did you mean (.*)\?\)$/.exec(suggestion ?? '')?.[1];
  const command = known.find(({ name }) => name === commandIn(argv, commands));
  const help = `fcops help ${command?.name ?? ''}`.trim();
  if (apart !== null)
    return new FcopsError({
      kind: 'usage',
      ...apart,
      next: [edit(`leave one of the two out (${help})`)],
    });
  const option = /^unknown option "([^"]+)"$/.exec(what)?.[1];
  const hint =
    option === undefined
      ? hintOfWord(/^missing required argument "([^"]+)"$/.exec(what)?.[1], command)
      : (hintOfRole(option, command) ?? hintOfTry(option, command, argv) ?? ANSIBLE.get(option));
  const word = /^unknown command "([^"]+)"$/.exec(what)?.[1];
  const there = word === undefined || argv[commandAt(argv)] === 'inventory' ? undefined : elsewhere(word);
  if (there !== undefined) return new FcopsError({ kind: 'usage', what, next: [edit(there)] });
  if (hint !== undefined) return new FcopsError({ kind: 'usage', what, next: [edit(`${hint} (${help})`)] });
  return new FcopsError({
    kind: 'usage',
    what,
    next: [edit(near ? `did you mean ${near}? (${help})` : help)],
  });
};

/** What a word is that is missing. */
const hintOfWord = (word: string | undefined, command: KnownCommand | undefined): string | undefined => {
  const is = word === undefined ? undefined : command?.words.get(word);
  return is === undefined ? undefined : `<${word}>: ${is}`;
};

/** A command that asks only the miner host takes hosts of its answer by `--limit` alone. */
const hintOfRole = (option: string, command: KnownCommand | undefined): string | undefined =>
  option === '--role' && command?.options.includes('--limit')
    ? '--limit takes roles too: --limit p1'
    : undefined;

/** What only looks, by the names that it has with other tools. */
const TRIES: readonly string[] = ['-C', '--check', '--dry-run', '-n'];
/** Commands that show their plan and do nothing before somebody agrees to it. */
const ASK_FIRST: readonly string[] = [
  ...['apply', 'resume', 'adopt', 'start', 'stop', 'restart', 'reboot', 'recover', 'upgrade'],
];

/** How to see what a command would do, of one that takes no such option, or calls it otherwise. */
const hintOfTry = (
  option: string,
  command: KnownCommand | undefined,
  argv: readonly string[],
): string | undefined => {
  if (!TRIES.includes(option) || command === undefined) return undefined;
  const own = TRIES.find((one) => command.options.includes(one));
  if (own !== undefined) return `did you mean ${own}?`;
  if (!ASK_FIRST.includes(command.name)) return undefined;
  const asks = 'it shows what it would do and asks: nothing is done before a y';
  // With it nobody is asked: whoever only wants to look would have it done.
  return argv.includes('--yes') || argv.includes('-y') ? `leave --yes out: ${asks}` : asks;
};

/** A value that an argument or an option does not take: with what it takes, or why not. */
const badValue = (said: string, command: string): Pick<Problem, 'what' | 'why' | 'next'> | null => {
  const [, argument, flags, given, reason = ''] =
    /^(?:command-argument value '(.*)' is invalid for argument '.*'|option '(.*)' argument '(.*)' is invalid)\. (.*)$/.exec(
      said,
    ) ?? [];
  // The last of its names is the one that the guide uses.
  const flag = flags?.match(/--[\w-]+/g)?.at(-1);
  const value = argument ?? given;
  if (value === undefined) return null;
  const help = `fcops help ${command}`.trim();
  const what = flag === undefined ? `fcops ${command} takes no "${value}"` : `${flag} cannot be "${value}"`;
  const choices = /^Allowed choices are (.*)\.$/.exec(reason)?.[1]?.split(', ');
  return choices
    ? { what, next: [edit(`${didYouMean(value, choices)} (${help})`)] }
    : { what, why: reason, next: [edit(help)] };
};

/** Two options of which one leaves nothing for the other. */
const notTogether = (said: string): Pick<Problem, 'what' | 'why'> | null => {
  const [one, other] = [...said.matchAll(/option "(?:-\w, )?(--[\w-]+)/g)].map(([, flag]) => flag);
  if (one === undefined || other === undefined) return null;
  const why = APART.get(one);
  return { what: `${one} and ${other} do not go together`, ...(why !== undefined && { why }) };
};

/** Why an option does not go with those that it excludes. */
const APART: ReadonlyMap<string, string> = new Map([
  [
    '--base',
    '--base asks no host: it compares files, starts nothing, and makes no plan that could be applied',
  ],
  [
    '--only-drift',
    '--only-drift leaves of a plan what was changed by hand: that is compared with no revision, started or saved',
  ],
  ['--out', 'a saved plan has no texts of hosts in it, only what is shown'],
]);

/** A word that stands where one of several commands below another is named, and is none: it is no word of the default one. */
const notBelow = (
  argv: readonly string[],
  commands: readonly string[],
): Pick<Problem, 'what' | 'next'> | null => {
  const at = commandAt(argv);
  const [above = '', word = '-'] = argv.slice(at);
  const names = commands.flatMap((name) =>
    name.startsWith(`${above} `) ? [name.slice(above.length + 1)] : [],
  );
  if (names.length === 0 || word.startsWith('-') || names.includes(word)) return null;
  const near = closest(word, names);
  const meant = near === undefined ? `one of: ${names.join(', ')}` : `did you mean ${near}?`;
  return { what: `unknown command "${word}"`, next: [edit(`${meant} (fcops help ${above})`)] };
};

/** An upgrade takes its role by an option, where most commands take a word. */
const roleAsWord = (argv: readonly string[], code: string): Pick<Problem, 'what' | 'next'> | null => {
  const at = commandAt(argv);
  const [command, word = '-'] = argv.slice(at);
  if (command !== 'upgrade' || code !== 'commander.excessArguments' || word.startsWith('-')) return null;
  const isRole = UPGRADED.some((name) => name === word);
  return {
    what: `an upgrade takes ${isRole ? 'its role' : 'its hosts'} by an option, and "${word}" stands by itself`,
    next: [
      edit(
        `${isRole ? `add --role ${word} in its place` : `--role ROLE --limit ${word}`} (fcops help upgrade)`,
      ),
    ],
  };
};

/** What does the same as a word that is no command: one that stands below another, or another tool's. */
export const elsewhere = (word: string): string | undefined => ELSEWHERE.get(word);

const ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ...['validate', 'lint'].map((word) => [word, 'did you mean fcops check?'] as const),
  ...['list', 'ls', 'hosts'].map((word) => [word, 'did you mean fcops inventory list?'] as const),
  ...['new', 'create'].map((word) => [word, 'did you mean fcops init MINER?'] as const),
  ['show', 'did you mean fcops inventory show HOST?'],
  ...['add', 'add-host'].map((word) => [word, 'did you mean fcops inventory add-host?'] as const),
  ...['hash', 'sha256', 'sha256sum', 'checksum'].map(
    (word) => [word, 'did you mean fcops artifacts hash?'] as const,
  ),
  ...['apply', 'run', 'up', 'play', 'playbook'].map((word) => [word, 'did you mean fcops deploy?'] as const),
  ...['diff', 'dry-run', 'preview'].map((word) => [word, 'did you mean fcops plan?'] as const),
  ...['shell', 'command', 'cmd', 'ssh'].map(
    (word) => [word, 'did you mean fcops exec HOSTS -- COMMAND?'] as const,
  ),
  ...['log', 'tail', 'journal'].map((word) => [word, 'did you mean fcops logs HOSTS?'] as const),
  ...['report', 'bundle', 'sosreport', 'hardware'].map(
    (word) => [word, 'did you mean fcops support HOST?'] as const,
  ),
  ...['setup', 'gather'].map((word) => [word, 'did you mean fcops facts?'] as const),
]);

const hints = (options: readonly string[], hint: string): (readonly [string, string])[] =>
  options.map((option) => [option, hint]);

/** Options that fingers know from ansible-playbook, and what does the same here. */
const ANSIBLE: ReadonlyMap<string, string> = new Map([
  ...hints(['-C', '--check', '--syntax-check', '--dry-run'], 'fcops plan shows what a deploy would change'),
  ...hints(['-D', '--diff'], 'differences are always shown; --full shows new files whole'),
  ...hints(['-e', '--extra-vars'], 'settings stand in the inventory, under variables'),
  ...hints(
    ['-b', '--become', '-K', '--ask-become-pass', '--become-user', '--become-method'],
    'sudo is used where ssh.user is not root; ssh.sudoPassword names its password',
  ),
  ...hints(
    ['-u', '--user', '--private-key', '--key-file'],
    'the ssh section of the inventory says how to log in: ssh: { user: …, privateKey: … }',
  ),
  ...hints(
    ['-k', '--ask-pass'],
    'ssh.password in the inventory names the secret: ssh: { password: { env: NAME } }',
  ),
  ...hints(
    ['--ask-vault-pass', '--vault-password-file', '-J'],
    'secrets come from environment variables or files that the inventory names',
  ),
  ...hints(
    ['-m', '--module-name', '-a', '--args'],
    'fcops exec HOSTS -- COMMAND runs a command, -- with one word a line of bash',
  ),
  ...hints(['--list-hosts'], 'fcops inventory list --limit PATTERN'),
  ...hints(['--list-tasks'], 'fcops plan lists what would change, by task'),
  ...hints(['--list-tags'], `--tags takes: ${TAGS.join(', ')}`),
  ...hints(['--skip-tags'], 'name the tags that are wanted: --tags a,b'),
  ...hints(
    ['-v', '-vv', '-vvv', '-vvvv', '--verbose'],
    'fcops plan shows every difference, --full the long ones whole; fcops deploy -v says every step',
  ),
  ...hints(['-c', '--connection'], '--transport ssh2, openssh or local'),
  ...hints(['-T', '--timeout'], 'ssh.connectTimeout in the inventory, in seconds'),
  ...hints(['--max-fail-percentage'], '--max-fail P%'),
  ...hints(['--step', '--start-at-task'], 'a deploy does only what is missing: run it again, or name --tags'),
]);

/** An upgrade of which the version of fcops is asked: who means --ver would take the answer for a done upgrade. */
export const refuseVersion = (argv: readonly string[]): void => {
  if (argv[commandAt(argv)] !== 'upgrade' || !argv.includes('--version')) return;
  throw new FcopsError({
    kind: 'usage',
    what: '--version prints the version of fcops: nothing was upgraded',
    next: [edit('did you mean --ver? (fcops help upgrade)')],
  });
};

/** The command of a command line, for its help; one that stands below another with both words. */
const commandIn = (argv: readonly string[], commands: readonly string[]): string => {
  const at = commandAt(argv);
  const word = argv[at] ?? '';
  const below = `${word} ${argv[at + 1] ?? ''}`;
  return [below, word].find((name) => commands.includes(name)) ?? '';
};

/** Global options that are followed by a value. */
const WITH_VALUE: readonly string[] = [
  '-i',
  '--inventory',
  '--profiles',
  '--templates',
  '--output',
  '--color',
];

/** Where the command stands in a command line: global options may come before it. */
export const commandAt = (argv: readonly string[]): number => {
  let at = 0;
  while (argv[at]?.startsWith('-')) at += WITH_VALUE.includes(argv[at] ?? '') ? 2 : 1;
  return at;
};
