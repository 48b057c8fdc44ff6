import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Schedule, Starting } from '../../../../src/ops/pace/schedule.ts';
import { scheduleStarts } from '../../../../src/ops/pace/schedule.ts';

const hosts = (number: number, pauses: readonly number[]): Starting[] =>
  Array.from({ length: number }, (_, index) => ({ host: `p1-${50 + index}`, pauses }));
const P1 = Array.from({ length: 14 }, () => 30);

const anyHosts = fc
  .array(fc.array(fc.nat({ max: 90 }), { minLength: 1, maxLength: 18 }), { minLength: 1, maxLength: 40 })
  .map((all): Starting[] => all.map((pauses, index) => ({ host: `h${index}`, pauses })));
const anyRate = fc.record({
  perMinute: fc.integer({ min: 1, max: 200 }),
  atOnce: fc.integer({ min: 1, max: 50 }),
});

const allTimes = ({ turns }: Schedule) => turns.flatMap(({ times }) => times).toSorted((a, b) => a - b);

describe('whatever is to be started', () => {
  test('never more than the rate are started in any minute', () => {
    fc.assert(
      fc.property(anyHosts, anyRate, (all, rate) => {
        const times = allTimes(scheduleStarts(all, rate));
        for (const [index, time] of times.entries()) {
          const later = times[index + rate.perMinute];
          if (later !== undefined) expect(later - time).toBeGreaterThanOrEqual(6000);
        }
      }),
    );
  });

  test('nothing is left out, in its order, with the pause after each, on no more hosts at once than may be changed', () => {
    fc.assert(
      fc.property(anyHosts, anyRate, (all, rate) => {
        const { turns } = scheduleStarts(all, rate);
        expect(turns.map(({ host }) => host)).toEqual(all.map(({ host }) => host));
        for (const [index, { times }] of turns.entries()) {
          const pauses = all[index]?.pauses ?? [];
          expect(times).toHaveLength(pauses.length);
          for (const [at, time] of times.slice(1).entries())
            expect(time - (times[at] ?? 0)).toBeGreaterThanOrEqual((pauses[at] ?? 0) * 100);
        }
        for (const {
          times: [begin = 0],
        } of turns) {
          const under = turns.filter(({ times }) => (times[0] ?? 0) <= begin && begin <= (times.at(-1) ?? 0));
          expect(under.length).toBeLessThanOrEqual(rate.atOnce);
        }
      }),
    );
  });

  /** What a host that is late, or has failed, leaves to others can do no harm: nobody else's turn is at that time. */
  test('no turn of a lane is nearer than a slot to one of another, however long they go on', () => {
    fc.assert(
      fc.property(anyHosts, anyRate, fc.nat(1000), (all, rate, n) => {
        const { slot, every, lanes } = scheduleStarts(all, rate);
        expect(lanes * slot).toBeLessThanOrEqual(Math.max(every, slot));
        const near = Array.from({ length: lanes }, (_, lane) => lane * slot + n * every);
        for (const [index, time] of near.slice(1).entries()) expect(time - (near[index] ?? 0)).toBe(slot);
      }),
    );
  });
});

describe('time', () => {
  test('24 hosts with 14 P1 each take 28 minutes at 12 a minute, six hosts at a time with the pause of the handbook', () => {
    const schedule = scheduleStarts(hosts(24, P1), { perMinute: 12, atOnce: 50 });
    expect(schedule).toMatchObject({ slot: 500, every: 3000, lanes: 6, length: (336 - 1) * 500 });
    expect(schedule.turns[0]?.times.slice(0, 3)).toEqual([0, 3000, 6000]);
    expect(schedule.turns[7]?.times[0]).toBe(14 * 3000 + 500);
  });

  /** Nothing can be over sooner than one start a slot, or than the pauses of one host. */
  test.each([1, 2, 3, 4, 5, 6, 7, 8, 13, 25, 31, 48])(
    '%i hosts that are alike take no longer than they must',
    (n) => {
      for (const perMinute of [4, 6, 12, 20]) {
        const { length, slot } = scheduleStarts(hosts(n, P1), { perMinute, atOnce: 50 });
        expect(length).toBe(Math.max((n * 14 - 1) * slot, 13 * 3000 + Math.min(n - 1, 2999) * slot));
      }
    },
  );

  test('of hosts that are not alike none waits for long: within a quarter of what cannot be undercut', () => {
    const all = [
      ...hosts(24, [0, 0, ...P1]),
      ...hosts(3, [0, 0, 0, 0]).map((one) => ({ ...one, host: `c${one.host}` })),
    ];
    const { length } = scheduleStarts(all, { perMinute: 12, atOnce: 50 });
    expect(length).toBeLessThan((24 * 16 + 12) * 500 * 1.1);
  });

  test('hosts with one process each do not wait until the one before is seen to be done', () => {
    const { lanes, length } = scheduleStarts(hosts(6, [0]), { perMinute: 60, atOnce: 50 });
    expect([lanes, length]).toEqual([6, 500]);
  });

  test('one host alone waits for little else than its pauses', () => {
    const { turns, every } = scheduleStarts(hosts(1, [0, 0, 30, 30, 30]), { perMinute: 12, atOnce: 50 });
    expect(every).toBe(500);
    expect(turns[0]?.times).toEqual([0, 500, 1000, 4000, 7000]);
  });

  test('nothing to start takes no time', () => {
    expect(scheduleStarts([], { perMinute: 12, atOnce: 50 })).toMatchObject({ turns: [], length: 0 });
  });
});
