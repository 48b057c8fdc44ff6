// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is bash.
import { describe, expect, it } from 'vitest';
import { hostScripts } from '../../support/host-scripts.ts';
import { broken, COREUTILS_RULES } from '../../support/old-shell.ts';

it('what hosts run needs no coreutils newer than 8.22', () => {
  const wrong = hostScripts()
    .filter(([path]) => !path.endsWith('.ts'))
    .flatMap(([path, text]) => broken(text, COREUTILS_RULES).map((one) => `${path}:${one}`));
  expect(wrong).toEqual([]);
});

describe.each(COREUTILS_RULES.map((rule) => [rule.what, rule] as const))('%s', (_, rule) => {
  it.each(rule.bad)('is found: %s', (line) => {
    expect(broken(line, [rule])).toHaveLength(1);
  });

  it.each(rule.good)('is not: %s', (line) => {
    expect(broken(line, [rule])).toEqual([]);
  });
});
