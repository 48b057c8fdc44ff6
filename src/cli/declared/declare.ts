import type { Argument, Command, Option } from 'commander';
import type { Action } from '../context.ts';
import type { CommandPath, Examples } from '../help.ts';
import type { Format } from '../output.ts';

/** What a command is: its words and options, and where its module is. */
export interface About<Options> {
  readonly does: string;
  /** Whether it is meant where only its parent is named. */
  readonly isDefault?: boolean;
  readonly words?: readonly Argument[];
  /** Whether a command for hosts stands behind `--`: its words are given with the dashes before them. */
  readonly takesCommand?: boolean;
  /** Whether its words name hosts as `--limit` does. */
  readonly takesPatterns?: boolean;
  readonly options?: readonly Option[];
  /** What it can print, where that is more than text and JSON. */
  readonly formats?: readonly Format[];
  /** Global options that mean something to it. */
  readonly global: readonly string[];
  readonly load: () => Promise<Action<Options>>;
}

/** Declares a command below another one; its module is loaded when it is called. */
export type Declare = <Options>(parent: Command, path: CommandPath, about: About<Options>) => void;

/** What commands below one word have in common. */
interface AboutGroup {
  readonly does: string;
  readonly examples: Examples;
  /** Global options that mean something to one of them. */
  readonly global: readonly string[];
}

/** Declares a word that has commands below it. */
export type DeclareGroup = (parent: Command, name: string, about: AboutGroup) => Command;

/** What commands are declared with. */
export interface Declaring {
  readonly program: Command;
  readonly command: Declare;
  readonly group: DeclareGroup;
}
