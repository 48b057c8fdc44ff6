import { expect, it } from 'vitest';
import { attoFilOf, bytesOf, countOf, epochOf, secondsOf } from '../../../src/lotus/numbers.ts';

it.each([
  ['12.004599227037176968 FIL', 12_004599227037176968n],
  ['0 FIL', 0n],
  ['0', 0n],
  ['211.611 pFIL', 211_611_000n],
  ['1.2 nFIL', 1_200_000_000n],
  ['410.976 mFIL', 410_976_000_000_000_000n],
  ['3 μFIL', 3_000_000_000_000n],
  ['3 µFIL', 3_000_000_000_000n],
  ['17 aFIL', 17n],
  ['-0.5 FIL', -500_000_000_000_000_000n],
  ['1.5 aFIL', null],
  ['1', null],
  ['', null],
  ['1 kFIL', null],
])('%s are %s attoFIL', (text, value) => {
  expect(attoFilOf(text)).toBe(value);
});

it.each([
  [bytesOf('0 B'), 0],
  [bytesOf('45.75 TiB'), 45.75 * 1024 ** 4],
  [bytesOf('9.93 EiB'), Math.round(9.93 * 1024 ** 6)],
  [bytesOf('121 Ti'), null],
  [bytesOf(''), null],
  [countOf('012'), 12],
  [countOf('1e3'), null],
  [countOf('9'.repeat(16)), null],
  [epochOf('1031580 (in 21 minutes 30 seconds)'), 1031580],
  [epochOf('-5'), -5],
  [epochOf('10x'), null],
  [secondsOf('4h12m33.8s'), 15153.8],
  [secondsOf('6m1.2s'), 361.2],
  [secondsOf('0s'), 0],
  [secondsOf('250ms'), 0.25],
  [secondsOf('1.5µs'), 0.0000015],
  [secondsOf(''), null],
  [secondsOf('4'), null],
  [secondsOf('s'), null],
])('%s is %s', (read, value) => {
  expect(read).toBe(value);
});
