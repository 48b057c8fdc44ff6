import { expect, test } from 'vitest';
import { afterKeys, NO_LINE } from '../../../src/cli/hidden-input.ts';

test.each([
  ['abc', 'abc', 'no'],
  ['abc\r', 'abc', 'enter'],
  ['made "up" $x ä€\n', 'made "up" $x ä€', 'enter'],
  ['abx\u007fc\r', 'abc', 'enter'],
  ['wrong\u0015right\r', 'right', 'enter'],
  ['a𝄞\u007f\r', 'a', 'enter'],
  ['abc\u0003', '', 'left'],
  ['\u0004', '', 'left'],
  ['one\rtwo\r', 'one', 'enter'],
])('keys that are typed: %j', (keys, text, ended) => {
  expect(afterKeys(NO_LINE, keys)).toMatchObject({ text, ended });
  // As they come, one by one.
  let line = NO_LINE;
  for (const key of keys) if (line.ended === 'no') line = afterKeys(line, key);
  expect(line).toMatchObject({ text, ended });
});

test('keys after the end of a line are of the next one', () => {
  expect(afterKeys(NO_LINE, 'one\r𝄞two\r')).toEqual({ text: 'one', ended: 'enter', rest: '𝄞two\r' });
});
