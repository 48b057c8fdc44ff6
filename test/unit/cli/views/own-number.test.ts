import { describe, expect, it } from 'vitest';
import { asOne } from '../../../../src/cli/views/own-number.ts';

describe('texts that are alike, as one', () => {
  it.each([
    [[1, 2, 3], 'P1-[1:3]'],
    // What is stopped comes the last first.
    [[3, 2, 1], 'P1-[1:3]'],
    [[1, 2, 5], 'P1-[1:2,5]'],
  ])('%j', (numbers, text) =>
    expect(asOne(numbers.map((number) => ({ text: `P1-${number}`, number: String(number) })))).toBe(text),
  );
});
