import { expect, test } from 'vitest';
import { lineDifference } from '../../../../src/resources/kept/lines.ts';

test('lines that differ, in pairs where they stand at the same place, and no others', () => {
  expect(lineDifference('a\nb\nc\n', 'a\nB\nc\nd\n', false)).toEqual([
    { line: 2, before: 'b', after: 'B' },
    { line: 4, before: null, after: 'd' },
  ]);
  expect(lineDifference('a\nb\n', 'b\n', false)).toEqual([{ line: 1, before: 'a', after: null }]);
  expect(lineDifference('', 'a\n', false)).toEqual([{ line: 1, before: null, after: 'a' }]);
});

test('what may be a secret of others is masked, unless it is to be shown', () => {
  const [now, before] = ['password=pl4nted-one\n', 'password=pl4nted-two\n'];
  expect(JSON.stringify(lineDifference(now, before, false))).not.toContain('pl4nted');
  expect(lineDifference(now, before, true)).toEqual([
    { line: 1, before: 'password=pl4nted-one', after: 'password=pl4nted-two' },
  ]);
});
