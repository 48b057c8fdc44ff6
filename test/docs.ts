/**
 * `npm run docs` writes what follows from schemas and tables: the layers and their rules, the schema of the examples, and
 * from the help: the pages of docs/ and the man page.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { inventorySchemaText } from '../src/inventory/schema.ts';
import { SCHEMA_FILE } from '../src/inventory/starting-file.ts';
import { between } from './support/between.ts';
import { layerTable, linterRules } from './support/layers.ts';
import { manPage } from './support/manual/man-page.ts';
import { docsPages } from './support/manual/pages.ts';

const root = new URL('../', import.meta.url);
const change = (name: string, how: (text: string) => string): void => {
  const file = new URL(name, root);
  writeFileSync(file, how(readFileSync(file, 'utf8')));
};

change('ARCHITECTURE.md', (text) => between(text, 'layers', layerTable()));
writeFileSync(new URL('biome.layers.json', root), linterRules());
writeFileSync(new URL(`inventories/${SCHEMA_FILE}`, root), inventorySchemaText());

/** A folder in which all files are made; what lies in folders below it is written by hand. */
const made = (folder: string): URL => {
  const at = new URL(`${folder}/`, root);
  mkdirSync(at, { recursive: true });
  for (const entry of readdirSync(at, { withFileTypes: true }))
    if (entry.isFile()) rmSync(new URL(entry.name, at));
  return at;
};
const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
const [docs, man] = [made('docs'), made('man')];
for (const [name, text] of docsPages()) writeFileSync(new URL(name, docs), text);
writeFileSync(new URL('fcops.1', man), manPage(version));
