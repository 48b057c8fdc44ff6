import type { Meanings } from '../../../src/cli/help.ts';
import { ENVIRONMENT, EXIT_CODES, FILES_HERE, FILES_THERE } from '../../../src/cli/help.ts';
import type { Described } from './commands.ts';
import { describedProgram } from './commands.ts';

/** The man page: plain roff with the macros of man(7), which every man knows. */
export const manPage = (version: string): string => {
  const { about, commands, options } = describedProgram();
  return `${[
    // Without a date: the same source gives the same page.
    `.TH FCOPS 1 "" "fcops ${version}" "fcops"`,
    '.SH NAME',
    `fcops \\- ${roff(about.replace(/\.$/, '').replace(/^P/, 'p'))}`,
    '.SH SYNOPSIS',
    '.B fcops',
    '.I command',
    '[options]',
    '.SH DESCRIPTION',
    roff(
      'An inventory is one YAML file per miner id. fcops works out what each host of it is to be, shows what differs ' +
        'from what is on the hosts, and makes exactly those changes over SSH. A second run changes nothing.',
    ),
    '.SH COMMANDS',
    ...commands.flatMap(commandLines),
    '.SH OPTIONS OF ALL COMMANDS',
    ...list(options),
    '.SH EXIT STATUS',
    ...list(EXIT_CODES),
    '.SH ENVIRONMENT',
    ...list(ENVIRONMENT),
    '.SH FILES',
    ...list(FILES_HERE),
    '.PP',
    'On hosts, besides what a plan shows:',
    ...list(FILES_THERE),
    '.SH SEE ALSO',
    '.BR ssh (1),',
    '.BR ssh_config (5)',
    '.PP',
    roff('The keys of inventories and profiles, and a page for each command, are in docs/ of the package.'),
  ].join('\n')}\n`;
};

const commandLines = ({ path, usage, does, arguments: words, options, examples }: Described): string[] => [
  `.SS fcops ${path}`,
  `.B ${roff(usage)}`,
  '.PP',
  roff(does),
  ...list(words),
  ...list(options),
  '.PP',
  'Examples:',
  ...examples.flatMap(([command, meaning]) => [
    '.PP',
    roff(`${meaning}:`),
    '.RS',
    '.nf',
    `.B ${roff(command)}`,
    '.fi',
    '.RE',
  ]),
];

const list = (rows: Meanings): string[] =>
  rows.flatMap(([term, meaning]) => ['.TP', `.B ${roff(term)}`, roff(meaning)]);

/** Characters that roff would take for something else, or prints as typographic ones that nobody can type. */
const SPECIAL: ReadonlyMap<string, string> = new Map([
  ['\\', '\\e'],
  ['-', '\\-'],
  ["'", '\\(aq'],
  ['`', '\\(ga'],
  ['^', '\\(ha'],
  ['~', '\\(ti'],
  ['"', '\\(dq'],
]);

/** A text as roff shows it letter by letter, on one line. */
const roff = (text: string): string =>
  text
    .replace(/[\\\-'`^~"]/g, (character) => SPECIAL.get(character) ?? character)
    .replace(
      /[^ -~]/gu,
      (character) => `\\[u${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
    )
    .replace(/^\./, '\\&.');
