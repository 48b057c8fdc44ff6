import { expect, it } from 'vitest';
import { readBalance } from '../../../src/lotus/balance.ts';
import { answer } from './samples.ts';

it('a zero with a warning is no certain zero', () => {
  expect(readBalance(answer('12.3 FIL\n'))).toEqual({
    type: 'understood',
    value: { balance: 12_300000000000000000n, mayBeOld: false },
  });
  expect(readBalance(answer('0 FIL (warning: may display 0 if chain sync in progress)\n'))).toEqual({
    type: 'understood',
    value: { balance: 0n, mayBeOld: true },
  });
});

it.each(['', '12.3\n', 'FIL\n', '1 FIL\n2 FIL\n', '1e3 FIL\n'])('no balance: %j', (text) => {
  expect(readBalance(answer(text))).toMatchObject({ type: 'not understood' });
});
