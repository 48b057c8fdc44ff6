import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WindowFacts } from '../../../src/lotus/proving-window.ts';
import { provingWindow } from '../../../src/lotus/proving-window.ts';
import { notUnderstood } from '../../../src/lotus/reading.ts';
import { placeOf } from '../../support/lotus/proving-text.ts';
import { healthy, heard, state, withSectors } from './window-support.ts';

const MINUTES = 60;
const judge = (facts: WindowFacts, needed = 20 * MINUTES) => provingWindow(facts, needed);
const partition = (sectors: number, faults = 0, terminated = 0) => ({ sectors, faults, terminated });

describe('open', () => {
  it('once all of the window is proven and the next one is far', () => {
    expect(judge(heard(state()))).toMatchObject({
      type: 'open',
      done: 'proven',
      // Deadline 40 opens at 1032420, and is computed from 1032410 on.
      slack: (1032410 - 1031537) * 30,
      until: 1032410 - 40,
      seen: { now: 1031537, deadline: 25, closes: 1031580, next: { deadline: 40, opens: 1032420 } },
    });
  });

  it.each([
    ['where the deadline has no sectors', { deadlines: withSectors(2, 40), proven: 0 }, 'nothing due'],
    [
      'where those that it had are terminated',
      { deadlines: withSectors([25, [partition(10, 0, 10)]], 40), proven: 0 },
      'nothing due',
    ],
    [
      'where what is missing has only faulty sectors',
      { deadlines: withSectors([25, [healthy(100), partition(7, 7), partition(0)]], 40), proven: 1 },
      'only faulty',
    ],
    ['where the miner has no sectors at all', { deadlines: withSectors(), proven: 0 }, 'no sectors'],
    [
      'of a miner whose recorded deadline is to come',
      { deadlines: withSectors(), proven: 0, opensIn: 900 },
      'no sectors',
    ],
  ])('%s', (_, given, done) => {
    expect(judge(heard(state(given)))).toMatchObject({ type: 'open', done });
  });

  it('for ever where nothing is to be proven in the day ahead', () => {
    expect(judge(heard(state({ deadlines: withSectors(), proven: 0 })))).toMatchObject({
      slack: null,
      until: null,
    });
  });

  it('from deadline 47 on to those after 0', () => {
    const late = state({ epoch: 1030020 + 47 * 60 + 20, deadlines: withSectors(2, 47) });
    expect(judge(heard(late))).toMatchObject({
      type: 'open',
      seen: { deadline: 47, next: { deadline: 2, opens: 1030020 + 2880 + 120 } },
    });
  });

  it('by its own next window alone where it has one deadline', () => {
    expect(judge(heard(state({ deadlines: withSectors(25) })))).toMatchObject({
      seen: { next: { deadline: 25, opens: 1031520 + 2880 } },
    });
  });
});

