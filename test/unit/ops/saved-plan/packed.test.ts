import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, Own } from '../../../../src/ops/saved-plan/packed.ts';
import { pack, unpacker } from '../../../../src/ops/saved-plan/packed.ts';

/** Through JSON, as a file has it. */
const back = (all: readonly Own[]): Json[] => {
  const { common, values } = JSON.parse(JSON.stringify(pack(all)));
  const { read } = unpacker(common);
  return all.map(({ words }, index) => read(values[index], words));
};

const value: fc.Arbitrary<Json> = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(
      '',
      '§',
      '§a',
      '$',
      'the host 192.168.10.50 of 192.168.10.5',
      'a text that is long enough',
    ),
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('json')),
    fc.dictionary(
      fc.oneof(fc.constantFrom('$', '$$', '$a', '§', '192.168.10.5', '1'), fc.string()),
      tie('json'),
    ),
  ),
})).json;
const words = fc.constantFrom<Own['words']>(
  {},
  { a: '192.168.10.5' },
  { a: '192.168.10.50', n: 'p1-50', d: '192-168-10-50' },
  { a: 'text', n: '§§§§' },
);

describe('packed values', () => {
  it('come back as they were, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ value, words })), (all) => {
        expect(back(all)).toEqual(all.map((one) => JSON.parse(JSON.stringify(one.value))));
      }),
      { numRuns: 300 },
    );
  });

  it('have once what is alike but for the words of each', () => {
    const all = Array.from({ length: 500 }, (_, index) => {
      const a = `192.168.${index >> 8}.${index & 255}`;
      return { value: { text: `export LISTEN=${a}:2345\n`, list: [a, 'x'.repeat(1000)] }, words: { a } };
    });
    const { common, values } = pack(all);
    expect(values.every((one) => JSON.stringify(one) === JSON.stringify(values[0]))).toBe(true);
    expect(JSON.stringify({ common, values }).length).toBeLessThan(10_000);
    expect(back(all)).toEqual(all.map((one) => one.value));
  });

  it('are not read where they refer to nothing, to themselves or to what comes after', () => {
    expect(() => unpacker([]).read({ $: 0 }, {})).toThrow(RangeError);
    expect(() => unpacker([{ a: { $: 0 } }]).read({ $: 0 }, {})).toThrow(RangeError);
    expect(() => unpacker([{ a: { $: 1 } }, 'one']).read({ $: 0 }, {})).toThrow(RangeError);
    expect(() => unpacker(['one']).read({ $: -1 }, {})).toThrow(RangeError);
    expect(() => unpacker(['one']).read({ $: 0.5 }, {})).toThrow(RangeError);
  });

  it('are not read where a few lines stand for more than a machine holds', () => {
    const common: Json[] = [['one', 'two']];
    for (let at = 0; at < 40; at++) common.push([{ $: at }, { $: at }]);
    expect(() => unpacker(common)).toThrow('more than it may');
  });
});
