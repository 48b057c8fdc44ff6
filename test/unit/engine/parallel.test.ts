import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inParallel } from '../../../src/engine/parallel.ts';

test('keeps the order of the list and never runs more than the width at once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 30 }),
      fc.integer({ min: 1, max: 8 }),
      async (turns, width) => {
        let running = 0;
        let most = 0;
        const results = await inParallel(turns, width, async (turn) => {
          running += 1;
          most = Math.max(most, running);
          for (let i = 0; i < turn; i++) await Promise.resolve();
          running -= 1;
          return turn;
        });
        expect(results).toEqual(turns);
        expect(most).toBeLessThanOrEqual(width);
      },
    ),
  );
});

test('one failure does not keep the others from being started', async () => {
  const started: number[] = [];
  const work = inParallel([1, 2, 3, 4], 2, async (item) => {
    started.push(item);
    if (item === 1) throw new Error('first');
  });
  await expect(work).rejects.toThrow('first');
  expect(started).toEqual([1, 2, 3, 4]);
});
