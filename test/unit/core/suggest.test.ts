import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closest, didYouMean, editDistance } from '../../../src/core/suggest.ts';

describe('editDistance', () => {
  it.each([
    ['address', 'adress', 1],
    ['user', 'uesr', 1],
    ['p1-50', 'p1-05', 1],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
  ])('%s → %s: %d', (a, b, edits) => {
    expect(editDistance(a, b)).toBe(edits);
  });

  it('is symmetric, zero for equals only, and never more than the longer word', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        const edits = editDistance(a, b);
        expect(edits).toBe(editDistance(b, a));
        expect(edits === 0).toBe(a === b);
        expect(edits).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});

describe('suggestions', () => {
  it('are the nearest candidate, whatever the case, and none where nothing is near', () => {
    expect(closest('sectorsize', ['sectorSize', 'ssh'])).toBe('sectorSize');
    expect(closest('p2', ['c1', 'p1', 'apx'])).toBe('p1');
    expect(closest('kubernetes', ['ssh', 'os'])).toBeUndefined();
  });

  it('fall back to what there is', () => {
    expect(didYouMean('64GB', ['32GiB', '64GiB'])).toBe('did you mean "64GiB"?');
    expect(didYouMean('x', ['apx', 'c2'])).toBe('one of: apx, c2');
  });
});
