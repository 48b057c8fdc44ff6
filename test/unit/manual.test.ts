import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../src/cli/exit.ts';
import { ENVIRONMENT, EXIT_CODES } from '../../src/cli/help.ts';
import { sources } from '../support/layers.ts';
import { describedProgram } from '../support/manual/commands.ts';
import { manPage } from '../support/manual/man-page.ts';
import { docsPages } from '../support/manual/pages.ts';

const root = join(import.meta.dirname, '../..');
const read = (name: string): string => readFileSync(join(root, name), 'utf8');
const { version, man, files } = JSON.parse(read('package.json'));

describe('docs/ and the man page (else: npm run docs)', () => {
  it('are what follows from the help', () => {
    const pages = docsPages();
    const files = readdirSync(join(root, 'docs'), { withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.map(({ name }) => name).sort()).toEqual([...pages.keys()].sort());
    for (const [name, text] of pages) expect([name, read(`docs/${name}`)]).toEqual([name, text]);
    expect(read('man/fcops.1')).toBe(manPage(version));
  });

  it('are in the package, and npm knows the man page', () => {
    // npm links what a list names, and passes over a single text.
    expect(man).toEqual(['man/fcops.1']);
    expect(files).toEqual(expect.arrayContaining(['man', 'docs']));
  });

  it('lead to pages that there are', () => {
    for (const [name, text] of docsPages())
      for (const { 1: link = '' } of text.matchAll(/\]\(([^)#]+)[^)]*\)/g))
        expect([name, link, existsSync(join(root, 'docs', link))]).toEqual([name, link, true]);
  });

  it('tell every command, exit code and environment variable', () => {
    const page = read('man/fcops.1');
    for (const { path } of describedProgram().commands) expect(page).toContain(`.SS fcops ${path}\n`);
    expect(EXIT_CODES.map(([code]) => Number(code))).toEqual(Object.values(EXIT));
    const told = new Set(ENVIRONMENT.map(([name]) => name));
    const used = sources().flatMap(({ path }) => [
      ...read(`src/${path}`).matchAll(/\b(?:process\.)?env\.([A-Z_]+)/g),
    ]);
    const untold = used.map(([, name = '']) => name).filter((name) => !told.has(name));
    // Put in by the bundler.
    expect(new Set(untold)).toEqual(new Set(['FCOPS_VERSION', 'FCOPS_BUILD']));
  });

  it('are roff in which nothing is broken', () => {
    const page = manPage(version);
    // A line that begins with a dot is a request: only these are meant.
    const requests = page.match(/^\.\S+/gm) ?? [];
    expect(new Set(requests)).toEqual(
      new Set(['.TH', '.SH', '.SS', '.B', '.BR', '.I', '.PP', '.TP', '.RS', '.RE', '.nf', '.fi']),
    );
    expect(page).toMatch(/^[ -~\n]*$/);
    expect(page).not.toMatch(/^'/m);
  });
});
