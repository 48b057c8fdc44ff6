import { setMaxListeners } from 'node:events';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Pacer } from '../../../../src/ops/pace/pacer.ts';
import type { Starting } from '../../../../src/ops/pace/schedule.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const P1 = Array.from({ length: 14 }, () => 30);
const hosts = (number: number, pauses: readonly number[] = P1): Starting[] =>
  Array.from({ length: number }, (_, index) => ({ host: `h${index}`, pauses }));

const pacerOf = (perMinute = 12, atOnce = 50) => {
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);
  const pacer = new Pacer({
    perMinute,
    atOnce,
    now: () => performance.now(),
    after: (ms, callback) => {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
    signal: stopping.signal,
  });
  return { pacer, interrupt: () => stopping.abort() };
};

const sleep = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms));

/** What a host does: it comes at some time, starts one after the other as the runner does, and may fail on the way. */
interface Behaviour {
  readonly comes: number;
  /** Milliseconds that each start takes. */
  readonly takes: number;
  readonly failsAt: number;
}

/** The times at which hosts start something, in milliseconds. */
const startsOf = async (pacer: Pacer, all: readonly (Starting & Behaviour)[]): Promise<readonly number[]> => {
  const times: number[] = [];
  const one = async ({ host, pauses, comes, takes, failsAt }: Starting & Behaviour) => {
    await sleep(comes);
    expect(await pacer.lane(host)).toBe(true);
    expect(await pacer.turn(host)).toBe(true);
    const every = pacer.every * 10;
    const first = performance.now();
    let next = first;
    for (const [index, pause] of pauses.entries()) {
      if (index === failsAt) break;
      const at = first + Math.ceil((Math.max(performance.now() - 1000, next) - first) / every) * every;
      next = at + (pause > 0 ? pause * 1000 : 10);
      await sleep(Math.max(0, at - performance.now()));
      times.push(performance.now());
      await sleep(takes);
    }
    pacer.release(host);
  };
  const under = Promise.all(all.map(one));
  await vi.runAllTimersAsync();
  await under;
  return times.toSorted((a, b) => a - b);
};

const punctual: Behaviour = { comes: 0, takes: 2500, failsAt: -1 };

describe('the hosts of a run', () => {
  it('start as the schedule says where all goes well', async () => {
    const { pacer } = pacerOf();
    const all = hosts(24);
    pacer.begin(all);
    const times = await startsOf(
      pacer,
      all.map((host) => ({ ...host, ...punctual })),
    );
    expect(times).toHaveLength(336);
    expect(((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1000).toBeCloseTo(335 * 5, 0);
  });

  it('never start more than the rate in a minute, whenever they come, however long they take, whoever fails', async () => {
    const behaviour = fc.record({
      comes: fc.nat({ max: 200_000 }),
      takes: fc.integer({ min: 100, max: 20_000 }),
      failsAt: fc.integer({ min: -20, max: 4 }),
      pauses: fc.array(fc.constantFrom(0, 5, 30), { minLength: 1, maxLength: 6 }),
    });
    const all = fc.array(behaviour, { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(
        all,
        fc.integer({ min: 2, max: 30 }),
        fc.integer({ min: 1, max: 6 }),
        async (some, perMinute, atOnce) => {
          const named = some.map((one, index) => ({ ...one, host: `h${index}` }));
          const { pacer } = pacerOf(perMinute, atOnce);
          pacer.begin(named);
          const times = await startsOf(pacer, named);
          for (const [index, time] of times.entries()) {
            const later = times[index + perMinute];
            // Who has a turn may be late by a moment, and the next one is not.
            if (later !== undefined) expect(later - time).toBeGreaterThanOrEqual(60_000 - 2500);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('take over the turns of one that has failed', async () => {
    const { pacer } = pacerOf();
    const all = hosts(7, [30, 30]);
    // Seven lanes: all come at once, but one that comes when the first has failed.
    pacer.begin(all.slice(0, 6));
    const times = await startsOf(pacer, [
      ...all.slice(0, 6).map((host, index) => ({ ...host, ...punctual, failsAt: index === 0 ? 1 : -1 })),
      ...all.slice(6).map((host) => ({ ...host, ...punctual, comes: 100 })),
    ]);
    expect(times).toHaveLength(13);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeLessThan(62_000);
  });

  it('of the next batch begin anew, no sooner than a slot after the last one', async () => {
    const { pacer } = pacerOf();
    const [first, second] = [hosts(2, [0]), hosts(2, [0]).map((one) => ({ ...one, host: `b${one.host}` }))];
    pacer.begin(first);
    await startsOf(
      pacer,
      first.map((host) => ({ ...host, ...punctual, takes: 100 })),
    );
    const ended = performance.now();
    pacer.begin(second);
    const times = await startsOf(
      pacer,
      second.map((host) => ({ ...host, ...punctual })),
    );
    expect((times[0] ?? 0) - ended).toBeGreaterThanOrEqual(4900);
  });

  it('keep to the rate over batches of which some start nothing, whoever starts again in them', async () => {
    const { pacer } = pacerOf(12, 6);
    const all = hosts(9, [30, 30, 30]);
    const batches = [all.slice(0, 1), [], all.slice(1, 4), all.slice(4)];
    const times: number[] = [];
    for (const batch of batches) {
      pacer.begin(batch);
      const twice = batch.slice(0, 1);
      for (const some of [batch, twice])
        times.push(
          ...(await startsOf(
            pacer,
            some.map((host) => ({ ...host, ...punctual })),
          )),
        );
    }
    for (const [index, time] of times.entries()) {
      const later = times[index + 12];
      if (later !== undefined) expect(later - time).toBeGreaterThanOrEqual(60_000 - 2500);
    }
  });

  it('of which nobody was told wait for their turn as well', async () => {
    const { pacer } = pacerOf();
    const times = await startsOf(
      pacer,
      hosts(3, [0]).map((host) => ({ ...host, ...punctual })),
    );
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(4900);
    expect(times).toHaveLength(3);
  });
});

describe('an interrupt', () => {
  it('ends all waiting, for a lane and for a turn', async () => {
    const { pacer, interrupt } = pacerOf();
    const [first, second, third] = hosts(3, [0]).map(({ host }) => host);
    pacer.begin([{ host: first ?? '', pauses: [0] }]);
    expect(await pacer.lane(first ?? '')).toBe(true);
    expect(pacer.mustWait(second ?? '')).toBe(true);
    const waiting = Promise.all([pacer.lane(second ?? ''), pacer.lane(third ?? '')]);
    await sleepFake(3000);
    const turn = pacer.turn(first ?? '');
    interrupt();
    expect(await waiting).toEqual([false, false]);
    expect(await turn).toBe(false);
    expect(await pacer.lane(first ?? '')).toBe(false);
  });
});

const sleepFake = (ms: number) => vi.advanceTimersByTimeAsync(ms);
