import { expect, it } from 'vitest';
import { readAddress } from '../../../src/lotus/address.ts';
import { answer, BLS, SECP } from './samples.ts';

it.each([BLS, SECP, `t${BLS.slice(1)}`, 'f01234'])('%s is an address', (address) => {
  expect(readAddress(answer(`${address}\n`))).toEqual({ type: 'understood', value: address });
});

it.each(['', `${BLS}\n${BLS}\n`, `${BLS}x\n`, `${BLS.slice(0, -1)}\n`, 'f0\n', 'hello\n'])(
  '%j is none',
  (text) => {
    expect(readAddress(answer(text))).toMatchObject({ type: 'not understood' });
  },
);
