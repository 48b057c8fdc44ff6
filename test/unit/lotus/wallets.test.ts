import { describe, expect, it } from 'vitest';
import { readWallets } from '../../../src/lotus/wallets.ts';
import { answer, BLS, OTHER_BLS, SECP, WALLETS, WALLETS_OF_MARKET } from './samples.ts';

const funds = (balance: bigint, nonce: number) => ({ type: 'known', balance, nonce });

describe('the list of wallets', () => {
  it.each([
    ['1.11.1', WALLETS],
    ['pasted', WALLETS.replaceAll(/ {3,}/g, ' \t').replaceAll('\n', '\r\n')],
  ])('is read: %s', (_, text) => {
    expect(readWallets(answer(text))).toEqual({
      type: 'understood',
      value: [
        { address: BLS, id: null, funds: funds(12_004599227037176968n, 41), isDefault: true },
        { address: SECP, id: null, funds: funds(0n, 0), isDefault: false },
      ],
    });
  });

  it('has columns that are asked for, and none that no row uses; errors stand below their row', () => {
    expect(readWallets(answer(WALLETS_OF_MARKET))).toEqual({
      type: 'understood',
      value: [
        { address: BLS, id: 'f01001', funds: funds(1_500000000000000000n, 3), isDefault: false },
        { address: SECP, id: null, funds: funds(0n, 0), isDefault: false },
        {
          address: OTHER_BLS,
          id: null,
          funds: { type: 'failed', why: 'failed to load state tree' },
          isDefault: false,
        },
      ],
    });
  });

  it('is an empty line, or nothing, where there is none', () => {
    for (const text of ['\n', ''])
      expect(readWallets(answer(text))).toEqual({ type: 'understood', value: [] });
  });

  it('may be addresses alone: then nobody knows what they have', () => {
    expect(readWallets(answer(`${BLS}\n`))).toMatchObject({
      value: [{ address: BLS, funds: { type: 'unsaid' } }],
    });
  });

  it.each([
    ['a row without its balance', WALLETS.replace('0 FIL', '     ')],
    ['an address alone in a table', WALLETS.replace(/(f1c+).*/, '$1')],
    ['half an address', WALLETS.replace(SECP, 'f1ccc')],
    ['columns that nobody knows', WALLETS.replace('Nonce', 'Number')],
    ['another word at the end', WALLETS.replace('X', 'Y')],
  ])('is not understood with %s', (_, text) => {
    expect(readWallets(answer(text))).toMatchObject({ type: 'not understood' });
  });
});
