import type { CommanderError } from 'commander';
import { FcopsError } from '../core/errors.ts';

/** A mistake on the command line, in the words of the other errors: what, and what to type instead. */
export const usageProblem = (error: CommanderError, argv: readonly string[]): FcopsError => {
  const [first = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
  const what = first.replace(/\.$/, '').replaceAll("'", '"');
  const near = /^\(Did you mean (.*)\?\)$/.exec(suggestion ?? '')?.[1];
  const help = `fcops help ${commandIn(argv)}`.trim();
  return new FcopsError({ what, next: near ? `did you mean ${near}? (${help})` : help });
};

/** The command of a command line, for its help: the first word that is no option. */
const commandIn = (argv: readonly string[]): string => {
  const [first] = argv;
  return first !== undefined && COMMANDS.has(first) ? first : '';
};

const COMMANDS = new Set(['plan', 'deploy', 'inventory', 'layout', 'facts', 'render', 'schema', 'trust']);
