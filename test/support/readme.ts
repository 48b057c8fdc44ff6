import { schemaTable } from '../../src/inventory/schema-table.ts';

const BEGIN = '<!-- inventory-keys:begin (made by `npm run docs`) -->';
const END = '<!-- inventory-keys:end -->';

/** The README with the table of inventory keys as the schema has it. Throws where its marks are missing. */
export const withInventoryKeys = (readme: string): string => {
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`README.md lacks ${BEGIN} … ${END}`);
  return `${readme.slice(0, begin + BEGIN.length)}\n${schemaTable('inventory').trim()}\n${readme.slice(end)}`;
};
