import { describe, expect, it } from 'vitest';
import type { ChainFacts } from '../../../src/lotus/chain-time.ts';
import { chainTime } from '../../../src/lotus/chain-time.ts';
import { MAINNET_GENESIS } from '../../../src/lotus/epochs.ts';
import { notUnderstood } from '../../../src/lotus/reading.ts';

const node = (epoch: number, behind: number): ChainFacts['status'] => ({
  type: 'understood',
  value: { epoch, behind, messagePeers: 1, blockPeers: 1 },
});
const at = (seconds: number) => ({ asked: seconds, answered: seconds, host: seconds });
const facts = (given: Partial<ChainFacts>): ChainFacts => ({
  epoch: 1000,
  status: node(1000, 0),
  moment: at(50_000),
  ...given,
});

describe('the epoch that it is', () => {
  it.each<[string, Partial<ChainFacts>, number]>([
    ['is that of the head', {}, 1000],
    ['is later where the head has its age', { status: node(1000, 3) }, 1003],
    ['is that of the newest answer', { status: node(1002, 1) }, 1003],
    [
      'is later where the answer took its time',
      { moment: { asked: 50_000, answered: 50_031, host: 50_001 } },
      1002,
    ],
    [
      "is mainnet's, by our clock, where lotus does not tell the age of its head",
      { status: null, moment: at(MAINNET_GENESIS + 1002 * 30 + 5) },
      1002,
    ],
  ])('%s', (_, given, now) => {
    expect(chainTime(facts(given))).toEqual({ type: 'in sync', now });
  });

  it('is not that of a node that is behind', () => {
    expect(chainTime(facts({ status: node(1000, 4) }))).toEqual({ type: 'out of sync', behind: 4 });
  });

  it.each<[string, Partial<ChainFacts>, RegExp]>([
    ['nobody understands the node', { status: notUnderstood('gone') }, /lotus status: gone/],
    ['two answers are of two heads', { status: node(1004, 0) }, /at epoch 1004/],
    ['the clock of the host is slow', { moment: { ...at(50_000), host: 49_900 } }, /100 s off ours/],
    ['the clock of the host is fast', { moment: { ...at(50_000), host: 50_061 } }, /61 s off ours/],
    ['time goes back', { moment: { asked: 2, answered: 1, host: 1 } }, /no telling when/],
    ['there is no time', { moment: { asked: 2, answered: 3, host: Number.NaN } }, /no telling when/],
    ['an older lotus is not where mainnet is', { status: null }, /is not that of mainnet/],
  ])('is unknown where %s', (_, given, why) => {
    expect(chainTime(facts(given))).toEqual({ type: 'unknown', why: expect.stringMatching(why) });
  });
});
