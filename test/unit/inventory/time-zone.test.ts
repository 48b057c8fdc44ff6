import { describe, expect, it } from 'vitest';
import { isTimeZone, nearTimeZone } from '../../../src/inventory/time-zone.ts';

describe('a time zone', () => {
  it.each(
    'Asia/Shanghai Asia/Chongqing Asia/Urumqi PRC Hongkong Singapore UTC Etc/UTC Etc/GMT-8 GMT EST US/Pacific America/Argentina/Buenos_Aires Europe/Kyiv Asia/Calcutta CST6CDT'.split(
      ' ',
    ),
  )('%s is one, as a host has it', (zone) => {
    expect(isTimeZone(zone)).toBe(true);
  });

  it('is what Intl lists, each of them', () => {
    expect(Intl.supportedValuesOf('timeZone').filter((zone) => !isTimeZone(zone))).toEqual([]);
  });

  it.each(
    'Asia/Beijing CST CTT JST asia/shanghai ASIA/SHANGHAI SystemV/PST8 GMT+8 +08:00 localtime posix/Asia/Shanghai /Asia/Shanghai ../etc/passwd Asia/'.split(
      ' ',
    ),
  )('%s is none', (zone) => {
    expect(isTimeZone(zone)).toBe(false);
    expect(isTimeZone('')).toBe(false);
  });

  it.each([
    ['Asia/Beijing', 'Asia/Shanghai'],
    ['Beijing', 'Asia/Shanghai'],
    ['CST', 'Asia/Shanghai'],
    ['UTC+8', 'Asia/Shanghai'],
    ['asia/shanghai', 'Asia/Shanghai'],
    ['Asia Shanghai', 'Asia/Shanghai'],
    ['Asia/Shangai', 'Asia/Shanghai'],
    ['Tokyo', 'Asia/Tokyo'],
    ['America/New York', 'America/New_York'],
    ['Moon/Base', undefined],
  ])('%s was meant to be %s', (zone, meant) => {
    expect(nearTimeZone(zone)).toBe(meant);
  });
});
