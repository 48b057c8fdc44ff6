import { describe, expect, it } from 'vitest';
import { readDeadlines } from '../../../src/lotus/deadlines.ts';
import { answer, DEADLINES } from './samples.ts';

describe('the list of deadlines', () => {
  it.each([
    ['1.11.1', DEADLINES],
    ['pasted', DEADLINES.replaceAll(/ {3,}/g, '  ').replaceAll('\n', ' \r\n')],
  ])('is read: %s', (_, text) => {
    const read = readDeadlines(answer(text));
    expect(read).toMatchObject({
      type: 'understood',
      value: { miner: 'f01234', current: 25, deadlines: { length: 48 } },
    });
    const deadlines = read.type === 'understood' ? read.value.deadlines : [];
    expect(deadlines[3]).toEqual({ partitions: 2, sectors: 4698, faults: 3, proven: 0 });
    expect(deadlines[25]).toEqual({ partitions: 1, sectors: 2120, faults: 0, proven: 1 });
    expect(deadlines[47]).toEqual({ partitions: 0, sectors: 0, faults: 0, proven: 0 });
  });

  it.each([
    ['a row less', DEADLINES.replace(/\n26 .*/, ''), /there are 47 deadlines/],
    ['rows in another order', DEADLINES.replace('\n26 ', '\n27 '), /deadline 26 is not in its place/],
    ['no current one', DEADLINES.replace('(current)', ''), /which deadline is the current one/],
    ['two current ones', DEADLINES.replace(/\n26 .*/, '$&  (current)'), /which deadline is the current one/],
    [
      'more proven than there is',
      DEADLINES.replace('1  (current)', '2  (current)'),
      /less than a part of it/,
    ],
    [
      'columns that nobody knows',
      DEADLINES.replace('proven partitions', 'proven'),
      /this is no list of deadlines/,
    ],
    ['nothing', '', /this is no list of deadlines/],
  ])('is not understood with %s', (_, text, why) => {
    expect(readDeadlines(answer(text))).toEqual({ type: 'not understood', why: expect.stringMatching(why) });
  });
});
