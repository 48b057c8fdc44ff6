import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

/** Newer than any other: util-linux breaks a bash-completion before 1:2.11. */
export const EMPTY_VERSION = '99:1.0-1';

const control = (name: string): string => `Package: ${name}
Version: ${EMPTY_VERSION}
Architecture: all
Maintainer: fcops <fcops@example.com>
Description: empty package for tests
`;

const buildEmpty = async (directory: string, name: string): Promise<void> => {
  const tree = await mkdtemp(join(tmpdir(), 'fcops-package-'));
  try {
    await mkdir(join(tree, 'DEBIAN'), { mode: 0o755 });
    await writeFile(join(tree, 'DEBIAN/control'), control(name));
    await execa('dpkg-deb', [
      '--root-owner-group',
      '-Zgzip',
      '-b',
      tree,
      join(directory, `${name}_1.0-1_all.deb`),
    ]);
  } finally {
    await rm(tree, { recursive: true, force: true });
  }
};

const entry = async (directory: string, file: string): Promise<string> => {
  const body = await readFile(join(directory, file));
  const { stdout } = await execa('dpkg-deb', ['-f', join(directory, file)]);
  const digest = createHash('sha256').update(body).digest('hex');
  return `${stdout}\nFilename: ./${file}\nSize: ${body.length}\nSHA256: ${digest}\n`;
};

/**
 * Makes a repository for apt of the .deb files in `directory`, with an empty package of each of the names
 * besides: `deb [trusted=yes] file:DIRECTORY ./`.
 */
export const writePackages = async (directory: string, empty: readonly string[]): Promise<void> => {
  for (const name of empty) await buildEmpty(directory, name);
  const files = (await readdir(directory)).filter((name) => name.endsWith('.deb')).sort();
  const entries = await Promise.all(files.map((file) => entry(directory, file)));
  await writeFile(join(directory, 'Packages'), entries.join('\n'));
};
