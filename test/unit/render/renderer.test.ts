import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { revealedText } from '../../../src/core/content.ts';
import { FcopsError } from '../../../src/core/problem.ts';
import { Secret } from '../../../src/core/secret.ts';
import { quote } from '../../../src/core/shell.ts';
import { createRenderer } from '../../../src/render/renderer.ts';

const rendererOf = (templates: Record<string, string>) =>
  createRenderer(
    new Map(Object.entries(templates).map(([name, text]) => [name, { file: `T/${name}.hbs`, text }])),
  );

const problemOf = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    if (error instanceof FcopsError) return error.problems[0];
    throw error;
  }
  throw new Error('nothing was thrown');
};

describe('what a template prints', () => {
  const cases: [string, Record<string, unknown>, string][] = [
    ['a={{a}} && "b"', { a: '<&"=' }, 'a=<&"= && "b"'],
    ['{{n}} {{flag}}', { n: 0, flag: false }, '0 false'],
    ['{{sh a}} {{sh b}}', { a: "it's $HOME", b: 7 }, `'it'\\''s $HOME' 7`],
    ['{{list cpus}}', { cpus: [8, 9, 40, 0] }, '8,9,40,0'],
    [
      "{{setting e 'A' '1'}} {{setting e 'B' c}} {{setting e 'constructor' 2}}",
      { e: { A: 'x y' }, c: '/z' },
      "'x y' /z 2",
    ],
    ['{{secret token}}', { token: new Secret('t', () => 'a b') }, "'a b'"],
    ['{{sh api}}', { api: new Secret('t', () => 'a b') }, "'a b'"],
    ['{{secret api.token}}:x', { api: { token: new Secret('t', () => 'a b') } }, "'a b':x"],
    [
      '{{#each rows}}{{id}}-{{list cpus}} {{../host}};{{/each}}',
      { host: 'h', rows: [{ id: 1, cpus: [2] }] },
      '1-2 h;',
    ],
    ['{{#each names}}{{this}};{{/each}}', { names: ['a', 'b'] }, 'a;b;'],
    ['{{#if on}}x{{else}}y{{/if}}{{#unless none}}z{{/unless}}', { on: false, none: [] }, 'yz'],
    ['{{> partials/p}}{{#with inner}}{{> partials/p}}{{/with}}', { a: 1, inner: { a: 2 } }, '[1][2]'],
    ['{{a.b}}', Object.freeze({ a: Object.freeze({ b: 1 }) }), '1'],
  ];
  it.each(cases)('%s', async (text, values, expected) => {
    const render = await rendererOf({ t: text, 'partials/p': '[{{a}}]' });
    expect(revealedText(render('t', values), () => 'a b')).toBe(expected);
  });
});

