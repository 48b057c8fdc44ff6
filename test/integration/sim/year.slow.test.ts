import { describe, expect, it } from 'vitest';
import type { Rule } from '../../sim/asked.ts';
import { RULES } from '../../sim/asked.ts';
import { reportOf } from '../../sim/report.ts';
import { yearOf } from '../../sim/year.ts';

/** Its chances have all that is looked for here. */
const SEED = 4;
const years = (broken: Rule | null, miners = 2, upgrades = 40) =>
  Array.from({ length: miners }, (_, number) => yearOf(SEED, number, upgrades, broken));
const unsafe = (all: ReturnType<typeof years>) =>
  all.flatMap(({ upgrades }) => upgrades.flatMap((one) => one.unsafe ?? []));

describe('the simulated year', { timeout: 120_000 }, () => {
  it('is clean by the gate', () => {
    const all = years(null);
    expect(unsafe(all)).toEqual([]);
    expect(all.flatMap(({ missed }) => missed.filter(({ isOurs }) => isOurs))).toEqual([]);
    expect(reportOf(all).lines.join('\n')).toContain('restarts');
  });

  it('is the same for the same seed', () => {
    expect(years(null, 1, 5)).toEqual(years(null, 1, 5));
  });

  it.each(Object.keys(RULES).filter((rule): rule is Rule => rule in RULES))(
    'is not clean where the gate is lied to: %s',
    (rule) => {
      const all = years(rule);
      expect(unsafe(all)).not.toEqual([]);
      expect(reportOf(all).isGood).toBe(false);
    },
  );
});
