import fc from 'fast-check';
import { getStaticTOMLValue, parseTOML } from 'toml-eslint-parser';
import { describe, expect, it } from 'vitest';
import type { TomlKey } from '../../../src/resources/toml/edit-toml.ts';
import { spliced, tomlEdits } from '../../../src/resources/toml/edit-toml.ts';

const edited = (text: string, ...keys: readonly TomlKey[]): string => {
  const edits = tomlEdits(text, keys);
  if (!edits.ok) throw new Error(edits.error.message);
  return spliced(text, edits.value);
};
const key = (path: string, value: TomlKey['value']): TomlKey => ({ path: path.split('.'), value });

describe('a key of a TOML file', () => {
  it.each<[string, string, TomlKey, string]>([
    [
      'has its value replaced, and nothing else of its line',
      '[API]\n  ListenAddress =  "/ip4/127.0.0.1/tcp/1234/http"  # by hand\n',
      key('API.ListenAddress', '/ip4/10.0.0.1/tcp/1234/http'),
      '[API]\n  ListenAddress =  "/ip4/10.0.0.1/tcp/1234/http"  # by hand\n',
    ],
    ['of the same value stays as it is written', "[A]\nb = '''x'''\n", key('A.b', 'x'), "[A]\nb = '''x'''\n"],
    ['is a number, whatever its digits look like', '[A]\nb = 1_000\n', key('A.b', 1000), '[A]\nb = 1_000\n'],
    ['of another type is replaced', '[A]\nb = "true"\n', key('A.b', true), '[A]\nb = true\n'],
    [
      'comes behind the default that lotus shows',
      '# Default config:\n[API]\n#  ListenAddress = "/ip4/127.0.0.1/tcp/1234/http"\n#  Timeout = "30s"\n\n[Backup]\n#  DisableMetadataLog = false\n#\n',
      key('API.ListenAddress', 'x'),
      '# Default config:\n[API]\n#  ListenAddress = "/ip4/127.0.0.1/tcp/1234/http"\n  ListenAddress = "x"\n#  Timeout = "30s"\n\n[Backup]\n#  DisableMetadataLog = false\n#\n',
    ],
    [
      'comes behind the last of its table, as they are indented',
      '[A]\n\tb = 1 # one\n\n# of C\n[C]\n',
      key('A.d', 2),
      '[A]\n\tb = 1 # one\n\td = 2\n\n# of C\n[C]\n',
    ],
    ['comes at the end of a text without a line end', '[A]', key('A.b', 1), '[A]\n  b = 1'],
    ['keeps the line ends of the text', '[A]\r\nb = 1\r\n', key('A.c', 2), '[A]\r\nb = 1\r\nc = 2\r\n'],
    [
      'comes in a new table at the end',
      '[Fees]\n  MaxCommitGasFee = "1 FIL"',
      key('Fees.MaxCommitBatchGasFee.Base', '0 FIL'),
      '[Fees]\n  MaxCommitGasFee = "1 FIL"\n[Fees.MaxCommitBatchGasFee]\n  Base = "0 FIL"\n',
    ],
    [
      'is found in other case, as lotus finds it',
      '[api]\nlistenaddress = "a"\n',
      key('API.ListenAddress', 'b'),
      '[api]\nlistenaddress = "b"\n',
    ],
    ['is found with dots', 'A.b = 1\n', key('A.b', 2), 'A.b = 2\n'],
    ['comes beside one with dots', 'A.b = 1\n[C]\n', key('A.d', 2), 'A.b = 1\nA.d = 2\n[C]\n'],
    ['comes into a table in braces', 'A = { b = 1 }\n', key('A.d', 2), 'A = { b = 1, d = 2 }\n'],
    ['comes into empty braces', '[Z]\nA = {}\n', key('Z.A.d', 2), '[Z]\nA = { d = 2 }\n'],
    [
      'is not taken for what a text of several lines says',
      '[A]\nb = """\n[C]\nd = 1\n"""\n',
      key('C.d', 2),
      '[A]\nb = """\n[C]\nd = 1\n"""\n[C]\n  d = 2\n',
    ],
    [
      'takes no comment within a list for its default',
      '[A]\nb = [\n  1, # d = 3\n  2,\n]\n',
      key('A.d', 2),
      '[A]\nb = [\n  1, # d = 3\n  2,\n]\nd = 2\n',
    ],
  ])('%s', (_, before, wanted, after) => {
    expect(edited(before, wanted)).toBe(after);
    expect(edited(after, wanted)).toBe(after);
  });

  it('comes with others of its new table, in order', () => {
    expect(edited('', key('A.b', 1), key('C.d', 'x"\\'), key('A.e', true))).toBe(
      '[A]\n  b = 1\n  e = true\n[C]\n  d = "x\\"\\\\"\n',
    );
  });

  it.each<[string, string, TomlKey, RegExp]>([
    ['no TOML', '[A]\nb == 1\n', key('A.b', 1), /./],
    [
      'the same key in two ways of writing',
      '[A]\nb = 1\nB = 2\n',
      key('A.b', 1),
      /A\.b is there twice, in lines 2 and 3/,
    ],
    ['a value where a table is wanted', 'A = 1\n', key('A.b', 1), /cannot be put beside what is there/],
    ['a list of tables', '[[A]]\nb = 1\n', key('A.b', 1), /cannot be put beside what is there/],
  ])('is not set in %s', (_, text, wanted, message) => {
    const edits = tomlEdits(text, [wanted]);
    expect(edits.ok ? '' : edits.error.message).toMatch(message);
  });
});

