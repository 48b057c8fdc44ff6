import { expect, it } from 'vitest';
import { readDeadlinePartitions } from '../../../src/lotus/deadline-partitions.ts';
import { answer, DEADLINE } from './samples.ts';

it('a deadline tells the faults of each partition', () => {
  expect(readDeadlinePartitions(answer(DEADLINE))).toEqual({
    type: 'understood',
    value: {
      index: 3,
      proven: 0,
      isCurrent: false,
      partitions: [
        { sectors: 2349, faults: 3 },
        { sectors: 2349, faults: 0 },
      ],
    },
  });
});

it.each([
  ['a partition less than there are', DEADLINE.replace(/\nPartition Index: +1[\s\S]*/, '')],
  ['more faults than sectors', DEADLINE.replace('Faults:                   3', 'Faults:  9999')],
  ['no faults said', DEADLINE.replace('Faults:                   0\n', '')],
  ['nothing', ''],
])('a deadline with %s is not understood', (_, text) => {
  expect(readDeadlinePartitions(answer(text))).toMatchObject({ type: 'not understood' });
});
