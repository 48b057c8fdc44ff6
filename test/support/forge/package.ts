import { hash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { inject } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The package of fcops as `npm pack` would make it, with the program of this test run in it. */
export interface FcopsPackage {
  readonly url: string;
  readonly sha256: string;
}

export const packFcops = async (top: string): Promise<FcopsPackage> => {
  const directory = join(top, 'pack/package');
  mkdirSync(directory, { recursive: true });
  for (const name of ['package.json', 'templates', 'profiles', 'inventories', 'man'])
    cpSync(join(root, name), join(directory, name), { recursive: true });
  cpSync(dirname(inject('fcops')), join(directory, 'dist'), { recursive: true });
  const file = join(top, 'fcops.tgz');
  await execa('tar', ['-czf', file, '-C', join(top, 'pack'), 'package']);
  return { url: `file://${file}`, sha256: hash('sha256', readFileSync(file)) };
};
