import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { AREAS, RULE_NAMES, RULES } from '../../../../src/ops/check/finding.ts';
import { repository } from '../../inventory/support.ts';

it('every area has rules', () => {
  expect(new Set(RULE_NAMES.map((rule) => RULES[rule].area))).toEqual(new Set(AREAS));
});

it.each(['docs/guide/review.md', 'docs/guide/zh-CN/review.md'])('%s tells every rule at its area', (name) => {
  const page = readFileSync(join(repository, name), 'utf8');
  for (const area of AREAS) {
    const row = new RegExp(`^\\| ${area} \\| (.*) \\|$`, 'm').exec(page)?.[1] ?? '';
    const told = RULE_NAMES.filter((rule) => row.includes(`\`${rule}\``));
    expect([area, told]).toEqual([area, RULE_NAMES.filter((rule) => RULES[rule].area === area)]);
  }
});
