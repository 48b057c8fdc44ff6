import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { OutputReader } from '../../../../src/ops/exec/output.ts';

const MARK = '--fcops-exec-0123:';
const read = (chunks: readonly (string | Uint8Array)[], limit = 1000) => {
  const reader = new OutputReader(MARK, limit);
  for (const chunk of chunks) reader.push(Buffer.from(chunk));
  return { ...reader.output(), frames: reader.frames.map(({ word, rest }) => [word, rest].join(' ').trim()) };
};

it('tells frames from output, wherever they stand', () => {
  expect(read([`${MARK}began loaded\none\ntw${MARK}.\no\n${MARK}ended 3\n${MARK}over 0 12\n`])).toEqual({
    text: 'one\ntwo\n',
    cut: false,
    frames: ['began loaded', 'ended 3', 'over 0 12'],
  });
});

it('reads the same however the stream is cut into chunks', () => {
  const bytes = Buffer.from(`a\n${MARK}env QT0x\n--fcops-ex好${MARK}.\nb${MARK}over 0 0\n--fcops-exec-01`);
  const whole = read([bytes]);
  expect(whole.frames).toEqual(['env QT0x', 'over 0 0']);
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length), { maxLength: 20 }), (cuts) => {
      const at = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
      const chunks = at.slice(1).map((end, index) => bytes.subarray(at[index], end));
      const { text, frames } = read(chunks);
      expect(frames).toEqual(whole.frames);
      // What may yet become a mark is no output.
      expect(text).toBe('a\n--fcops-ex好b');
    }),
  );
});

it('keeps so many bytes and no half of a letter', () => {
  expect(read(['好好'], 4)).toMatchObject({ text: '好', cut: true });
  expect(read(['好', '好'], 6)).toMatchObject({ text: '好好', cut: false });
  expect(read(['x'.repeat(5), 'y'], 5)).toMatchObject({ text: 'xxxxx', cut: true });
  expect(read([Buffer.from([0xff, 0x00, 0x61])])).toMatchObject({ text: '\ufffd\0a', cut: false });
});

it('does not wait for ever for the end of what only looks like a frame', () => {
  const { frames } = read([MARK, 'x'.repeat(200_000), `${MARK}over 0 0\n`]);
  expect(frames.at(-1)).toBe('over 0 0');
});
