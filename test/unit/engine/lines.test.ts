import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linesOf } from '../../../src/engine/lines.ts';

async function* cut(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (const size of sizes) {
    yield bytes.subarray(at, at + size);
    at += size;
  }
  yield bytes.subarray(at);
}

test('gives the same lines however the bytes are cut, inside characters too', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ''))),
      fc.array(fc.integer({ min: 0, max: 9 })),
      async (lines, sizes) => {
        const text = lines.map((line) => `${line}\n`).join('');
        const seen: string[] = [];
        let bytes = 0;
        for await (const line of linesOf(cut(Buffer.from(text), sizes))) {
          seen.push(line.text);
          bytes += line.bytes;
        }
        expect(bytes).toBe(Buffer.byteLength(text));
        expect(seen).toEqual(lines);
      },
    ),
  );
});

test('a line without its end was cut, and is none', async () => {
  const seen: string[] = [];
  for await (const { text } of linesOf(cut(Buffer.from('a\nb'), []))) seen.push(text);
  expect(seen).toEqual(['a']);
});

test('bytes are counted as they came, also those that are no characters', async () => {
  const seen: number[] = [];
  for await (const { bytes } of linesOf(cut(Buffer.from([0xff, 0xfe, 10, 0xff, 10]), [1, 1])))
    seen.push(bytes);
  expect(seen).toEqual([3, 2]);
});
