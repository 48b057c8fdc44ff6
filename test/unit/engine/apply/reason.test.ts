import { expect, test } from 'vitest';
import { failedProblem } from '../../../../src/engine/apply/problems.ts';
import { reasonIn } from '../../../../src/engine/apply/reason.ts';

const STANDARD = 'run again: what was done stays, and only what is missing is done';

test('of what a step printed, reasons, advice and what the same once more would do are told apart', () => {
  const lines = [
    'downloading',
    'because:',
    'it broke off',
    'line 1',
    'line 2',
    'next:',
    'look',
    'again:',
    'run again: on',
  ];
  expect(reasonIn(lines)).toEqual({
    type: 'said',
    what: 'it broke off',
    why: 'line 1\nline 2',
    next: ['look'],
    again: 'run again: on',
  });
  expect(reasonIn(['because:', 'it broke off', 'again:', 'run again: on'])).toMatchObject({
    why: '',
    next: [],
    again: 'run again: on',
  });
  expect(reasonIn(['because:', 'it broke off', 'next:', 'run again'])).toMatchObject({
    next: ['run again'],
    again: null,
  });
  expect(reasonIn(['nothing of it'])).toEqual({ type: 'printed', lines: ['nothing of it'] });
});

test('that it may be run again is said once: by the step, else as it is with any', () => {
  const nextOf = (...lines: string[]) =>
    failedProblem('h', undefined, { status: 1, late: null }, ['because:', 'x', ...lines]).next;
  expect(nextOf('next:', 'look', 'again:', 'run again: on')).toEqual([
    { type: 'look', text: 'look' },
    { type: 'again', text: 'run again: on' },
  ]);
  // Whatever words an advice has.
  expect(nextOf('next:', 'see what would run again')).toEqual([
    { type: 'look', text: 'see what would run again' },
    { type: 'again', text: STANDARD },
  ]);
});
