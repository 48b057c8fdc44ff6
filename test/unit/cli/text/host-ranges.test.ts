import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostRanges, namesIn } from '../../../../src/cli/text/host-ranges.ts';
import { compilePattern } from '../../../../src/inventory/host-pattern.ts';

describe('hostRanges', () => {
  it.each([
    [['p1-50', 'p1-51', 'p1-52'], 'p1-[50:52]'],
    [['p1-50', 'p1-52'], 'p1-50, p1-52'],
    [['p1-8', 'p1-9', 'p1-10'], 'p1-[8:10]'],
    [['p1-098', 'p1-099', 'p1-100'], 'p1-[098:100]'],
    [['p1-9', 'p1-010'], 'p1-9, p1-010'],
    [['p1-08', 'p1-09', 'p1-10'], 'p1-[08:10]'],
    [['p1-50', 'c2-51'], 'p1-50, c2-51'],
    [['miner', 'p1-50'], 'miner, p1-50'],
    [[], ''],
  ])('%j is %j', (hosts, text) => expect(hostRanges(hosts)).toBe(text));

  it('is what --limit understands: it matches the hosts again, and no others', () => {
    const host = fc
      .tuple(fc.constantFrom('p1-', 'c2-', 'rack3-'), fc.integer({ min: 1, max: 30 }))
      .map(([prefix, number]) => `${prefix}${number}`);
    fc.assert(
      fc.property(fc.uniqueArray(host, { minLength: 1 }), host, (hosts, other) => {
        const patterns = hostRanges(hosts.toSorted()).split(', ').map(compilePattern);
        const matches = (name: string) => patterns.some((pattern) => pattern.matches(name));
        expect(hosts.every(matches)).toBe(true);
        expect(matches(other)).toBe(hosts.includes(other));
      }),
    );
  });
});

describe('namesIn', () => {
  it('gives back what a range stands for', () => {
    const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 120 }), { minLength: 1 });
    fc.assert(
      fc.property(numbers, (some) => {
        const names = some.toSorted((a, b) => a - b).map((number) => `P1-${number}`);
        expect(hostRanges(names).split(', ').flatMap(namesIn)).toEqual(names);
      }),
    );
  });

  it.each(['P2', 'P1-3', 'P1-[3:1]', 'P1-[1:99999]', 'P1-[a:b]', '[', ''])('leaves %j as it is', (name) =>
    expect(namesIn(name)).toEqual([name]),
  );
});
