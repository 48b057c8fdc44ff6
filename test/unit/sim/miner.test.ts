import { describe, expect, it } from 'vitest';
import { SimulatedMiner } from '../../sim/miner.ts';
import type { Shape } from '../../sim/shape.ts';
import { withSectors } from '../lotus/window-support.ts';

describe('the simulated miner', () => {
  const shape: Shape = {
    name: 'f01',
    periodStart: 0,
    deadlines: withSectors(2, 3),
    proofEpochs: 10,
    restartSeconds: 300,
    isMeasured: false,
    lags: [],
    hiccups: [],
  };
  const landed = (miner: SimulatedMiner) => miner.window(120).batches[0]?.landed ?? 0;

  it('has its proof on the chain soon after it may be sent, and loses what it has in its memory', () => {
    const miner = new SimulatedMiner(shape, 1);
    const before = landed(miner);
    expect(before).toBeGreaterThan(123);
    expect(before).toBeLessThan(150);
    miner.stop({ from: 118, to: 140, reckoned: 22 });
    expect(landed(miner)).toBeGreaterThan(146);
    miner.stop({ from: 141, to: 190, reckoned: 49 });
    expect(landed(miner)).toBe(Number.POSITIVE_INFINITY);
  });

  it('is not bothered by a stop once its proof stands', () => {
    const miner = new SimulatedMiner(shape, 1);
    const before = landed(miner);
    miner.stop({ from: before + 1, to: before + 10, reckoned: 9 });
    expect(landed(miner)).toBe(before);
  });

  it('shows its window as its head has it', () => {
    const miner = new SimulatedMiner(shape, 1);
    const at = landed(miner);
    expect([miner.state(at - 1).proven, miner.state(at).proven, miner.state(181).proven]).toEqual([0, 1, 0]);
  });
});
