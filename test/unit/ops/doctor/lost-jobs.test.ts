import { describe, expect, it } from 'vitest';
import type { SealingJob } from '../../../../src/lotus/jobs.ts';
import { lostJobsFindings } from '../../../../src/ops/doctor/lost-jobs.ts';
import { allOf, HOUR, job, p1Host, workerAt } from '../jobs/support.ts';
import { commandsOf, pipeline, told } from './support.ts';

const host = p1Host(50);
const lost = (sector: number, seconds: number, more: Partial<SealingJob> = {}) =>
  job(host, 'P2', 'PC2', sector, { worker: '00000000', state: { type: 'ret-wait' }, seconds, ...more });
const of = (jobs: readonly SealingJob[], workers = allOf(host)) =>
  lostJobsFindings(pipeline({ hosts: [host], workers, jobs }));

describe('tasks that are lost', () => {
  it('are told together by host and stage, with their hours and what gives them out anew', () => {
    const found = of([lost(990, 31 * HOUR), lost(991, 2 * HOUR), job(host, 'P2', 'PC2', 5, { seconds: 60 })]);
    expect(told(found)).toEqual([
      'critical jobs p1-50: 2 PC2 tasks are lost: the miner waits for a result that no worker is known to have (ret-wait)',
    ]);
    expect(found[0]?.evidence).toEqual(['sector 990 for 31 h 0 min, sector 991 for 2 h 0 min']);
    expect(found[0]?.cost).toContain('18 min to 20 min of PC2');
    expect(commandsOf(found).at(-1)).toBe('jobs abort aaaaa3de aaaaa3df');
  });

  it('are only warned of as long as their worker may still come back with them', () => {
    expect(of([lost(990, 300)])[0]?.severity).toBe('warn');
  });

  it('are never aborted by an id of zeros, which would hit another task', () => {
    expect(commandsOf(of([lost(990, 31 * HOUR, { id: '00000000' })])).join()).not.toContain('abort');
  });

  it('run anew at times, and that is said', () => {
    const again = job(host, 'P2', 'PC2', 990, { seconds: 60 });
    expect(of([lost(990, 300), again])[0]).toMatchObject({
      severity: 'critical',
      evidence: ['sector 990 for 5 min 0 s', 'some of them run anew at another worker'],
    });
  });
});

it('tasks of a worker that the miner has lost are warned of', () => {
  const workers = [
    ...allOf(host).filter(({ url }) => url?.port !== 12_000),
    workerAt(host, 'P2', { disabled: true }),
  ];
  expect(told(of([job(host, 'P2', 'PC2', 5, { seconds: 60 })], workers))).toEqual([
    'warn jobs p1-50: 1 task is at workers that the miner has lost, or was told to give nothing',
  ]);
});
