import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Size } from '../../../src/engine/batches.ts';
import { batchesOf, mayFail } from '../../../src/engine/batches.ts';

const hosts = (n: number) => Array.from({ length: n }, (_, index) => `p1-${index + 1}`);
const sizesOf = (n: number, sizes: readonly Size[]) => batchesOf(hosts(n), sizes).map(({ length }) => length);

test.each<[string, number, readonly Size[], number[]]>([
  ['all at once without sizes', 7, [], [7]],
  [
    'one host, then quarters, then the rest',
    12,
    [{ hosts: 1 }, { percent: 25 }, { percent: 100 }],
    [1, 3, 8],
  ],
  ['the last size counts for all that come after', 10, [{ hosts: 1 }, { hosts: 4 }], [1, 4, 4, 1]],
  ['a share is rounded down, and never to nothing', 3, [{ percent: 25 }], [1, 1, 1]],
  ['nothing of nothing', 0, [{ hosts: 1 }], []],
])('%s', (_, n, sizes, wanted) => {
  expect(sizesOf(n, sizes)).toEqual(wanted);
});

const size = fc.oneof(
  fc.record({ hosts: fc.integer({ min: 1, max: 20 }) }),
  fc.record({ percent: fc.integer({ min: 1, max: 100 }) }),
);

test('every host is in one batch, in order, and none is empty', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 60 }), fc.array(size, { maxLength: 4 }), (n, sizes) => {
      const batches = batchesOf(hosts(n), sizes);
      expect(batches.flat()).toEqual(hosts(n));
      expect(batches.every(({ length }) => length > 0)).toBe(true);
    }),
  );
});

test.each<[Size, number, number]>([
  [{ hosts: 2 }, 10, 2],
  [{ percent: 25 }, 10, 2],
  [{ percent: 100 }, 3, 3],
  [{ hosts: 0 }, 3, 0],
])('%j of %i hosts: %i may fail', (budget, all, wanted) => {
  expect(mayFail(budget, all)).toBe(wanted);
});
