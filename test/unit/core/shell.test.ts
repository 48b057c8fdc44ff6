import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quote, words } from '../../../src/core/shell.ts';

test('a shell reads every quoted text back unchanged', () => {
  const texts = fc.sample(
    fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\0', '')),
    200,
  );
  const script = `for word in ${texts.map(quote).join(' ')}; do printf '%s\\0' "$word"; done`;
  const read = execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' });
  expect(read.split('\0').slice(0, -1)).toEqual(texts);
});

test('plain words stay as they are', () => {
  expect(words('put_file', '/etc/hosts', '0644', "it's", '')).toBe("put_file /etc/hosts 0644 'it'\\''s' ''");
});
