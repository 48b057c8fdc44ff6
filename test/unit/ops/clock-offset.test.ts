import { describe, expect, it } from 'vitest';
import { FcopsError } from '../../../src/core/problem.ts';
import type { Query } from '../../../src/engine/query.ts';
import { askClock, isWithin, offsetOf, offsetText, parseClock } from '../../../src/ops/clock-offset.ts';

const said = (...rows: string[]): string =>
  ['begin\t1764446400.100000000', ...rows, 'end\t1764446400.600000000', ''].join('\n');

describe('what a host says of its clock', () => {
  it('is its time before and after it was asked who keeps it', () => {
    expect(parseClock(said())).toEqual({
      ok: true,
      value: { begin: 1764446400100, end: 1764446400600, synchronized: { type: 'unknown' } },
    });
  });

  it.each([
    ['chrony\tLeap status     : Normal', { type: 'yes', by: 'chrony' }],
    ['chrony\tLeap status     : Insert second', { type: 'yes', by: 'chrony' }],
    ['chrony\tLeap status     : Not synchronised', { type: 'no', by: 'chrony' }],
    [
      'ntp\tassociationid=0 status=0615 leap_none, sync_ntp, 1 event, clock_sync,',
      { type: 'yes', by: 'ntp' },
    ],
    [
      'ntp\tassociationid=0 status=c016 leap_alarm, sync_unspec, 1 event, restart,',
      { type: 'no', by: 'ntp' },
    ],
    ['ntp\tassociationid=0 status=0016 leap_none, sync_unspec, 1 event, restart,', { type: 'no', by: 'ntp' }],
    ['kernel\tSystem clock synchronized: yes', { type: 'yes', by: 'kernel' }],
    ['kernel\t         NTP synchronized: no', { type: 'no', by: 'kernel' }],
  ])('tells who keeps it: %s', (row, synchronized) => {
    expect(parseClock(said(row))).toMatchObject({ value: { synchronized } });
  });

  it.each([
    ['begin\t1764446400.100000000\n', 'the answer of the host broke off before its end'],
    ['', 'the answer of the host broke off before its end'],
    ['begin\t1764446400.%N\nend\t1764446400.%N\n', 'its date command does not print a time'],
    ['begin\t\nend\t\n', 'its date command does not print a time'],
  ])('is not guessed: %j', (text, why) => {
    expect(parseClock(text)).toEqual({ ok: false, error: why });
  });
});

describe('the offset of a clock', () => {
  it('is bounded by the trip without the time that the host took', () => {
    // Two seconds ahead; 30 ms there, 10 ms back, half a second on the host.
    expect(offsetOf({ begin: 12_030, end: 12_530 }, 10_000, 10_540)).toEqual({
      offset: 2010,
      uncertainty: 20,
    });
  });

  it('goes by its last word where the clock was set meanwhile', () => {
    expect(offsetOf({ begin: 900_000, end: 10_020 }, 10_000, 10_040)).toEqual({ offset: 0, uncertainty: 20 });
    expect(offsetOf({ begin: 5000, end: 10_020 }, 10_000, 10_040)).toEqual({ offset: 0, uncertainty: 20 });
  });

  it('is within a limit, beyond it, or not to be told', () => {
    expect(isWithin({ offset: -980, uncertainty: 20 }, 1000)).toBe(true);
    expect(isWithin({ offset: -1030, uncertainty: 20 }, 1000)).toBe(false);
    expect(isWithin({ offset: 1010, uncertainty: 20 }, 1000)).toBeNull();
    expect(isWithin({ offset: 10, uncertainty: 4000 }, 1000)).toBeNull();
  });

  it.each([
    [{ offset: 2400, uncertainty: 12 }, '2.4 s ahead (± 12 ms)'],
    [{ offset: -483_000, uncertainty: 40.2 }, '8 min 3 s behind (± 41 ms)'],
    [{ offset: 5, uncertainty: 12 }, 'right (± 12 ms)'],
    [{ offset: -45, uncertainty: 0.2 }, '45 ms behind (± 1 ms)'],
  ])('in words: %j', (offset, text) => {
    expect(offsetText(offset)).toBe(text);
  });
});

describe('asking for it', () => {
  it('does not count the way in', async () => {
    let time = 0;
    const session = {
      open: async () => {
        time += 3000;
      },
      ask: async <Answer>({ parse }: Query<Answer>) => {
        time += 20;
        const begin = `begin\t${((1_000_000 + time + 5000) / 1000).toFixed(9)}\n`;
        time += 40;
        const end = `end\t${((1_000_000 + time + 5000) / 1000).toFixed(9)}\n`;
        time += 20;
        const answer = parse(`${begin}${end}`);
        if (!answer.ok) throw new Error(answer.error);
        return answer.value;
      },
    };
    const clock = await askClock(session, {
      now: () => time,
      date: () => new Date(1_000_000 + time),
    });
    expect(clock.offset).toBeCloseTo(5000);
    expect(clock.uncertainty).toBeCloseTo(20);
  });

  it('rejects where the host does not answer', async () => {
    const gone = new FcopsError({ kind: 'connect', what: 'no way in' });
    const session = { open: () => Promise.reject(gone), ask: () => Promise.reject(gone) };
    await expect(askClock(session, { now: () => 0, date: () => new Date(0) })).rejects.toBe(gone);
  });
});
