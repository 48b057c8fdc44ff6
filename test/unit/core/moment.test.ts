import { expect, it } from 'vitest';
import { momentOf } from '../../../src/core/moment.ts';

it('a moment is told by the second, and nothing is told where there is none', () => {
  expect(momentOf(1_700_000_000.9)).toBe('2023-11-14T22:13:20Z');
  for (const seconds of [Number.NaN, Number.POSITIVE_INFINITY, 99_999_999_999_999, -1e300])
    expect(momentOf(seconds)).toBeNull();
});
