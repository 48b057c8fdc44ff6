/** `npm run docs` writes what the README says about inventory files from their schema. */
import { readFileSync, writeFileSync } from 'node:fs';
import { withInventoryKeys } from './support/readme.ts';

const file = new URL('../README.md', import.meta.url);
writeFileSync(file, withInventoryKeys(readFileSync(file, 'utf8')));
