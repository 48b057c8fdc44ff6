import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FcopsPackage } from './package.ts';

/** Where the recipes are. */
export const RECIPES = fileURLToPath(new URL('../../../docs/ci', import.meta.url));

export const recipe = (name: string): string => readFileSync(join(RECIPES, name), 'utf8');

/** The two values that whoever takes a recipe puts in place: where the package is, and its sum. */
const withPackage = (text: string, { url, sha256 }: FcopsPackage): string => {
  const [example, sum] = ['https://artifacts.example.com/fcops-0.1.0.tgz', '0'.repeat(64)];
  if (!text.includes(example) || !text.includes(sum)) throw new Error('the recipe has another example');
  return text.replace(example, url).replace(sum, sha256);
};

/** Puts the recipes into a repository, as whoever takes them does. */
export const putRecipes = (directory: string, fcops: FcopsPackage): void => {
  mkdirSync(join(directory, '.github/workflows'), { recursive: true });
  for (const name of ['plan', 'apply', 'drift'])
    cpSync(join(RECIPES, `github/${name}.yml`), join(directory, `.github/workflows/${name}.yml`));
  mkdirSync(join(directory, '.github/actions/fcops'), { recursive: true });
  const action = 'actions/fcops/action.yml';
  writeFileSync(join(directory, '.github', action), withPackage(recipe(`github/${action}`), fcops));
  writeFileSync(join(directory, '.gitlab-ci.yml'), withPackage(recipe('gitlab/.gitlab-ci.yml'), fcops));
};
