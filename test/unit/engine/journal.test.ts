import { expect, test } from 'vitest';
import { parseJournalLine } from '../../../src/engine/journal.ts';

test.each([
  ['begin\t3\t1042.17', { type: 'begin', step: 3, at: 1042.17 }],
  ['out\t3\tend\t3\t0\t0', { type: 'out', step: 3, line: 'end\t3\t0\t0' }],
  ['out\t3\t', { type: 'out', step: 3, line: '' }],
  ['end\t3\t1043.00\t1', { type: 'end', step: 3, at: 1043, status: 1 }],
  ['end\t3\t1043.00\t', { type: 'noise', line: 'end\t3\t1043.00\t' }],
  ['stopped\t4', { type: 'stopped', step: 4 }],
  ['locked\t0\talice@ops1 since 10:00', { type: 'locked', holder: 'alice@ops1 since 10:00' }],
  ['done\t0', { type: 'done' }],
  [
    'steps.sh: line 9: mktemp: command not found',
    { type: 'noise', line: 'steps.sh: line 9: mktemp: command not found' },
  ],
])('%j', (text, line) => {
  expect(parseJournalLine(text)).toEqual(line);
});
