import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { schemaTable } from '../../src/inventory/schema-table.ts';
import { withInventoryKeys } from '../support/readme.ts';

test('the README documents every key of an inventory file (else: npm run docs)', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  expect(readme).toBe(withInventoryKeys(readme));
});

test('the README in Chinese has every key of an inventory file, its commands and its sections', () => {
  const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
  const chinese = read('README.zh-CN.md');
  const keys = [...schemaTable('inventory').matchAll(/^\| (`[^`]+`(?: \*)?) \|/gm)].map(
    ([, key = '']) => key,
  );
  expect(keys.length).toBeGreaterThan(40);
  expect(keys.filter((key) => !chinese.includes(`| ${key} |`))).toEqual([]);
  const rows = (text: string) => text.match(/^\| .*`fcops /gm)?.length;
  expect(rows(chinese)).toBe(rows(read('README.md')));
  // The safety of it is a section of its own there.
  const sections = (text: string) => text.match(/^##+ /gm)?.length ?? 0;
  expect(sections(chinese)).toBe(sections(read('README.md')) + 1);
});
