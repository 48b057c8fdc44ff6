import { readdirSync, readFileSync } from 'node:fs';

const root = new URL('../../', import.meta.url);
const below = (folder: string, named: RegExp): string[] =>
  readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
    .filter((path) => named.test(path))
    .map((path) => `${folder}${path}`);

/** Everything of fcops that bash of a host reads, by its path: what is sent, what is installed, and bash in TypeScript. */
export const hostScripts = (): readonly (readonly [string, string])[] =>
  [...below('src/', /\.(sh|ts)$/), ...below('templates/', /\.hbs$/)]
    // Words for people, and completions, which are for the controller's shell.
    .filter((path) => !path.startsWith('src/cli/'))
    .map((path) => [path, readFileSync(new URL(path, root), 'utf8')]);
