import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sealedIn } from '../../../../src/ops/pledge/estimate.ts';

const HOUR = 3600;
/** P2, the wait for the seed, and C2 of a sector of 64 GiB. */
const AFTER = 20 * 60 + 150 * 30 + 12 * 60;
const work = { slots: 14, running: [], waiting: 14, tickets: null };

describe('when the last sector is sealed', () => {
  it('is one round of P1 where all begin at once', () => {
    expect(sealedIn('64GiB', work)).toBe(6 * HOUR + AFTER);
  });

  it('is another round where there are more sectors than P1 tasks', () => {
    expect(sealedIn('64GiB', { ...work, waiting: 15 })).toBe(12 * HOUR + AFTER);
  });

  it('goes by what those at work have left', () => {
    const running = Array.from({ length: 14 }, () => 4 * HOUR);
    expect(sealedIn('64GiB', { ...work, running, waiting: 1 })).toBe(2 * HOUR + 6 * HOUR + AFTER);
    const late = Array.from({ length: 14 }, () => 9 * HOUR);
    expect(sealedIn('64GiB', { ...work, running: late, waiting: 1 })).toBe(6 * HOUR + AFTER);
  });

  it('goes by the pace at which the miner gives them out: 14 in 28 minutes, less the last pause', () => {
    const tickets = { number: 2, seconds: 240 };
    expect(sealedIn('64GiB', { ...work, tickets })).toBe(24 * 60 + 6 * HOUR + AFTER);
  });

  it('cannot be said where nothing takes P1, or of sectors of test networks', () => {
    expect(sealedIn('64GiB', { ...work, slots: 0 })).toBeNull();
    expect(sealedIn('2KiB', work)).toBeNull();
  });

  it('never comes earlier with more sectors, fewer tasks or a slower pace', () => {
    const any = fc.record({
      slots: fc.integer({ min: 1, max: 60 }),
      running: fc.array(fc.integer({ min: 0, max: 30_000 }), { maxLength: 60 }),
      waiting: fc.integer({ min: 1, max: 300 }),
      tickets: fc.option(
        fc.record({
          number: fc.integer({ min: 1, max: 9 }),
          seconds: fc.integer({ min: 1, max: 900 }),
        }),
      ),
    });
    fc.assert(
      fc.property(any, (one) => {
        const seconds = sealedIn('32GiB', one) ?? Number.NaN;
        const more = sealedIn('32GiB', { ...one, waiting: one.waiting + 1 }) ?? Number.NaN;
        const bigger = sealedIn('32GiB', { ...one, slots: one.slots + 1 }) ?? Number.NaN;
        const free = sealedIn('32GiB', { ...one, tickets: null }) ?? Number.NaN;
        expect(seconds).toBeGreaterThanOrEqual(3 * HOUR);
        expect(more).toBeGreaterThanOrEqual(seconds);
        expect(bigger).toBeLessThanOrEqual(seconds);
        expect(free).toBeLessThanOrEqual(seconds);
      }),
    );
  });
});
