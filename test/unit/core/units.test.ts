import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatCpuRanges, parseCpuRanges } from '../../../src/core/cpu-list.ts';
import { formatBytes, formatSeconds, parseSize } from '../../../src/core/units.ts';

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1536, '1.5 KiB'],
  [120259084288, '112 GiB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [0.26, '0.3 s'],
  [59.4, '59 s'],
  [59.6, '1 min 0 s'],
  [185, '3 min 5 s'],
  [19800, '5 h 30 min'],
])('%d seconds are %s', (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text);
});

test('CPU ranges read back what was written, order kept', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(255)), (cpus) => {
      expect(parseCpuRanges(formatCpuRanges(cpus))).toEqual(cpus);
    }),
  );
  expect(formatCpuRanges([0, 1, 2, 8, 32, 33, 31])).toBe('0-2,8,32-33,31');
  expect(() => parseCpuRanges('a-b')).toThrow('"a-b" is not a CPU');
});

test.each([
  ['64G', 64 * 1024 ** 3],
  ['67108864K', 64 * 1024 ** 3],
  ['8192k', 8 * 1024 ** 2],
  ['1024M', 1024 ** 3],
  ['1T', 1024 ** 4],
  ['512', 512],
  ['50%', null],
  ['', null],
  ['G', null],
  ['1Gi', null],
])('the bytes of a mount option: %s', (text, bytes) => {
  expect(parseSize(text)).toBe(bytes);
});
