/** `npm run docs` writes what follows from schemas and tables: the README's keys, the layers and their rules, the schema of the examples. */
import { readFileSync, writeFileSync } from 'node:fs';
import { inventorySchemaText } from '../src/inventory/schema.ts';
import { SCHEMA_FILE } from '../src/inventory/starting-file.ts';
import { layerTable, linterRules } from './support/layers.ts';
import { between, withInventoryKeys } from './support/readme.ts';

const root = new URL('../', import.meta.url);
const change = (name: string, how: (text: string) => string): void => {
  const file = new URL(name, root);
  writeFileSync(file, how(readFileSync(file, 'utf8')));
};

change('README.md', withInventoryKeys);
change('ARCHITECTURE.md', (text) => between(text, 'layers', layerTable()));
writeFileSync(new URL('biome.layers.json', root), linterRules());
writeFileSync(new URL(`inventories/${SCHEMA_FILE}`, root), inventorySchemaText());
