import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GiB, KiB } from '../../../../src/core/units.ts';
import type { PagesOfTask } from '../../../../src/ops/doctor/leaks.ts';
import { failingStarts, leakDiagnosis } from '../../../../src/ops/doctor/leaks.ts';
import { commandsOf, told } from './support.ts';

const PAGES = '/opt/hugepages/layer_labels';
const task = (k: number, runs: boolean | null): PagesOfTask => ({
  name: `P1-${k}`,
  directory: `${k}p1`,
  pages: 128,
  runs,
});
const held = (name: string, pages: number, files = 2) => ({ name, files, kib: (pages * GiB) / KiB });

describe('huge pages of dead tasks', () => {
  it('are none where every file is of a task that runs, or may', () => {
    const tasks = [task(1, true), task(2, null)];
    expect(leakDiagnosis('p1-50', [held('1p1', 128), held('2p1', 128)], tasks, 0)).toEqual({
      findings: [],
      unknowns: [],
    });
    // A file without a page holds none.
    expect(leakDiagnosis('p1-50', [held('3p1', 0)], [task(3, false)], 0).findings).toEqual([]);
  });

  it('of a task of the layout go with its start, and are no more than noted', () => {
    const { findings } = leakDiagnosis('p1-50', [held('3p1', 128)], [task(1, true), task(3, false)], 0);
    expect(told(findings)).toEqual([
      'note leak p1-50: 128 GiB of huge pages are held by files that no process uses',
    ]);
    expect(findings[0]).toMatchObject({
      processes: ['P1-3'],
      evidence: [`${PAGES}/3p1: 2 files, 128 GiB`, '0 pages of 1 GiB are free'],
    });
    expect(commandsOf(findings)).toEqual(['start p1 --limit p1-50 --process P1-3']);
  });

  it('of a task that the layout has no more keep others from starting: which', () => {
    const { findings } = leakDiagnosis('p1-50', [held('15p1', 128)], [task(1, true), task(3, false)], 0);
    expect(findings[0]).toMatchObject({
      severity: 'critical',
      cost: 'the start of P1-3 would fail: it takes 128 pages',
    });
    expect(commandsOf(findings)).toEqual([`find ${PAGES}/15p1 -xdev -mindepth 1 -delete`]);
    expect(leakDiagnosis('p1-50', [held('15p1', 128)], [task(1, true)], 0).findings[0]?.severity).toBe(
      'warn',
    );
  });

  it('of what is no P1 task are looked at, and no command removes them', () => {
    const strange = ['other', '.', '?', '0p1', '12345p1', '1p1x'];
    const { findings } = leakDiagnosis(
      'p1-50',
      strange.map((name) => held(name, 1)),
      [task(1, true)],
      0,
    );
    expect(commandsOf(findings)).toEqual([
      `ls -la ${PAGES}/other ${PAGES} ${PAGES}/0p1 ${PAGES}/12345p1 ${PAGES}/1p1x`,
    ]);
  });

  it('are unknown where nobody could look, and so is what would start where free pages are', () => {
    expect(leakDiagnosis('p1-50', { why: 'x' }, [task(1, false)], 0)).toMatchObject({
      findings: [],
      unknowns: [{ host: 'p1-50', why: 'x' }],
    });
    expect(leakDiagnosis('p1-50', [held('3p1', 1)], [task(3, false)], null).findings[0]?.cost).toContain(
      'not known',
    );
  });
});

it('a start fails exactly where the pages that are free by then do not suffice', () => {
  const tasks = fc.array(fc.record({ runs: fc.constantFrom(true, false, null), own: fc.nat({ max: 200 }) }), {
    maxLength: 14,
  });
  fc.assert(
    fc.property(tasks, fc.nat({ max: 1792 }), (list, free) => {
      const all = list.map(({ runs }, index) => task(index + 1, runs));
      const pages = list.map(({ own }, index) => held(`${index + 1}p1`, own));
      const fails = failingStarts(all, pages, free) ?? [];
      const dead = all.filter(({ runs }) => runs === false);
      expect(dead.map(({ name }) => name)).toEqual(expect.arrayContaining([...fails]));
      // What does start has had its pages: they are never more than there are.
      const there = free + list.reduce((sum, { runs, own }) => sum + (runs === false ? own : 0), 0);
      expect((dead.length - fails.length) * 128).toBeLessThanOrEqual(there);
      if (there >= 128 * all.length && free >= 128 * all.length) expect(fails).toEqual([]);
    }),
  );
});
