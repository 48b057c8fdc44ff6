import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeProblem, FcopsError } from '../../../src/core/problem.ts';
import type { Files } from '../../../src/inventory/files.ts';
import { loadClusters } from '../../../src/inventory/load.ts';
import { loadProfiles, profileNamed } from '../../../src/inventory/profiles.ts';
import { savedFactsProblems } from '../../../src/inventory/saved-facts.ts';
import { missingSecrets } from '../../../src/inventory/secrets.ts';
import { nodeFiles } from '../../../src/ops/node-files.ts';

/**
 * Bad files and what is said of them. A case is a directory: `cases/<name>/` is an inventory directory,
 * `profile-cases/<name>/` one of profiles, and `expected.txt` in it is every line that comes out. A new case
 * is a new directory; `npx vitest run --project unit -u cases` writes its expected.txt, to be read with care.
 */

/** The files of a case as if the case were the directory `root`, so that messages hold no path of this machine. */
const filesOf = (directory: string, root: string): Files => {
  const real = (path: string) => join(directory, path.slice(root.length));
  return {
    list: (path) => nodeFiles.list(real(path)),
    read: (path) => nodeFiles.read(real(path)),
    mode: (path) => (nodeFiles.mode(real(path)) === undefined ? undefined : 0o644),
  };
};

const said = (look: () => string): string => {
  try {
    return look();
  } catch (error) {
    if (error instanceof FcopsError) return `${error.problems.map(describeProblem).join('\n')}\n`;
    throw error;
  }
};

const casesIn = (name: string) => {
  const directory = join(import.meta.dirname, name);
  return existsSync(directory)
    ? readdirSync(directory).map((entry) => ({ name: entry, directory: join(directory, entry) }))
    : [];
};

const shipped = loadProfiles(join(import.meta.dirname, '../../../profiles'), nodeFiles);

describe('an inventory directory', () => {
  it.each(casesIn('cases'))('$name', async ({ directory }) => {
    const text = said(() => {
      const files = filesOf(directory, 'inventories');
      // A case may bring profiles of its own.
      const own = existsSync(join(directory, 'profiles'));
      const profiles = own
        ? loadProfiles('profiles', filesOf(join(directory, 'profiles'), 'profiles'))
        : shipped;
      const env = { TOKEN: 'not-a-real-token' };
      const clusters = loadClusters({ inventoryDir: 'inventories', profiles, files, env, home: '/home/op' });
      const problems = clusters.flatMap((cluster) => [
        ...missingSecrets(cluster),
        ...savedFactsProblems(cluster),
      ]);
      return problems.length > 0 ? `${problems.map(describeProblem).join('\n')}\n` : 'no errors\n';
    });
    expect(text).not.toMatch(/hunter2|eyJhbGci|12345678/);
    await expect(text).toMatchFileSnapshot(join(directory, 'expected.txt'));
  });
});

describe('a profile directory', () => {
  it.each(casesIn('profile-cases'))('$name', async ({ directory }) => {
    const text = said(() => {
      const found = loadProfiles('profiles', filesOf(directory, 'profiles'));
      const sound = found.names.filter((name) => found.get(name));
      const broken = found.names.filter((name) => !found.get(name));
      return `${sound.join(' ')}\n${broken.map((name) => said(() => profileNamed(found, name).name)).join('')}`;
    });
    await expect(text).toMatchFileSnapshot(join(directory, 'expected.txt'));
  });
});
