import { describe, expect, it } from 'vitest';
import { readChainMiner } from '../../../src/lotus/chain-miner.ts';
import { answer, CHAIN_MINER } from './samples.ts';

describe('a miner on the chain', () => {
  it.each([
    ['1.11.1', CHAIN_MINER],
    ['without what comes after its worker', CHAIN_MINER.split('\n').slice(0, 3).join('\n').concat('\n')],
    ['pasted', CHAIN_MINER.replaceAll('\t', '  ').replaceAll('\n', '\r\n')],
  ])('has an owner and a worker: %s', (_, text) => {
    expect(readChainMiner(answer(text))).toEqual({
      type: 'understood',
      value: { owner: 'f01001', worker: 'f01002' },
    });
  });

  it.each([
    ['without a worker', CHAIN_MINER.replace(/Worker.*\n/, '')],
    ['with two', CHAIN_MINER.replace(/(Worker.*\n)/, '$1$1')],
    ['with one that is no id', CHAIN_MINER.replace('f01002', 'f3abc')],
    ['of an error', ''],
  ])('is not understood %s', (_, text) => {
    expect(readChainMiner(answer(text))).toMatchObject({ type: 'not understood' });
  });
});
