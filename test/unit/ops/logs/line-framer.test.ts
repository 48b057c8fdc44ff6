import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { LineFramer } from '../../../../src/ops/logs/line-framer.ts';

const framed = (pieces: readonly Uint8Array[], limit = 1000) => {
  const framer = new LineFramer(limit);
  const lines = pieces.flatMap((piece) => framer.push(Buffer.from(piece)));
  return [...lines, ...framer.rest()].map(({ text, cut }) => (cut ? `${text}…` : text));
};

it('makes the same lines of a text however it is cut, within letters too', () => {
  const text = 'one\n\n好 two\r\nthree ü\nno end 好';
  const bytes = Buffer.from(text);
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length), { maxLength: 20 }), (cuts) => {
      const at = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
      expect(framed(at.slice(1).map((end, index) => bytes.subarray(at[index], end)))).toEqual(
        text.split('\n'),
      );
    }),
  );
});

it('has no line of what has not ended yet, until nothing more comes', () => {
  const framer = new LineFramer(100);
  expect(framer.push(Buffer.from('ha'))).toEqual([]);
  expect(framer.push(Buffer.from('lf\nre'))).toEqual([{ text: 'half', cut: false }]);
  expect(framer.rest()).toEqual([{ text: 're', cut: false }]);
  expect(framer.rest()).toEqual([]);
});

it('keeps the beginning of a line that is too long, without half a letter', () => {
  expect(framed([Buffer.from('好好好\nshort\n')], 7)).toEqual(['好好…', 'short']);
  expect(framed([Buffer.from('1234567'), Buffer.from('89'), Buffer.from('\n')], 8)).toEqual(['12345678…']);
  expect(framed([Buffer.from([0xff, 0x61, 10])])).toEqual(['\ufffda']);
});
