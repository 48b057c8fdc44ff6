import { describe, expect, it } from 'vitest';
import { p1Findings } from '../../../../src/ops/doctor/p1.ts';
import { allOf, HOUR, job, officialAt, p1Host } from '../jobs/support.ts';
import type { Stated } from './support.ts';
import { commandsOf, pipeline, sectorsIn, told } from './support.ts';

const host = p1Host(50, 4);
const of = (stated: Partial<Stated>) =>
  p1Findings(pipeline({ hosts: [host], workers: allOf(host), ...stated }));
const busy = (...numbers: readonly number[]) =>
  numbers.map((k) => job(host, `P1-${k}`, 'PC1', k, { seconds: HOUR }));

describe('P1', () => {
  it('is well where each task has a sector, or one comes', () => {
    expect(of({ jobs: busy(1, 2, 3, 4), sectors: sectorsIn({ PreCommit1: 4 }) })).toEqual([]);
    expect(of({ jobs: busy(1), sectors: sectorsIn({ PreCommit1: 1, Packing: 3 }) })).toEqual([]);
  });

  it('has no sector where none is pledged: a pledge mends it', () => {
    const found = of({ jobs: busy(1), sectors: sectorsIn({ PreCommit1: 1, WaitSeed: 5 }) });
    expect(told(found)).toEqual(['warn p1 null: 3 of 4 P1 tasks have no sector, and none is pledged']);
    expect(found[0]?.cost).toBe(
      '3 P1 tasks × 5 h 30 min to 6 h stand still: up to 12 sectors (768 GiB) a day are not sealed',
    );
    expect(commandsOf(found)).toEqual(['pledge 3']);
  });

  it('is only noted where few of many have none, and not guessed where nobody tells', () => {
    const big = p1Host(50, 14);
    const jobs = Array.from({ length: 12 }, (_, index) => job(big, `P1-${index + 1}`, 'PC1', index));
    const stated = { hosts: [big], workers: allOf(big), jobs, sectors: sectorsIn({ PreCommit1: 12 }) };
    expect(told(p1Findings(pipeline(stated)))).toEqual([
      'note p1 null: 2 of 14 P1 tasks have no sector, and none is pledged',
    ]);
    expect(p1Findings(pipeline({ ...stated, sectors: null }))).toEqual([]);
    // The official program tells hosts alone: as many workers as the host has are all of them.
    const official = allOf(big, officialAt);
    expect(p1Findings(pipeline({ ...stated, workers: official }))).toHaveLength(1);
    expect(p1Findings(pipeline({ ...stated, workers: official.slice(0, 9) }))).toEqual([]);
  });

  it('does not begin what was given to it', () => {
    const given = (seconds: number) =>
      job(host, 'P1-2', 'PC1', 9, { id: '00000000', state: { type: 'assigned', window: 0 }, seconds });
    expect(of({ jobs: [...busy(1), given(1800)], sectors: sectorsIn({ PreCommit1: 2 }) })).toEqual([]);
    expect(told(of({ jobs: [...busy(1), given(2 * HOUR)], sectors: sectorsIn({ PreCommit1: 2 }) }))).toEqual([
      'warn p1 p1-50: P1 does not begin sectors that were given to it',
    ]);
    expect(of({ jobs: [given(2 * HOUR)], sectors: sectorsIn({ PreCommit1: 1 }) })[0]?.severity).toBe(
      'critical',
    );
  });

  it('is late: it is left running, as its hours would be lost', () => {
    const found = of({
      jobs: [...busy(2, 3, 4), job(host, 'P1-1', 'PC1', 1, { seconds: 9 * HOUR })],
      sectors: sectorsIn({ PreCommit1: 4 }),
    });
    expect(told(found)).toEqual(['warn p1 p1-50: P1 takes longer than the 5 h 30 min to 6 h that it should']);
    expect(found[0]?.cost).toBe('3 h 0 min of P1 so far; ending one of them loses all of its hours');
    expect(commandsOf(found).some((one) => one.startsWith('restart'))).toBe(false);
  });
});

describe('AddPiece', () => {
  const noApx = allOf(host).filter(({ url }) => url?.port !== 11_000);

  it('does not go on where no APx takes a sector', () => {
    expect(
      told(of({ workers: noApx, jobs: busy(1, 2, 3, 4), sectors: sectorsIn({ Packing: 2, PreCommit1: 4 }) })),
    ).toEqual(['critical apx null: AddPiece does not go on: no APx takes a sector']);
    expect(of({ workers: noApx, jobs: busy(1, 2, 3, 4), sectors: sectorsIn({ PreCommit1: 4 }) })).toEqual([]);
  });

  it('does not keep up where more than two sectors a P1 task are pledged and not begun', () => {
    const packing = (n: number) =>
      of({ jobs: busy(1, 2, 3, 4), sectors: sectorsIn({ Packing: n, PreCommit1: 4 }) });
    expect(packing(8)).toEqual([]);
    expect(told(packing(9))).toEqual(['warn apx null: AddPiece does not keep up with what is pledged']);
  });
});
