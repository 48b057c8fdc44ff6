import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FcopsError } from '../core/problem.ts';
import { whenWeEnd } from '../transport/at-exit.ts';
import type { World } from './world.ts';

/** Where nothing reaches a disk: in memory. */
const IN_MEMORY = '/dev/shm';

/** What came of editing a text. */
export interface Edited {
  readonly text: string;
  /** Whether it was in memory alone, as far as this program has to do with it. */
  readonly inMemory: boolean;
}

/**
 * Lets somebody edit a text in a file that nobody else can read, and that is removed afterwards in every case: also where
 * the editor fails, or the terminal is closed. Throws an FcopsError where there was no editor, or it failed.
 */
export const editPrivately = async (
  text: string,
  name: string,
  world: Pick<World, 'edit' | 'onInterrupt' | 'exit'>,
): Promise<Edited> => {
  const { directory, inMemory } = privateDirectory();
  // What mkdtemp has made, with all that the editor has left beside the file.
  const remove = (): void => rmSync(directory, { recursive: true, force: true });
  const forget = whenWeEnd(remove);
  // Ctrl-C is for the editor.
  const stopListening = world.onInterrupt((signal) => {
    if (signal !== 'SIGTERM') return;
    remove();
    world.exit(1);
  });
  try {
    const file = join(directory, name);
    const descriptor = openSync(file, 'wx', 0o600);
    writeSync(descriptor, text);
    closeSync(descriptor);
    const status = await world.edit(file);
    if (status !== 0)
      throw new FcopsError({
        kind: 'usage',
        what:
          status === 127
            ? 'there is no such editor, and nothing was changed'
            : `the editor ended with exit code ${status}, and nothing was changed`,
        next: [{ type: 'edit', text: 'name another one in $EDITOR' }],
      });
    return { text: readFileSync(file, 'utf8'), inMemory };
  } finally {
    try {
      remove();
    } finally {
      forget();
      stopListening();
    }
  }
};

const privateDirectory = (): { readonly directory: string; readonly inMemory: boolean } => {
  try {
    return { directory: mkdtempSync(join(IN_MEMORY, 'fcops-edit-')), inMemory: true };
  } catch {
    return { directory: mkdtempSync(join(tmpdir(), 'fcops-edit-')), inMemory: false };
  }
};
