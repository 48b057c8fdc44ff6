import { describe, expect, it } from 'vitest';
import type { SealingJob } from '../../../../src/lotus/jobs.ts';
import type { SealingWorker } from '../../../../src/lotus/workers.ts';
import { c2Findings } from '../../../../src/ops/doctor/c2.ts';
import { allOf, HOUR, job, officialAt, p1Host, workerAt } from '../jobs/support.ts';
import { c2Host, commandsOf, pipeline, sectorsIn, told } from './support.ts';

const host = c2Host(10, 2);
const p1s = [p1Host(50, 14), p1Host(51, 14)];
const queue = (n: number) => Array.from({ length: n }, (_, sector) => ({ sector, task: 'C2' }));
const of = (
  workers: readonly SealingWorker[],
  more: {
    jobs?: readonly SealingJob[];
    queued?: readonly { sector: number; task: string }[] | null;
    committing?: number;
  } = {},
) =>
  c2Findings(
    pipeline({
      hosts: [...p1s, host],
      workers: [...p1s.flatMap((one) => allOf(one)), ...workers],
      jobs: more.jobs ?? [],
      queued: more.queued ?? [],
      sectors: sectorsIn({ Committing: more.committing ?? 0 }),
    }),
  );

describe('C2', () => {
  it('is well where it is at work, or has nothing to do', () => {
    expect(of(allOf(host))).toEqual([]);
    expect(
      of(allOf(host), { jobs: [job(host, 'C2-1', 'C2', 1, { seconds: 360 })], queued: queue(10) }),
    ).toEqual([]);
    expect(of([])).toEqual([]);
  });

  it('holds up P1 where none of it takes a sector', () => {
    const found = of([workerAt(host, 'C2-1', { disabled: true })], { queued: queue(3), committing: 3 });
    expect(told(found)).toEqual(['critical c2 null: P1 is held up by C2: no C2 worker takes a sector']);
    expect(found[0]?.evidence).toEqual([
      '3 C2 tasks wait for a worker',
      '3 sectors in the state Committing',
      'c2-10 C2-1: the miner has lost it',
      'c2-10 C2-2: the miner does not list it',
    ]);
    expect(found[0]?.cost).toBe('up to 240 sectors (15 TiB) a day do not get past C2');
    expect(commandsOf(found)).toContain('start c2');
  });

  it('does not keep up where what waits is hours of work', () => {
    // 12 minutes each, two workers: two hours.
    expect(of(allOf(host), { queued: queue(20) })).toEqual([]);
    const found = of(allOf(host), { queued: queue(25) });
    expect(told(found)).toEqual(['warn c2 null: C2 does not keep up']);
    expect(found[0]?.evidence[0]).toBe(
      '25 sectors × 10 min to 12 min wait for 2 workers, 2 h 30 min of work',
    );
  });

  it('is warned of where workers are missing without which it cannot do what P1 brings', () => {
    const found = of([workerAt(host, 'C2-1')]);
    expect(told(found)).toEqual([]);
    // 28 P1 tasks bring 112 sectors a day, and one worker does 120.
    const more = [...p1s, p1Host(52, 14)];
    const tight = c2Findings(
      pipeline({
        hosts: [...more, host],
        workers: [...more.flatMap((one) => allOf(one)), workerAt(host, 'C2-1')],
      }),
    );
    expect(told(tight)).toEqual([
      'warn c2 null: C2 cannot keep up with P1 as long as workers of it are missing',
    ]);
  });

  it('is told where sectors lie at a worker that is at nothing', () => {
    const given = (seconds: number) =>
      job(host, 'C2-1', 'C2', 7, { id: '00000000', state: { type: 'assigned', window: 0 }, seconds });
    expect(of(allOf(host), { jobs: [given(300)] })).toEqual([]);
    expect(of(allOf(host), { jobs: [given(HOUR), job(host, 'C2-1', 'C2', 8, { seconds: 300 })] })).toEqual(
      [],
    );
    const found = of(allOf(host), { jobs: [given(HOUR)] });
    expect(told(found)).toEqual(['critical c2 c2-10: C2 is at nothing, though sectors were given to it']);
    expect(found[0]?.processes).toEqual(['C2-1']);
  });

  it('is told where it takes too long, with what a restart would wait for', () => {
    const found = of(allOf(host), { jobs: [job(host, 'C2-2', 'C2', 7, { seconds: 40 * 60 })] });
    expect(told(found)).toEqual([
      'critical c2 c2-10: C2 takes longer than the 10 min to 12 min that it should',
    ]);
    expect(commandsOf(found).at(-1)).toBe('restart c2 --limit c2-10 --process C2-2 --drain');
  });

  it('says nothing of workers that the official program does not tell apart', () => {
    expect(of([officialAt(host, 'C2-1')], { queued: queue(3) })).toEqual([]);
  });
});
