// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is bash.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RECIPES } from '../../support/forge/recipes.ts';
import { hostScripts } from '../../support/host-scripts.ts';
import { BASH_RULES, broken, maybeEmpty } from '../../support/old-shell.ts';

const scripts = hostScripts();
const isBash = (path: string): boolean => !path.endsWith('.ts');

describe('what hosts run needs no bash newer than 4.2', () => {
  it('in any script or template, nor in bash that TypeScript writes', () => {
    expect(scripts.length).toBeGreaterThan(50);
    const wrong = scripts.flatMap(([path, text]) => broken(text, BASH_RULES).map((one) => `${path}:${one}`));
    expect(wrong).toEqual([]);
  });

  it('and spells out no array that may be empty', () => {
    const wrong = scripts
      .filter(([path]) => isBash(path))
      .flatMap(([path, text]) => maybeEmpty(text).map((one) => `${path}:${one}`));
    expect(wrong).toEqual([]);
  });
});

it('a hook runs where people write, macOS with its bash 3.2 among it: it needs no newer one', () => {
  const hook = readFileSync(join(RECIPES, 'pre-commit'), 'utf8');
  expect([...broken(hook, BASH_RULES), ...maybeEmpty(hook)]).toEqual([]);
});

describe.each(BASH_RULES.map((rule) => [rule.what, rule] as const))('%s', (_, rule) => {
  it.each(rule.bad)('is found: %s', (line) => {
    expect(broken(line, [rule])).toHaveLength(1);
  });

  it.each(rule.good)('is not: %s', (line) => {
    expect(broken(line, [rule])).toEqual([]);
  });
});

describe('an array that may be empty', () => {
  it.each([
    'local -a names=()\nls "${names[@]}"',
    'for name in "${names[@]}"; do ls; done',
    'set -- "${names[@]:1}"',
    '[[ -z $1 ]] || names+=(a)\nls "${names[*]}"',
  ])('is found: %s', (script) => {
    expect(maybeEmpty(script)).toHaveLength(1);
  });

  it.each([
    'ls ${names[@]+"${names[@]}"}',
    'echo "${names[*]-}"',
    '[[ ${#names[@]} -gt 0 ]] || return 0\nls "${names[@]}"',
    'names=(a b)\nls "${names[@]}"',
    'for name; do names+=(-p "$name"); done\nls "${names[@]}"',
    'echo "${!names[@]}" "$@" "${#names[@]}"',
    '# ls "${names[@]}"',
  ])('is not: %s', (script) => {
    expect(maybeEmpty(script)).toEqual([]);
  });
});
