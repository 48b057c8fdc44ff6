import fc from 'fast-check';
import { expect, test } from 'vitest';
import { staysBash, undoneOf } from '../../../../src/resources/kept/undone.ts';
import { anyStep } from '../arbitrary-steps.ts';

test('every step says what becomes of it, and what stays is noted in one line of bash without the text of others', () => {
  fc.assert(
    fc.property(anyStep, (step) => {
      const undone = undoneOf(step);
      const bash = staysBash(step);
      if (undone.type !== 'stays') expect(bash).toBe('');
      else {
        expect(bash).toMatch(/^did /);
        expect(undone.why).not.toBe('');
      }
    }),
  );
});

test('a step that replaces something is put back', () => {
  const owned = { mode: '0644', owner: 'root', group: 'root' };
  const step = {
    step: 'put-file',
    path: '/a',
    ...owned,
    content: [''],
    seen: 'absent',
    deadline: 1,
  } as const;
  expect(undoneOf(step)).toEqual({ type: 'put back' });
});
