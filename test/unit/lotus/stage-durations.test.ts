import { describe, expect, it } from 'vitest';
import { expectedDuration, lateAfter, STAGES, stageOrder } from '../../../src/lotus/stage-durations.ts';

const MINUTE = 60;

describe('how long a stage takes (handbook 5.1.1)', () => {
  it.each([
    ['64GiB', 'PC1', 330, 360],
    ['64GiB', 'PC2', 18, 20],
    ['64GiB', 'C2', 10, 12],
    ['32GiB', 'PC1', 180, 180],
    ['32GiB', 'PC2', 8, 10],
    ['32GiB', 'C2', 8, 10],
  ] as const)('%s %s: %i to %i minutes', (size, task, least, most) => {
    expect(expectedDuration(size, task)).toEqual({ least: least * MINUTE, most: most * MINUTE });
  });

  it('is not known of other stages, nor of sectors of test networks', () => {
    for (const task of ['AP', 'C1', 'FIN', 'GET', 'UNS', 'UNK', 'toString'])
      expect(expectedDuration('64GiB', task)).toBeNull();
    expect(expectedDuration('2KiB', 'PC1')).toBeNull();
    expect(lateAfter(null)).toBeNull();
  });

  it('is late a quarter beyond the longest of it', () => {
    expect(lateAfter(expectedDuration('64GiB', 'PC1'))).toBe(7.5 * 3600);
  });

  it('has the stages in the order of a sector, strange ones last', () => {
    const shuffled = ['UNS', 'C2', 'XY', 'PC1', 'AP', 'FIN', 'PC2', 'GET', 'C1'];
    expect(shuffled.toSorted((a, b) => stageOrder(a) - stageOrder(b))).toEqual([...STAGES, 'XY']);
  });
});
