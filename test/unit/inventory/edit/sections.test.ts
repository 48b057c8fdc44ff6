import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withSections } from '../../../../src/inventory/edit/sections.ts';
import { NEEDED_KEYS, startingSections } from '../../../../src/inventory/starting-file.ts';
import { readYaml } from '../../../../src/inventory/yaml-file.ts';

const FILE = 'inventories/f0494733.yaml';
const START = { miner: 'f0494733', roles: ['p1', 'c2'], profiles: ['amd-7532'] } as const;
const SECTIONS = startingSections(START);

/** Parts of a file as people write them, by the key that they have. */
const PARTS: readonly (readonly [key: string, text: string])[] = [
  ['miner', 'miner: f0494733 # ours'],
  ['sectorSize', '"sectorSize": 64GiB'],
  ['api', "'api' : { from: miner }"],
  ['versions', 'versions:\n     p1:   1.11.1-a # old\n\n# not:\n#   c2: 1'],
  ['artifacts', 'artifacts: { url: "http://a.example.com",\n  sha256: { } }'],
  ['os', 'os: &os debian-12'],
  ['hosts', 'hosts:\n- { name: p1-50, address: 10.0.0.50, roles: [p1], profile: amd-7532, os: debian-12 }'],
];

const files = fc
  .record({
    parts: fc.subarray([...PARTS]),
    indent: fc.constantFrom('', '  '),
    begin: fc.constantFrom('', '# mine\n', '---\n', '# yaml-language-server: x\n\n'),
    end: fc.constantFrom('', '\n', '\n\n\n', '\n# the end', '\n  # the end\n'),
    crlf: fc.boolean(),
    mark: fc.boolean(),
  })
  .map(({ parts, indent, begin, end, crlf, mark }) => {
    const lines = parts.flatMap(([, text]) => text.split('\n')).map((line) => indent + line);
    // Of an indented first line after the mark the YAML library makes another column.
    const text = `${mark && indent === '' ? '\ufeff' : ''}${begin}${lines.join('\n')}${end}`;
    return { keys: parts.map(([key]) => key), text: crlf ? text.replaceAll('\n', '\r\n') : text };
  });

describe('withSections', () => {
  it('adds what is missing behind all that is there, which stays as it is', () => {
    fc.assert(
      fc.property(files, ({ keys, text }) => {
        const made = withSections(FILE, text, SECTIONS);
        if (!made.ok) throw new Error(JSON.stringify(made.error));
        const missing = NEEDED_KEYS.filter((key) => !keys.includes(key));
        expect(made.value.added).toEqual(missing);
        expect(made.value.text.startsWith(text)).toBe(true);
        if (missing.length === 0) expect(made.value.text).toBe(text);
        const now = readYaml(FILE, made.value.text);
        expect(now.problems).toEqual([]);
        expect(Object.keys(Object(now.value))).toEqual([...keys, ...missing]);
        expect(now.value).toMatchObject(Object(readYaml(FILE, text).value));
        if (text.includes('\r\n')) expect(made.value.text.replaceAll('\r\n', '')).not.toContain('\n');
      }),
      { numRuns: 200 },
    );
  });

  it('says what to add by hand where the way of writing is another one', () => {
    for (const text of [
      '{ "miner": "f0494733", "sectorSize": "64GiB" }\n',
      'miner: f0494733\n...\n',
      'miner: f0494733\nnote: |+\n  a\n\n',
    ])
      expect([text, withSections(FILE, text, SECTIONS)]).toEqual([
        text,
        {
          ok: false,
          error: [
            expect.objectContaining({
              what: expect.stringMatching(/`versions`.* are missing, and not written into the file/),
              next: [{ type: 'edit', text: expect.stringContaining('\nhosts:\n') }],
            }),
          ],
        },
      ]);
  });

  it('leaves what is no cluster file, and one that cannot be read', () => {
    expect(withSections(FILE, 'mine', SECTIONS)).toMatchObject({
      error: [{ what: 'this is no cluster file, so it stays as it is' }],
    });
    expect(withSections(FILE, '- a\n', SECTIONS).ok).toBe(false);
    expect(withSections(FILE, 'a: [', SECTIONS).ok).toBe(false);
    expect(withSections(FILE, 'a: 1\na: 2\n', SECTIONS).ok).toBe(false);
  });
});