/** Files with much of what TOML has, and now and then a key that is ours. */
const NAMES = ['ListenAddress', 'Base', 'Own', '"quoted key"', 'other-1'];
const value = fc.constantFrom(
  '1',
  '0x1F',
  '"a # b"',
  "'''\n[API]\nBase = 1\n'''",
  '[1, # Base = 2\n 2]',
  '{ x = 1 }',
  'true',
  '1979-05-27T07:32:00Z',
  '1.5',
);
const blanks = fc.constantFrom('', ' ', '\t', '    ');
const comment = fc.constantFrom('', '# Base = "x"', '#  ListenAddress = "/ip4/…"', '# ü 中', '#');
const pair = fc
  .tuple(blanks, fc.constantFrom(...NAMES), blanks, value, blanks, comment)
  .map(([a, name, b, own, c, d]) => ({ name, line: `${a}${name}${b}=${b}${own}${c}${d}` }));
const body = fc
  .uniqueArray(pair, { selector: ({ name }) => name, maxLength: 4 })
  .chain((pairs) => fc.tuple(fc.constant(pairs.map(({ line }) => line)), fc.array(comment, { maxLength: 3 })))
  .map(([lines, comments]) => [...comments, ...lines]);
const toml = fc
  .tuple(
    fc.uniqueArray(fc.constantFrom('API', 'Fees', 'Fees.Batch', 'Storage', '"x y"'), { maxLength: 5 }),
    fc.array(body, { minLength: 6, maxLength: 6 }),
    fc.constantFrom('\n', '\r\n'),
    fc.boolean(),
  )
  .map(([headers, bodies, eol, ended]) => {
    const tables = headers.map((header, index) => [`[${header}]`, ...(bodies[index] ?? [])].join('\n'));
    const text = [...(bodies[5] ?? []).map((line) => line.replaceAll('Base', 'Top')), ...tables].join('\n');
    return `${text}${ended && text !== '' ? '\n' : ''}`.replaceAll('\n', eol);
  });
const OWNED: readonly TomlKey[] = [
  key('API.ListenAddress', '/ip4/10.0.0.1/tcp/1234/http'),
  key('API.Base', 31),
  key('Fees.Own', true),
  key('Fees.Batch.Base', '0 FIL'),
];
const isOwned = (path: readonly string[]) => OWNED.some((own) => own.path.join('.') === path.join('.'));

/** All values of a file by their paths, but those that are ours. */
const othersOf = (text: string): string[] => {
  const walk = (part: unknown, path: readonly string[]): string[] => {
    if (isOwned(path)) return [];
    return typeof part === 'object' && part !== null && !Array.isArray(part) && !(part instanceof Date)
      ? Object.entries(part).flatMap(([name, inner]) => walk(inner, [...path, name]))
      : [`${path.join('.')}=${String(part)}`];
  };
  return walk(getStaticTOMLValue(parseTOML(text)), []).toSorted();
};

describe('whatever a file holds', () => {
  const good = toml.filter((text) => tomlEdits(text, OWNED).ok);

  it('most of the samples can be edited', () => {
    const all = fc.sample(toml, 200);
    expect(all.filter((text) => tomlEdits(text, OWNED).ok).length).toBeGreaterThan(100);
  });

  it('all but what is ours stays byte for byte', () => {
    fc.assert(
      fc.property(good, (before) => {
        const edits = tomlEdits(before, OWNED);
        if (!edits.ok) return;
        // What goes is a value of ours and nothing else; all that is outside of the splices stays as it is.
        for (const { start, end } of edits.value) {
          if (start === end) continue;
          const name = /([\w-]+)"?\s*=\s*$/.exec(before.slice(0, start))?.[1] ?? '';
          expect(OWNED.some(({ path }) => path.at(-1) === name)).toBe(true);
        }
        const after = spliced(before, edits.value);
        expect(othersOf(after)).toEqual(othersOf(before));
        const comments = (text: string) => parseTOML(text).comments.map(({ value: said }) => said);
        const gone = edits.value.flatMap(({ start, end }) =>
          start === end ? [] : [before.slice(start, end)],
        );
        const kept = comments(before).filter((said) => !gone.some((part) => part.includes(`#${said}`)));
        const then = comments(after);
        for (const said of kept) expect(then.splice(then.indexOf(said), 1)).toEqual([said]);
      }),
    );
  });

  it('twice is the same as once', () => {
    fc.assert(
      fc.property(good, (before) => {
        const once = edited(before, ...OWNED);
        expect(tomlEdits(once, OWNED)).toEqual({ ok: true, value: [] });
      }),
    );
  });

  it('nothing makes it throw', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'grapheme' }),
          toml.map((text) => text.slice(0, text.length / 2)),
        ),
        (text) => {
          tomlEdits(text, OWNED);
        },
      ),
    );
  });
});
