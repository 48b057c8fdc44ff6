import fc from 'fast-check';
import { expect, it } from 'vitest';
import { escapeUnseen, jsonText } from '../../../src/core/invisible.ts';

const unseen = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]/u;

it('writes what turns a line around as JSON does', () => {
  expect(escapeUnseen('admin\u202egnp.exe\u0007')).toBe('admin\\u202egnp.exe\\u0007');
  expect(escapeUnseen('\u{e0041}')).toBe('\\udb40\\udc41');
});

it('gives JSON in which nothing is unseen, and that says the same', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', '"', '\\', '\n', '\u009b', '\u202e', '\u2067', '中', '\u{e0041}'),
  });
  fc.assert(
    fc.property(
      fc.record({ name: text, list: fc.array(text) }),
      fc.constantFrom(undefined, 2),
      (value, indent) => {
        const json = jsonText(value, indent);
        expect(JSON.parse(json)).toEqual(value);
        expect(json.split('\n').some((line) => unseen.test(line))).toBe(false);
      },
    ),
  );
});
