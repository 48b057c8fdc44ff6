import type { Command, Option } from 'commander';
import { FAILED, GROUP } from '../inventory/host-pattern.ts';
import { STAGES } from '../lotus/stage-durations.ts';
import { TAGS } from '../roles/role.ts';
import { ROLE_NAMES } from '../roles/role-names.ts';

/** What completion finds in the files at hand; each empty where nothing can be read. */
export interface Found {
  /** Names of hosts, of the cluster that is named or all. */
  readonly hosts: (options: Typed) => readonly string[];
  /** Names of groups of hosts, of the same. */
  readonly groups: (options: Typed) => readonly string[];
  readonly miners: (options: Typed) => readonly string[];
  readonly profiles: (options: Typed) => readonly string[];
  readonly runs: () => readonly string[];
  /** Names of processes of the hosts and roles that are named, of all where none is. */
  readonly processes: (options: Typed, words: readonly string[]) => readonly string[];
}

/** Values of the options that stand on the command line already, by their long names. */
export type Typed = ReadonlyMap<string, string>;

/**
 * What the last word of a command line may become, all of them beginning with it. Empty where it is a file, or where
 * nothing is known: the shell offers files then.
 */
export const completions = (program: Command, words: readonly string[], found: Found): readonly string[] => {
  const { line, kept } = joined(words);
  const last = line.at(-1) ?? '';
  const whole = completed(program, line.slice(0, -1), last, found);
  return kept === 0 ? whole : whole.filter((word) => word.startsWith(last)).map((word) => word.slice(kept));
};

/**
 * Words as they were typed: bash breaks them at `=`, `:` and `@`, and puts what comes of a completion in the place of the
 * last piece alone. `kept`: letters of the last word before that piece.
 */
const joined = (words: readonly string[]): { readonly line: readonly string[]; readonly kept: number } => {
  const pieces = words.flatMap((word) => (/^[=:@]+$/.test(word) ? [...word] : [word]));
  const line: string[] = [];
  let kept = 0;
  let goesOn = false;
  for (const piece of pieces) {
    const before = line.at(-1) ?? '';
    const isBreak = piece === ':' || piece === '@';
    const isJoined = goesOn || (piece === ':' && line.length > 0) || (piece === '@' && /[,!&]$/.test(before));
    goesOn = isBreak;
    if (piece === '=') continue;
    if (isJoined) line.splice(-1, 1, before + piece);
    else line.push(piece);
    const length = line.at(-1)?.length ?? 0;
    kept = isBreak ? length : isJoined ? before.length : 0;
  }
  return { line: line.flatMap(apart), kept };
};

const completed = (
  program: Command,
  before: readonly string[],
  last: string,
  found: Found,
): readonly string[] => {
  const { command, expects, typed, arguments: given } = read(program, before);
  if (expects) return ofOption(expects, last, typed, found, given);
  if (last.startsWith('-'))
    return beginning(
      [...optionsOf(command), '--help'].filter(
        (name) => !name.startsWith('--no-') || last.startsWith('--no'),
      ),
      last,
    );
  const below = command.commands.map((one) => one.name()).filter((name) => name !== 'help');
  if (command === program || command.name() === 'help')
    return beginning([...programCommands(program), 'help'], last);
  return beginning([...below, ...ofArgument(command, given, typed, found)], last);
};

/** `--limit=p1` as two words. */
const apart = (word: string): string[] => {
  const [, name, value] = /^(--[a-z-]+)=(.*)$/.exec(word) ?? [];
  return name === undefined ? [word] : [name, value ?? ''];
};

const programCommands = (program: Command): string[] => program.commands.map((command) => command.name());

/** Options of a command, of what it does where nothing below it is named, and of the program that every command takes. */
const allOptions = (command: Command): readonly Option[] => [
  ...command.options,
  ...(command.commands.find((one) => command.parent && one.name() === DEFAULT_BELOW)?.options ?? []),
  ...(command.parent ? allOptions(command.parent) : []),
];

/** What a group of commands does by itself: `fcops jobs` is `fcops jobs list`. */
const DEFAULT_BELOW = 'list';

const optionsOf = (command: Command): string[] => allOptions(command).flatMap(({ long }) => long ?? []);

interface Read {
  readonly command: Command;
  /** The option whose value comes next. */
  readonly expects: Option | undefined;
  readonly typed: Typed;
  /** Words that are no options, after the command. */
  readonly arguments: readonly string[];
}

/** What stands before the word that is to be completed. */
const read = (program: Command, line: readonly string[]): Read => {
  let command = program;
  let expects: Option | undefined;
  const typed = new Map<string, string>();
  const given: string[] = [];
  for (const word of line) {
    if (expects) {
      typed.set(expects.long ?? '', word);
      expects = undefined;
    } else if (word.startsWith('-')) {
      const option = allOptions(command).find(({ long, short }) => long === word || short === word);
      if (option?.required) expects = option;
    } else {
      const below = command.commands.find((one) => one.name() === word);
      if (below && given.length === 0) command = below;
      else given.push(word);
    }
  }
  return { command, expects, typed, arguments: given };
};

const beginning = (all: readonly string[], last: string) => all.filter((one) => one.startsWith(last));

/** Values of options; of a list with commas what may come after the last. */
const ofOption = (
  option: Option,
  last: string,
  typed: Typed,
  found: Found,
  words: readonly string[],
): readonly string[] => {
  const list = (all: readonly string[]) => {
    const before = last.slice(0, last.lastIndexOf(',') + 1);
    const sign = /^[!&]/.exec(last.slice(before.length))?.[0] ?? '';
    const given = before.split(',');
    return all
      .filter((one) => !given.includes(`${sign}${one}`))
      .map((one) => `${before}${sign}${one}`)
      .filter((one) => one.startsWith(last));
  };
  switch (option.long) {
    case '--limit':
      return list([
        ...found.hosts(typed),
        ...ROLE_NAMES,
        ...found.groups(typed).map((name) => GROUP + name),
        FAILED,
      ]);
    case '--import-over':
      return beginning(found.hosts(typed), last);
    case '--process':
      return list(found.processes(typed, words));
    case '--tags':
      return list(TAGS);
    case '--task':
      return list(STAGES);
    case '--role':
      return option.argChoices ? beginning(option.argChoices, last) : list(ROLE_NAMES);
    case '--profile':
      return beginning(found.profiles(typed), last);
    case '--miner':
      return beginning(found.miners(typed), last);
    default:
      return beginning(option.argChoices ?? [], last);
  }
};

/** Values of the words after a command, by what the command calls them. */
const ofArgument = (
  command: Command,
  given: readonly string[],
  typed: Typed,
  found: Found,
): readonly string[] => {
  const declared = command.registeredArguments;
  const argument = declared[given.length] ?? (declared.at(-1)?.variadic ? declared.at(-1) : undefined);
  switch (argument?.name()) {
    case 'role':
      return [...ROLE_NAMES, 'all'];
    case 'what':
      // Of a command that is about a role or hosts; what has choices offers those.
      return (
        argument?.argChoices ?? [
          ...(given.length === 0 ? [...ROLE_NAMES, 'all'] : []),
          ...found.hosts(typed).filter((host) => !given.includes(host)),
        ]
      );
    case 'host':
    case 'hosts':
      return found.hosts(typed).filter((host) => !given.includes(host));
    case 'profile':
      return found.profiles(typed);
    case 'run':
      return ['last', ...found.runs()];
    default:
      return argument?.argChoices ?? [];
  }
};
