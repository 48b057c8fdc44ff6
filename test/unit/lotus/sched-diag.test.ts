import { expect, it } from 'vitest';
import { readSchedDiag } from '../../../src/lotus/sched-diag.ts';
import { answer, SCHED_DIAG } from './samples.ts';

it('tells the tasks that no worker has been given', () => {
  expect(readSchedDiag(answer(SCHED_DIAG))).toEqual({
    type: 'understood',
    value: [
      { sector: 1042, task: 'PC2' },
      { sector: 998, task: 'C2' },
    ],
  });
});

it('tells none where the list is null, and a task of another version by its type', () => {
  const text = (requests: string) => `{"SchedInfo": {"OpenWindows": null, "Requests": ${requests}}}\n`;
  expect(readSchedDiag(answer(text('null')))).toEqual({ type: 'understood', value: [] });
  expect(readSchedDiag(answer(text('[{"Sector": {"Number": 7}, "TaskType": "seal/v1/x"}]')))).toEqual({
    type: 'understood',
    value: [{ sector: 7, task: 'seal/v1/x' }],
  });
});

it('is not understood where it is another thing', () => {
  for (const text of ['{}\n', '[]\n', 'null\n', '{"SchedInfo": {}}\n', 'No help topic\n'])
    expect(readSchedDiag(answer(text)).type).toBe('not understood');
});
