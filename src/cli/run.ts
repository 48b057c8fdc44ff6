import { runCli } from './program.ts';
import { nodeWorld } from './world.ts';

/** Runs a command line in this process; gives its exit code. `entry`: URL of the file that was started. */
export const run = (words: readonly string[], entry: string): Promise<number> =>
  runCli(words, nodeWorld(entry));
