/** Files as nobody means them: what stands in the place of a good one, by chance. */
import fc from 'fast-check';
import { parse, stringify } from 'yaml';

const NAMES_OF_OBJECTS = ['toString', 'constructor', '__proto__', 'hasOwnProperty', 'valueOf', 'length'];
const odd = fc.oneof(
  fc.constantFrom<unknown>(null, true, '', ' ', 0, -1, 1.5, 1e21, -1e21, Number.MAX_SAFE_INTEGER, 2 ** 31),
  fc.constantFrom<unknown>(Number.NaN, Number.POSITIVE_INFINITY, '0x10', '010', '1e3', '~', '<<', '*a', '&a'),
  fc.constantFrom(...NAMES_OF_OBJECTS),
  fc.tuple(fc.constantFrom(...NAMES_OF_OBJECTS), fc.jsonValue()).map(([key, value]) => ({ [key]: value })),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.integer(),
  fc.jsonValue(),
);

/** Every place in a value, as the keys that lead there. */
const placesIn = (value: unknown, path: readonly string[] = []): (readonly string[])[] => [
  path,
  ...(typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, part]) => placesIn(part, [...path, key]))
    : []),
];

const withAt = (value: unknown, [key, ...rest]: readonly string[], part: unknown): unknown => {
  if (key === undefined) return part;
  if (Array.isArray(value))
    return value.map((item, i) => (String(i) === key ? withAt(item, rest, part) : item));
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(
    entries.map(([own, item]) => [own, own === key ? withAt(item, rest, part) : item]),
  );
};

const withoutAt = (value: unknown, [key, ...rest]: readonly string[]): unknown => {
  if (key === undefined || typeof value !== 'object' || value === null) return undefined;
  const kept = Object.entries(value).flatMap(([own, item]) => {
    if (own !== key) return [[own, item]];
    return rest.length === 0 ? [] : [[own, withoutAt(item, rest)]];
  });
  return Array.isArray(value) ? kept.map(([, item]) => item) : Object.fromEntries(kept);
};

/** Good files by their names, which are changed. */
export type GoodFiles = Readonly<Record<string, string>>;

/** One of them with another text. */
export interface OddFile {
  readonly name: string;
  readonly text: string;
}

const nameOf = (good: GoodFiles): fc.Arbitrary<string> => fc.constantFrom(...Object.keys(good));

/** A good file of YAML or JSON with some of its values in place of others, or gone. */
export const changedFile = (good: GoodFiles): fc.Arbitrary<OddFile> => {
  const files = Object.entries(good).map(([name, text]) => {
    const value: unknown = parse(text);
    return { name, value, places: placesIn(value) };
  });
  return fc
    .constantFrom(...files)
    .chain(({ name, value, places }) => {
      const change = fc.record({ path: fc.constantFrom(...places), part: odd, gone: fc.boolean() });
      return fc.record({
        name: fc.constant(name),
        value: fc.constant(value),
        changes: fc.array(change, { minLength: 1, maxLength: 4 }),
      });
    })
    .map(({ name, value, changes }) => ({
      name,
      // Of nothing at all the library makes no text.
      text: `${stringify(
        changes.reduce<unknown>(
          (changed, { path, part, gone }) => (gone ? withoutAt(changed, path) : withAt(changed, path, part)),
          value,
        ),
      )}`,
    }));
};

/** A good text with characters put in, taken out and repeated. */
export const scribbledFile = (good: GoodFiles): fc.Arbitrary<OddFile> =>
  fc
    .record({
      name: nameOf(good),
      at: fc.array(fc.tuple(fc.nat(), fc.nat({ max: 12 }), fc.string({ unit: 'grapheme', maxLength: 6 })), {
        minLength: 1,
        maxLength: 4,
      }),
    })
    .map(({ name, at }) => ({
      name,
      text: at.reduce((text, [place, length, put]) => {
        const from = place % (text.length + 1);
        return text.slice(0, from) + put + text.slice(from + length);
      }, good[name] ?? ''),
    }));

/** Words of YAML in any order, in the place of a good file. */
export const soupOfYaml = (good: GoodFiles): fc.Arbitrary<OddFile> =>
  fc.record({
    name: nameOf(good),
    text: fc
      .array(
        fc.constantFrom(
          ...[
            'hosts',
            'miner',
            'p1',
            'cpu',
            ':',
            ': ',
            '- ',
            '? ',
            '[',
            ']',
            '{',
            '}',
            ',',
            '\n',
            '\n  ',
            '\t',
            '#',
          ],
          ...[
            '&a ',
            '*a',
            '<<: ',
            '!x ',
            '!!int ',
            '|',
            '>',
            '"',
            "'",
            '---\n',
            '...\n',
            '%YAML 1.2\n',
            '0',
            '.inf',
          ],
          ...['：', '，', '\u0000', '\ufeff', '\u202e', '\ud800', '\r'],
        ),
        { maxLength: 60 },
      )
      .map((words) => words.join('')),
  });
