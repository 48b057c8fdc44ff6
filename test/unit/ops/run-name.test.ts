import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RUN_NAME } from '../../../src/engine/runs/record.ts';
import { runName, stamp } from '../../../src/ops/run-name.ts';

it('names a run by its moment and by chance', () => {
  const date = new Date('2026-11-22T10:30:00.123Z');
  expect(runName(date, () => 0.5)).toBe('r-20261122T103000Z-5viii');
  expect(runName(date, () => 0.999)).not.toBe(runName(date, () => 0));
  expect(stamp(date)).toBe('2026-11-22T10:30:00Z');
});

it('gives a later run a name that sorts after an earlier one, also within a second', () => {
  const moment = fc.date({
    min: new Date('2020-01-01T00:00:00Z'),
    max: new Date('2099-01-01T00:00:00Z'),
    noInvalidDate: true,
  });
  const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(moment, fc.integer({ min: 1, max: 2_000 }), chance, chance, (date, later, one, other) => {
      const [first, second] = [
        runName(date, () => one),
        runName(new Date(date.getTime() + later), () => other),
      ];
      expect(first).toMatch(RUN_NAME);
      expect([second, first].sort()).toEqual([first, second]);
    }),
  );
});
