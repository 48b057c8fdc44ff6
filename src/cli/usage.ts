import type { CommanderError } from 'commander';
import { FcopsError } from '../core/errors.ts';

/** A mistake on the command line, in the words of the other errors: what, and what to type instead. */
export const usageProblem = (error: CommanderError, argv: readonly string[]): FcopsError => {
  const [first = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
  const what = first.replace(/\.$/, '').replaceAll("'", '"');
  const near = /^\(Did you mean (.*)\?\)$/.exec(suggestion ?? '')?.[1];
  const help = `fcops help ${commandIn(argv)}`.trim();
  const option = /^unknown option "([^"]+)"$/.exec(what)?.[1];
  const known = option === undefined ? undefined : ANSIBLE.get(option);
  if (known !== undefined) return new FcopsError({ what, next: `${known} (${help})` });
  return new FcopsError({ what, next: near ? `did you mean ${near}? (${help})` : help });
};

/** Options that fingers know from ansible-playbook, and what does the same here. */
const ANSIBLE: ReadonlyMap<string, string> = new Map([
  ...['-C', '--check', '--syntax-check'].map(
    (option) => [option, 'fcops plan shows what a deploy would change'] as const,
  ),
  ...['-D', '--diff'].map(
    (option) => [option, 'differences are always shown; --full shows new files whole'] as const,
  ),
  ...['-e', '--extra-vars'].map(
    (option) => [option, 'settings stand in the inventory, under variables'] as const,
  ),
  ...['-b', '--become', '-K', '--ask-become-pass'].map(
    (option) =>
      [option, 'sudo is used where ssh.user is not root; ssh.sudoPassword names its password'] as const,
  ),
  ...['-u', '--user', '-k', '--private-key'].map(
    (option) => [option, 'the ssh section of the inventory says how to log in'] as const,
  ),
  ...['--ask-vault-pass', '--vault-password-file'].map(
    (option) =>
      [option, 'secrets come from environment variables or files that the inventory names'] as const,
  ),
  ['--list-hosts', 'fcops inventory list --limit PATTERN'],
  ['--list-tasks', 'fcops plan lists what would change, by task'],
  ['--skip-tags', 'name the tags that are wanted: --tags a,b'],
]);

/** The command of a command line, for its help: the first word that is no option. */
const commandIn = (argv: readonly string[]): string => {
  const [first] = argv;
  return first !== undefined && COMMANDS.has(first) ? first : '';
};

const COMMANDS = new Set(['plan', 'deploy', 'inventory', 'layout', 'facts', 'render', 'schema', 'trust']);
