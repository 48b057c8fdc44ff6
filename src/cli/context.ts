import { SecretValues } from '../inventory/secret-values.ts';
import type { ColourChoice } from './colour.ts';
import type { Format } from './output.ts';
import { Output } from './output.ts';
import type { World } from './world.ts';

/** Options that every command has. */
export interface GlobalOptions {
  readonly inventory: string;
  /** Not every command has it: what was typed, for commands that are to be typed next. */
  readonly miner?: string;
  /** Undefined: the shipped ones. */
  readonly profiles?: string;
  readonly templates?: string;
  /** File of the private key of age. */
  readonly identity?: string;
  readonly output: Format;
  readonly color: ColourChoice;
  readonly debug?: boolean;
}

/** What a command works with: the world, where its files are, and where its output goes. */
export interface Context {
  readonly world: World;
  readonly options: GlobalOptions;
  readonly output: Output;
  /** Secrets as far as this command has worked them out. */
  readonly values: SecretValues;
}

export const startContext = (world: World, options: GlobalOptions): Context => ({
  world,
  options,
  output: new Output(world, options.output, options.color),
  values: new SecretValues(),
});

/** A command: it gets the words and the options of the command line, and gives the exit code. */
export type Action<Options> = (
  context: Context,
  words: readonly string[],
  options: Options,
) => Promise<number>;