describe('what a template may not do', () => {
  const token = new Secret('token', () => 'very-secret');
  const cases: [string, Record<string, unknown>, number, RegExp][] = [
    ['x\n{{missing}}', { other: 1 }, 2, /the variable "missing" is missing/],
    ['\n\n{{#if missing}}x{{/if}}', {}, 3, /the variable "missing" is missing/],
    ['{{#unless a.missing}}x{{/unless}}', { a: { b: 1 } }, 1, /"a.missing" is missing/],
    ['\n{{#each missing}}x{{/each}}', {}, 2, /"missing" is missing/],
    ['{{#each rows}}\n{{cpus}}{{/each}}', { rows: [{ cpu: 1 }] }, 2, /"rows.0.cpus" is missing/],
    ['{{#with missing}}x{{/with}}', {}, 1, /"missing" is missing/],
    ["{{setting a 'A' '1'}}", { a: 'x' }, 1, /{{setting}} takes a record/],
    ['\n{{sh missing}}', {}, 2, /"missing" is missing/],
    ['{{a}}', { a: undefined }, 1, /"a" is missing/],
    ['{{a}}', { a: null }, 1, /"a" is missing/],
    ['{{a}}', { a: () => 'x' }, 1, /"a" has no printable value/],
    ['{{a}}', { a: Number.NaN }, 1, /"a" has no printable value/],
    ['\n{{a}}', { a: { b: 1 } }, 2, /"a" is a record/],
    ['{{a}}', { a: [1] }, 1, /"a" is a list/],
    ['{{sh a}}', { a: [1] }, 1, /\{\{sh\}\} takes/],
    ['{{list a}}', { a: 1 }, 1, /\{\{list\}\} takes a list/],
    ['{{token}}', { token }, 1, /"token" is a secret/],
    ['{{secret a}}', { a: 'x' }, 1, /takes a secret/],
    ['{{toString}}', {}, 1, /"toString" is missing/],
    ['{{constructor}}', {}, 1, /"constructor" is missing/],
  ];
  it.each(cases)('%s', async (text, values, line, what) => {
    const render = await rendererOf({ t: text });
    const problem = problemOf(() => render('t', values));
    expect(problem?.what).toMatch(what);
    expect(problem?.where).toEqual({ file: 'T/t.hbs', line });
    expect(JSON.stringify(problem)).not.toContain('very-secret');
  });

  it('names the partial, not the template that includes it', async () => {
    const render = await rendererOf({ t: '\n\n{{> partials/p}}', 'partials/p': '\n{{gone}}' });
    expect(problemOf(() => render('t', {}))?.where).toEqual({ file: 'T/partials/p.hbs', line: 2 });
  });

  it('suggests the name that was meant', async () => {
    const render = await rendererOf({ t: '{{adress}}' });
    expect(JSON.stringify(problemOf(() => render('t', { address: 'x' }))?.next)).toMatch('address');
    expect(problemOf(() => render('t', {}))?.next).toEqual([
      expect.objectContaining({ text: 'this template has none' }),
    ]);
  });

  it.each([
    ['an unknown helper', '\n{{shell a}}', /shell/],
    ['a block that is not closed', '{{#if a}}\nx', /Parse error|if/],
    ['an unknown partial', '{{> partials/none}}', /partials\/none/],
  ])('says where %s is', async (_, text, why) => {
    const render = await rendererOf({ t: text });
    const problem = problemOf(() => render('t', { a: 1 }));
    expect(problem?.where?.file).toBe('T/t.hbs');
    expect(`${problem?.what} ${problem?.why}`).toMatch(why);
  });

  it('asks for a template that there is', async () => {
    const render = await rendererOf({ 'p1/profile': '' });
    expect(JSON.stringify(problemOf(() => render('p1/profil', {}))?.next)).toMatch('p1/profile');
  });
});

describe('secrets', () => {
  const value = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'));

  it('come in later, as one shell word, and are in nothing that a template gives', async () => {
    const render = await rendererOf({
      t: 'export T={{secret token}}:{{sh api}}\n{{#each rows}}{{this}}{{/each}}',
    });
    fc.assert(
      fc.property(value, value, fc.array(value, { maxLength: 3 }), (secret, api, rows) => {
        const token = new Secret('env TOKEN', () => secret);
        const content = render('t', { token, api, rows });
        expect(content[1]).toEqual({ secret: 'env TOKEN', as: 'shell' });
        expect(revealedText(content, () => secret)).toBe(
          `export T=${quote(secret)}:${quote(api)}\n${rows.join('')}`,
        );
      }),
    );
  });

  it('cannot be made up by a value or a template', async () => {
    const render = await rendererOf({ t: '{{a}}', bad: 'x\n\0env TOKEN\0' });
    expect(problemOf(() => render('t', { a: '\0env TOKEN\0' }))?.what).toMatch('no printable value');
    expect(problemOf(() => render('bad', {}))).toMatchObject({
      what: 'there is a zero byte in this text',
      where: { file: 'T/bad.hbs', line: 2 },
    });
  });
});
