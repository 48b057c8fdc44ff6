import type { Command } from 'commander';
import type { CommandPath, Examples, Meanings } from '../../../src/cli/help.ts';
import { EXAMPLES } from '../../../src/cli/help.ts';
import { buildProgram } from '../../../src/cli/program.ts';

/** A command as the program declares it. */
export interface Described {
  /** Its words without `fcops`. */
  readonly path: CommandPath;
  readonly usage: string;
  readonly does: string;
  readonly arguments: Meanings;
  readonly options: Meanings;
  /** Options of every command that mean something to this one. */
  readonly global: Meanings;
  readonly examples: Examples;
}

/** The command line as documents show it. */
export interface DescribedProgram {
  readonly about: string;
  readonly commands: readonly Described[];
  /** Options of every command. */
  readonly options: Meanings;
}

const quiet = { write: () => {}, isTerminal: false, columns: () => 80, rows: () => 24 };

/** All commands, in the order of the help. */
export const describedProgram = (): DescribedProgram => {
  const declared: { command: Command; path: CommandPath; global: readonly string[] }[] = [];
  const program = buildProgram(
    { version: '', stdout: quiet, stderr: quiet, env: {} },
    async () => {},
    (command, path, global) => declared.push({ command, path, global }),
  );
  const help = program.createHelp();
  const optionsOf = (command: Command): Meanings =>
    help
      .visibleOptions(command)
      .filter(({ long }) => long !== '--help')
      .map((option) => [help.optionTerm(option), help.optionDescription(option)]);
  return {
    about: program.description(),
    options: optionsOf(program),
    commands: declared.map(({ command, path, global }) => ({
      path,
      usage: `fcops ${path} ${command.usage()}`.trim(),
      does: command.description(),
      arguments: help
        .visibleArguments(command)
        .map((argument) => [help.argumentTerm(argument), help.argumentDescription(argument)]),
      options: optionsOf(command),
      global: optionsOf(program).filter(([term]) => global.some((name) => term.includes(name))),
      examples: EXAMPLES[path],
    })),
  };
};
