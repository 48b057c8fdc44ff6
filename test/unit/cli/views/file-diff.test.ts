import { describe, expect, it } from 'vitest';
import { painter } from '../../../../src/cli/text/paint.ts';
import { fileDiff, lineDiff } from '../../../../src/cli/views/file-diff.ts';

const diff = (before: string | null, after: string, full = false) =>
  fileDiff({ before, after }, full, painter(false));

it('shows single lines under their place', () => {
  const lines = [
    { line: 3, before: 'a\u001b[2J', after: 'b' },
    { line: 7, before: 'c', after: null },
    { line: 9, before: null, after: 'd' },
  ];
  expect(lineDiff(lines, painter(false))).toEqual([
    '@@ line 3 @@',
    '-a',
    '+b',
    '@@ line 7 @@',
    '-c',
    '@@ line 9 @@',
    '+d',
  ]);
});

describe('fileDiff', () => {
  it('breaks long lines after a blank, where they have one that is not far', () => {
    const of = (line: string) => fileDiff({ before: null, after: line }, false, painter(false), 40);
    expect(of("# Of every worker (handbook 2.2). Holds the miner's token: for root only.")).toEqual([
      '+# Of every worker (handbook 2.2). ',
      "    Holds the miner's token: for root ",
      '    only.',
    ]);
    expect(of(`x ${'y'.repeat(50)}`)).toEqual([`+x ${'y'.repeat(37)}`, `    ${'y'.repeat(13)}`]);
  });

  it('is a unified diff with three lines of context', () => {
    const lines = Array.from({ length: 20 }, (_, index) => `line ${index + 1}`);
    const after = lines.with(9, 'changed').concat('added');
    expect(diff(`${lines.join('\n')}\n`, `${after.join('\n')}\n`)).toEqual([
      '@@ -7,7 +7,7 @@',
      ' line 7',
      ' line 8',
      ' line 9',
      '-line 10',
      '+changed',
      ' line 11',
      ' line 12',
      ' line 13',
      '@@ -18,3 +18,4 @@',
      ' line 18',
      ' line 19',
      ' line 20',
      '+added',
    ]);
  });

  it('shows blanks at the end of a line where they are all that differs', () => {
    expect(diff('a \nb\n', 'a\nb\n')).toEqual(['@@ -1,2 +1,2 @@', '-a·', '+a', ' b']);
    expect(diff('a\r\n', 'a\n')).toEqual(['@@ -1,1 +1,1 @@', '-a\\r', '+a']);
    expect(diff('\u202ea \n', '\u202ea\n')).toEqual(['@@ -1,1 +1,1 @@', '-\\u202ea·', '+\\u202ea']);
  });

  it('shows a missing end of the last line', () => {
    expect(diff('a', 'a\n')).toContain('\\ No newline at end of file');
  });

  it('shortens new files and long diffs, unless asked not to', () => {
    const long = Array.from({ length: 100 }, (_, index) => `${index}\n`).join('');
    expect(diff(null, long)).toEqual(['+0', '+1', '+2', '+3', '… 96 more lines (--full shows all)']);
    expect(diff('', long)).toHaveLength(61);
    expect(diff(null, long, true)).toHaveLength(100);
    expect(diff(null, 'a\nb\nc\nd\ne\n'), 'a note instead of one line would save nothing').toHaveLength(5);
  });

  it('says why the present text is not shown', () => {
    const text = { before: null, after: 'a\n', reason: 'the present file is too large to show' };
    expect(fileDiff(text, false, painter(false))).toEqual(['(the present file is too large to show)', '+a']);
  });
});
