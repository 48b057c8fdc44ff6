import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const user = z.object({ login: z.string() });
const storeSchema = z.object({
  comments: z.array(z.object({ id: z.int(), body: z.string(), user })),
  issues: z.array(
    z.object({
      number: z.int(),
      iid: z.int(),
      title: z.string(),
      body: z.string(),
      state: z.enum(['open', 'closed']),
      user,
    }),
  ),
  /** Every request that changed something: `POST issues`. */
  changes: z.array(z.string()),
});

/** What a forge keeps: comments of the request at hand (GitLab: notes), and issues. */
export type ForgeStore = z.infer<typeof storeSchema>;

/** `gh` and `curl` as a forge would answer them, which keep what they are told. */
export interface ForgePrograms {
  /** Before all others on the PATH of what runs. */
  readonly directory: string;
  readonly store: () => ForgeStore;
  /** The arguments of every call of the API. */
  readonly calls: () => readonly (readonly string[])[];
}

/** The token that GitLab's API takes. */
export const GITLAB_TOKEN = 'glpat-made-up-and-good-for-nothing';

/** Makes them in a directory below `top`, with a forge that keeps this. */
export const makeForgePrograms = (
  top: string,
  kept: Partial<Pick<ForgeStore, 'comments' | 'issues'>> = {},
): ForgePrograms => {
  const directory = join(top, 'forge');
  mkdirSync(directory, { recursive: true });
  const [store, calls] = [join(directory, 'store.json'), join(directory, 'calls')];
  writeFileSync(store, JSON.stringify({ comments: [], issues: [], changes: [], ...kept }));
  writeFileSync(calls, '');
  const program = (name: string): void => {
    const line = [process.execPath, join(import.meta.dirname, `${name}.mjs`), directory];
    writeFileSync(join(directory, name), `#!/bin/sh\nexec ${line.join(' ')} "$@"\n`, { mode: 0o755 });
  };
  writeFileSync(join(directory, 'token'), GITLAB_TOKEN);
  program('gh');
  program('curl');
  return {
    directory,
    store: () => storeSchema.parse(JSON.parse(readFileSync(store, 'utf8'))),
    calls: () =>
      readFileSync(calls, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => z.array(z.string()).parse(JSON.parse(line))),
  };
};
