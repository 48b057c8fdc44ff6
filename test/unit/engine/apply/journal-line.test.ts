import { expect, test } from 'vitest';
import { parseJournalLine } from '../../../../src/engine/apply/journal-line.ts';

test.each([
  ['begin\t3\t1042.17', { type: 'begin', step: 3, at: 1042.17 }],
  ['out\t3\tend\t3\t0\t0', { type: 'out', step: 3, line: 'end\t3\t0\t0' }],
  ['out\t3\t', { type: 'out', step: 3, line: '' }],
  ['end\t3\t1043.00\t1', { type: 'end', step: 3, at: 1043, status: 1 }],
  ['end\t3\t1043.00\t', { type: 'noise', line: 'end\t3\t1043.00\t' }],
  ['waits\t3\t28', { type: 'waits', step: 3, seconds: 28 }],
  ['stopped\t4', { type: 'stopped', step: 4 }],
  [
    'locked\t0\talice@ops1\tr-1\t2026-01-02T03:04:05Z',
    { type: 'locked', holder: { who: 'alice@ops1', run: 'r-1', since: '2026-01-02T03:04:05Z' } },
  ],
  ['locked\t0\t', { type: 'locked', holder: { who: '', run: '', since: '' } }],
  ['late\t3\t120', { type: 'late', step: 3, seconds: 120 }],
  ['broken\t3\tno room', { type: 'broken', step: 3, why: 'no room' }],
  ['done\t0', { type: 'done' }],
  [
    'steps.sh: line 9: mktemp: command not found',
    { type: 'noise', line: 'steps.sh: line 9: mktemp: command not found' },
  ],
])('%j', (text, line) => {
  expect(parseJournalLine(text)).toEqual(line);
});
