import { describe, expect, it } from 'vitest';
import { ageOf, type BackupsStatus, judgeBackups } from '../../../../src/ops/backups/judge.ts';

const HOUR = 3600;
const NOW = 1_796_000_000;
const newest = (age: number) => ({ name: 'f0494733-20261129T000000Z', at: NOW - age, bytes: 5 });
const status = (more: Partial<BackupsStatus> = {}): BackupsStatus => ({
  directory: '/backup/f0494733',
  mount: '/backup',
  hours: 6,
  now: NOW,
  hasMiner: true,
  here: { type: 'read', count: 2, newest: newest(HOUR) },
  there: { type: 'read', count: 28, newest: newest(HOUR) },
  last: { ok: true, at: NOW - HOUR, says: 'f0494733-20261129T000000Z' },
  ...more,
});
const there = (age: number): Partial<BackupsStatus> => ({
  there: { type: 'read', count: 28, newest: newest(age) },
});
const failed = { ok: false, at: NOW - 60, says: 'the disk is full' };

describe('backups of a miner', () => {
  it.each<[string, Partial<BackupsStatus>, string, RegExp]>([
    ['fine', {}, 'ok', /is 1 h 0 min old, 28 backups in \/backup\/f0494733$/],
    ['fine just before twice the time', there(12 * HOUR), 'ok', /12 h 0 min old/],
    [
      'bad after twice the time',
      there(12 * HOUR + 1),
      'bad',
      /12 h 0 min old, and one is made every 6 hours$/,
    ],
    [
      'bad where there is none',
      { there: { type: 'read', count: 0, newest: null } },
      'bad',
      /no whole backup/,
    ],
    [
      'bad where nothing is mounted',
      { there: { type: 'not mounted' } },
      'bad',
      /nothing is mounted at \/backup/,
    ],
    ['told where the last one failed', { last: failed }, 'warn', /last backup of lotus-miner failed/],
    [
      'not told of a failure before the newest',
      { last: { ...failed, at: NOW - 2 * HOUR } },
      'ok',
      /1 h 0 min old/,
    ],
    [
      'not known where nobody can read them',
      { there: { type: 'unknown', why: 'x' } },
      'unknown',
      /are not known$/,
    ],
    ['not known without a time', { now: null }, 'unknown', /the age of \S+ is not known$/],
    ['not known of a time to come', there(-2 * HOUR), 'unknown', /has not come yet/],
    ['fine where the clock was set back a little', there(-60), 'ok', /is 0\.0 s old/],
    [
      'not asked for before there is a miner',
      { hasMiner: false, there: { type: 'not mounted' } },
      'ok',
      /no miner yet/,
    ],
    [
      'asked for where it is not known whether there is one',
      { hasMiner: null, ...there(99 * HOUR) },
      'bad',
      /99 h/,
    ],
  ])('are %s', (_, more, state, message) => {
    const found = judgeBackups(status(more));
    expect(found.state).toBe(state);
    expect(found.message).toMatch(message);
  });

  it('say why the last one failed, where that matters', () => {
    expect(judgeBackups(status({ ...there(99 * HOUR), last: failed })).why).toBe(
      'the last one failed: the disk is full',
    );
  });

  it('have an age only where it is known', () => {
    expect(ageOf(status())).toBe(HOUR);
    expect(ageOf(status({ now: null }))).toBeNull();
    expect(ageOf(status({ there: { type: 'not mounted' } }))).toBeNull();
  });
});
