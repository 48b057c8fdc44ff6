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
        for await (const line of linesOf(cut(Buffer.from(text), sizes))) seen.push(line);
        expect(seen).toEqual(lines);
      },
    ),
  );
});

test('a last line without an end is a line', async () => {
  const seen: string[] = [];
  for await (const line of linesOf(cut(Buffer.from('a\nb'), []))) seen.push(line);
  expect(seen).toEqual(['a', 'b']);
});