describe('closed', () => {
  it.each([
    [
      'while partitions are not proven',
      { deadlines: withSectors([25, [healthy(10), healthy(10), healthy(10)]]), proven: 1 },
      { why: 'unproven', deadline: 25, partitions: 2, closes: 1031580 },
    ],
    [
      'while faulty sectors may recover',
      { deadlines: withSectors([25, [healthy(100), partition(7, 7)]]), proven: 1, recovering: 3 },
      { why: 'unproven', partitions: 1 },
    ],
    [
      'while some of what is missing lives',
      { deadlines: withSectors([25, [healthy(100), partition(7, 6)]]), proven: 1 },
      { why: 'unproven', partitions: 1 },
    ],
    [
      'when a proof cannot have stood for long',
      { epoch: 1031526 },
      { why: 'unconfirmed', deadline: 25, until: 1031529 },
    ],
    [
      'when one beside partitions with faulty sectors alone cannot have either',
      { epoch: 1031526, deadlines: withSectors([25, [healthy(100), partition(7, 7)]]), proven: 1 },
      { why: 'unconfirmed', deadline: 25, until: 1031529 },
    ],
    [
      'while it is not told which of the partitions are proven: one of those with faulty sectors alone is',
      { deadlines: withSectors([25, [healthy(100), partition(7, 7), partition(7, 7)]]), proven: 2 },
      { why: 'unproven', partitions: 1 },
    ],
    [
      'when the next window is computed before lotus-miner is back',
      { deadlines: withSectors(25, 26) },
      { why: 'too near', deadline: 26, computes: 1031570, seconds: 33 * 30 },
    ],
    [
      'when the next window opens in two minutes',
      { epoch: 1031576, deadlines: withSectors(25, 26) },
      { why: 'computing', deadline: 26, opens: 1031580 },
    ],
    [
      'when the next window is beyond the end of the period',
      { epoch: 1030020 + 47 * 60 + 45, deadlines: withSectors(0) },
      { why: 'too near', deadline: 0, seconds: 5 * 30 },
    ],
    [
      'while recoveries of the deadline after the next are declared',
      { deadlines: withSectors(25, [27, [partition(10, 3)]]), recovering: 2 },
      { why: 'recoveries', deadline: 27, faults: 3 },
    ],
  ])('%s', (_, given, by) => {
    const closed = judge(
      heard(state({ proven: 'deadlines' in given && given.deadlines[25]?.length === 0 ? 0 : 1, ...given })),
    );
    expect(closed).toMatchObject({ type: 'closed' });
    expect(closed.type === 'closed' && closed.by).toContainEqual(expect.objectContaining(by));
  });

  it('while recoveries would have to be declared before it is back: those of a window that comes', () => {
    // Deadline 26 opens at 1031580; until 1031620 the recoveries of 28 are declared for sure.
    const given = { deadlines: withSectors(25, [28, [partition(10, 3)]]), recovering: 2 };
    expect(judge(heard(state(given)), 80 * 30)).toMatchObject({ type: 'open' });
    const closed = judge(heard(state(given)), 84 * 30);
    expect(closed).toMatchObject({ type: 'closed', by: [{ why: 'recoveries', deadline: 28, faults: 3 }] });
    expect(closed.type === 'closed' && closed.gaps?.[0]?.from).toBeGreaterThanOrEqual(1031640);
  });

  it('from when recoveries are to be declared: until then it is open', () => {
    const given = { deadlines: withSectors(25, [30, [partition(10, 3)]], 40), recovering: 2 };
    // In deadline 28, from 1031700 on, those of 30 are declared, until 1031740 at the latest.
    expect(judge(heard(state(given)), 600)).toMatchObject({ type: 'open', until: 1031699 });
    expect(judge(heard(state(given)), 60 * 30)).toMatchObject({ type: 'open', until: 1031680 });
  });

  it('not by faulty sectors that are all declared to be recovered', () => {
    const given = { deadlines: withSectors(25, [27, [partition(10, 3)]]), recovering: 3 };
    expect(judge(heard(state(given)))).toMatchObject({ type: 'open' });
  });

  it('where the head is some epochs old: the proofs begin that much sooner', () => {
    const near = state({ epoch: 1031548, deadlines: withSectors(25, 26) });
    const needed = 20 * 30;
    expect(judge(heard(near), needed)).toMatchObject({ type: 'open' });
    expect(judge(heard(near, 3), needed)).toMatchObject({ type: 'closed', by: [{ why: 'too near' }] });
  });

  it('where the head is of a window that is over: what the next one has proven is not known', () => {
    const turned = state({ epoch: 1031579, deadlines: withSectors(25, 26, 40) });
    expect(judge(heard(turned, 2))).toMatchObject({
      type: 'closed',
      by: [{ why: 'unproven', deadline: 26, partitions: 1 }],
    });
    const empty = state({ epoch: 1031579, deadlines: withSectors(25, 40), proven: 0 });
    expect(judge(heard(empty, 2))).toMatchObject({
      type: 'open',
      done: 'nothing due',
      seen: { deadline: 26 },
    });
  });

  it('where the node is behind, whatever its numbers say', () => {
    expect(judge(heard(state({ opensIn: 2800 }), 400))).toEqual({
      type: 'closed',
      by: [{ why: 'out of sync', behind: 400 }],
      seen: null,
      gaps: null,
    });
  });
});

describe('unknown', () => {
  const facts = heard(state());
  it.each<[string, Partial<WindowFacts>, RegExp]>([
    ['proving info', { info: notUnderstood('no') }, /proving info: no/],
    ['proving deadlines', { deadlines: notUnderstood('no') }, /proving deadlines: no/],
    ['proving deadline', { partitions: notUnderstood('no') }, /proving deadline: no/],
    ['lotus status', { status: notUnderstood('no') }, /lotus status: no/],
  ])('where %s is not understood', (_, given, why) => {
    expect(judge({ ...facts, ...given })).toEqual({ type: 'unknown', why: expect.stringMatching(why) });
  });

  it.each<[string, Partial<WindowFacts>, RegExp]>([
    ['two miners', { deadlines: heard(state({ miner: 'f04' })).deadlines }, /is of f01234/],
    [
      'two deadlines',
      { deadlines: heard(state({ epoch: 1031580, proven: 0 })).deadlines },
      /deadline 25, proving deadlines at 26/,
    ],
    [
      'partitions of another deadline',
      { partitions: heard(state({ epoch: 1031580, deadlines: withSectors(26) })).partitions },
      /those of deadline 26/,
    ],
    [
      'partitions that are more',
      { partitions: heard(state({ deadlines: withSectors([25, [healthy(1), healthy(1)]]) })).partitions },
      /has 1 partitions, and 2/,
    ],
    [
      'more sectors that live than there are',
      { deadlines: heard(state({ deadlines: withSectors([25, [healthy(99)]]) })).deadlines },
      /100 sectors that live, and 99/,
    ],
    ['more recoveries than faults', { info: heard(state({ recovering: 2 })).info }, /2 sectors recover/],
    ['a head that is elsewhere', { status: heard(state({ epoch: 1031545 })).status }, /at epoch 1031545/],
  ])('where the answers contradict each other: %s', (_, given, why) => {
    expect(judge({ ...facts, ...given })).toEqual({ type: 'unknown', why: expect.stringMatching(why) });
  });

  it.each([
    ['of the deadline itself', withSectors(25), 'deadline 25 has sectors'],
    // Deadline 25 opens in 15 windows, says proving info.
    ['of the one that would be open', withSectors(10), 'deadline 10 has sectors'],
  ])('where no window is said to be open, with sectors %s', (_, deadlines, why) => {
    const window = judge(heard(state({ opensIn: 900, deadlines, proven: 0 })));
    expect(window).toEqual({ type: 'unknown', why: expect.stringContaining(why) });
  });

  it('for a time that is none', () => {
    expect(judge(facts, Number.NaN).type).toBe('unknown');
  });
});

