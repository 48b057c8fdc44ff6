import { expect, it } from 'vitest';
import { formatCpuRanges, parseCpuRanges } from '../../../src/core/cpu-list.ts';

it('CPUs are written as the kernel writes them, and read back', () => {
  expect(parseCpuRanges(' 0-3,8, 10-11')).toEqual([0, 1, 2, 3, 8, 10, 11]);
  expect(parseCpuRanges('')).toEqual([]);
  expect(formatCpuRanges([0, 1, 2, 3, 8, 10, 11])).toBe('0-3,8,10-11');
});

it.each(['x', '-1', '3-1', '1-2-3', '1.5'])('%s is no CPU and no range', (text) => {
  expect(() => parseCpuRanges(text)).toThrow(RangeError);
});

it.each([
  ['a range that no machine has', '0-4294967294'],
  ['one longer than an array can be', '0-99999999999999'],
  ['a CPU beyond all', '70000'],
  ['many ranges', Array(100_000).fill('0-65000').join(',')],
])('%s is refused before memory is taken for it', (_, text) => {
  const before = process.memoryUsage().heapUsed;
  expect(() => parseCpuRanges(text)).toThrow(/goes beyond 65536 CPUs/);
  expect((process.memoryUsage().heapUsed - before) / 1024 ** 2).toBeLessThan(50);
});
