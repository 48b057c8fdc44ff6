import { describe, expect, it } from 'vitest';
import type { SealingJob } from '../../../../src/lotus/jobs.ts';
import { p2Findings } from '../../../../src/ops/doctor/p2.ts';
import { allOf, HOUR, job, p1Host, workerAt } from '../jobs/support.ts';
import { commandsOf, pipeline, told } from './support.ts';

const host = p1Host(50, 14);
const other = p1Host(51, 14);
const without = (name: string) =>
  allOf(host).filter(({ url }) => url?.port !== host.processes.find((one) => one.name === name)?.port);
const waiting = (sector: number, seconds: number): SealingJob =>
  job(host, 'P2', 'PC2', sector, { id: '00000000', state: { type: 'assigned', window: 0 }, seconds });
const of = (
  workers = allOf(host),
  jobs: readonly SealingJob[] = [],
  queued: readonly { sector: number; task: string }[] = [],
) => p2Findings(pipeline({ hosts: [host, other], workers: [...workers, ...allOf(other)], jobs, queued }));

describe('P1 held up by P2', () => {
  it('is nothing where P2 is at work, and some sectors wait behind', () => {
    expect(of()).toEqual([]);
    expect(
      of(allOf(host), [job(host, 'P2', 'PC2', 1, { seconds: 600 }), waiting(2, 2 * HOUR), waiting(3, 60)]),
    ).toEqual([]);
  });

  it('is told where P2 is gone and sectors wait, given to it or to nobody', () => {
    const jobs = [waiting(5, 2 * HOUR), job(host, 'P1-1', 'PC1', 9)];
    const found = of(without('P2'), jobs, [
      { sector: 6, task: 'PC2' },
      { sector: 7, task: 'C2' },
    ]);
    expect(told(found)).toEqual([
      'critical p2 p1-50: P1 is held up by P2: P2 takes no sector, and sectors wait for it',
    ]);
    expect(found[0]?.evidence).toEqual([
      'P2: the miner does not list it',
      'given to it and not begun: sector 5 for 2 h 0 min',
      '1 PC2 task waits at the miner for a P2 that takes them',
      '13 of its 14 P1 tasks have no sector',
    ]);
    expect(found[0]?.cost).toContain(
      '14 P1 tasks × 5 h 30 min to 6 h stand still: up to 56 sectors (3.5 TiB) a day',
    );
    expect(commandsOf(found)).toContain('start p1 --limit p1-50 --process P2');
  });

  it('is no finding of its own where nothing waits for a P2 that is gone, lost or paused', () => {
    expect(of(without('P2'))).toEqual([]);
  });

  it.each([
    [{ disabled: true }, 'P2: the miner has lost it'],
    [{ paused: ['p2'] }, 'P2: it is paused at the miner'],
    [{ paused: ['all'] }, 'P2: it is paused at the miner'],
  ])('is told where P2 is %j', (more, evidence) => {
    const found = of([...without('P2'), workerAt(host, 'P2', more)], [waiting(5, HOUR)]);
    expect(found[0]?.evidence[0]).toBe(evidence);
  });

  it('is told where P2 is at nothing though a sector was given to it a while ago', () => {
    expect(of(allOf(host), [waiting(5, 300)])).toEqual([]);
    const found = of(allOf(host), [waiting(5, 1200)]);
    expect(told(found)).toEqual(['critical p2 p1-50: P2 is at nothing, though sectors wait for it']);
    // It is at nothing: there is no need to wait.
    expect(commandsOf(found)).toContain('restart p1 --limit p1-50 --process P2');
  });

  it('is told where a sector takes longer than it should; a restart waits for its end', () => {
    expect(of(allOf(host), [job(host, 'P2', 'PC2', 5, { seconds: 24 * 60 })])).toEqual([]);
    const found = of(allOf(host), [job(host, 'P2', 'PC2', 5, { seconds: 45 * 60 }), waiting(6, 60)]);
    expect(told(found)).toEqual([
      'critical p2 p1-50: P2 takes longer than the 18 min to 20 min that it should',
    ]);
    expect(found[0]?.evidence.slice(0, 2)).toEqual([
      'at work: sector 5 for 45 min 0 s',
      'behind it: 1 sector',
    ]);
    expect(commandsOf(found).at(-1)).toBe('restart p1 --limit p1-50 --process P2 --drain');
    expect(JSON.stringify(found[0]?.next)).toContain(
      'PC2 of sector 5 for 45 min 0 s; this waits for the end of it',
    );
  });

  it('is warned of where all that waits takes longer than P1 does', () => {
    const running = job(host, 'P2', 'PC2', 1, { seconds: 60 });
    const many = (n: number) => Array.from({ length: n }, (_, index) => waiting(100 + index, 60));
    expect(of(allOf(host), [running, ...many(18)])).toEqual([]);
    expect(told(of(allOf(host), [running, ...many(19)]))).toEqual([
      'warn p2 p1-50: P2 does not keep up with P1',
    ]);
  });

  it('goes by the states of sectors where nobody tells what waits at the miner', async () => {
    const { sectorsIn } = await import('./support.ts');
    const stated = { hosts: [host], workers: without('P2'), queued: null };
    expect(p2Findings(pipeline({ ...stated, sectors: sectorsIn({ PreCommit2: 3 }) }))[0]?.evidence[1]).toBe(
      '3 PC2 tasks wait at the miner for a P2 that takes them',
    );
    expect(
      p2Findings(pipeline({ ...stated, sectors: sectorsIn({ WaitSeed: 3, SubmitPreCommitBatch: 9 }) })),
    ).toEqual([]);
    expect(p2Findings(pipeline(stated))).toEqual([]);
  });
});