describe('whatever the miner is like', () => {
  const partitions = fc
    .record({ sectors: fc.nat({ max: 50 }), faulty: fc.nat({ max: 50 }), dead: fc.nat({ max: 50 }) })
    .map(({ sectors, faulty, dead }) => {
      const faults = Math.min(sectors, faulty % 3 === 0 ? sectors : faulty % 4);
      return partition(sectors, faults, dead % 5 === 0 ? sectors - faults : 0);
    });
  const deadlines = fc.array(
    fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.array(partitions, { minLength: 1, maxLength: 3 })),
    { minLength: 48, maxLength: 48 },
  );
  const any = fc
    .record({
      epoch: fc.integer({ min: 1_000_000, max: 1_100_000 }),
      periodStart: fc.integer({ min: 900_000, max: 902_880 }),
      deadlines,
      proven: fc.nat({ max: 3 }),
      recovering: fc.oneof(fc.constant(0), fc.nat({ max: 9 })),
      behind: fc.nat({ max: 4 }),
      needed: fc.integer({ min: 0, max: 4 * 3600 }),
    })
    .map(({ proven, recovering, behind, needed, ...given }) => {
      const at = placeOf(state(given));
      const faults = given.deadlines.flat().reduce((sum, one) => sum + one.faults, 0);
      const of = state({
        ...given,
        proven: Math.min(proven, given.deadlines[at.index]?.length ?? 0),
        recovering: Math.min(recovering, faults),
      });
      return { of, behind, needed, at };
    });

  it('open is never said where a proof is owed, or would be before lotus-miner is back', () => {
    fc.assert(
      fc.property(any, ({ of, behind, needed, at }) => {
        const window = judge(heard(of, behind), needed);
        expect(window.type).not.toBe('unknown');
        if (window.type !== 'open') return;
        expect(behind).toBeLessThanOrEqual(3);
        const now = of.epoch + behind;
        // The window of now, where it is that of the head.
        const own = of.deadlines[at.index] ?? [];
        const provable = own.filter(
          ({ sectors, faults, terminated }) =>
            sectors - terminated > 0 && (sectors !== faults || of.recovering > 0),
        );
        if (now < at.open + 60) expect(of.proven).toBeGreaterThanOrEqual(provable.length);
        // All others, for as long as it is down: no proof has begun to be computed, and no window is open.
        for (let more = 1; more <= 60; more++) {
          const row = of.deadlines[(at.index + more) % 48] ?? [];
          const lives = row.some(({ sectors }) => sectors > 0);
          if (lives) expect(now * 30 + needed).toBeLessThanOrEqual((at.open + more * 60 - 10) * 30);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('what is open now is the first of the gaps, and what is closed is in none that is sure', () => {
    fc.assert(
      fc.property(any, ({ of, behind, needed }) => {
        const window = judge(heard(of, behind), needed);
        if (window.type === 'unknown' || window.gaps === null || window.seen === null) return;
        const { now } = window.seen;
        const [first] = window.gaps;
        if (window.type === 'open') {
          expect(first).toMatchObject({ from: now, sure: now });
          if (first && window.until !== null) expect(first.until).toBeLessThanOrEqual(window.until);
        } else if (first) expect(first.sure).not.toBe(now);
        for (const gap of window.gaps) {
          expect(gap.from).toBeLessThanOrEqual(gap.sure ?? gap.from);
          expect(gap.sure ?? gap.from).toBeLessThanOrEqual(gap.until);
          expect(gap.until).toBeLessThan(now + 2880);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('a gap that is sure is open when it has come', () => {
    fc.assert(
      fc.property(any, fc.nat(), ({ of, needed, at }, which) => {
        const window = judge(heard(of), needed);
        if (window.type === 'unknown' || window.gaps === null) return;
        const sure = window.gaps.filter((gap) => gap.sure !== null);
        const gap = sure[which % Math.max(1, sure.length)];
        if (!gap || gap.sure === null) return;
        const place = placeOf(state({ ...of, epoch: gap.sure }));
        // What nobody proves, being faulty, does not come to be proven in the window that is open.
        const proven = place.open === at.open ? of.proven : (of.deadlines[place.index]?.length ?? 0);
        const then = state({ ...of, epoch: gap.sure, proven });
        expect(judge(heard(then), needed)).toMatchObject({ type: 'open' });
      }),
      { numRuns: 300 },
    );
  });
});
