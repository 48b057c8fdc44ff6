import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { withInventoryKeys } from '../support/readme.ts';

test('the README documents every key of an inventory file (else: npm run docs)', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  expect(readme).toBe(withInventoryKeys(readme));
});
