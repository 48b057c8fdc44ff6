import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SealingJob } from '../../../../src/lotus/jobs.ts';
import type { AbortChoice } from '../../../../src/ops/jobs/abort.ts';
import { abortChanges, abortPlan, jobIds } from '../../../../src/ops/jobs/abort.ts';
import { abortOutcome } from '../../../../src/ops/jobs/do-abort.ts';
import { isJobId } from '../../../../src/ops/jobs/job-id.ts';
import { job as sample, understood } from '../sectors/support.ts';

const HOUR = 3600;
const lost = sample(990, { task: 'PC2', seconds: 31 * HOUR });
const young = sample(991, { id: '24bb09cd', seconds: 2 * HOUR });
const running = sample(1017, {
  ...{ id: '8c3d91aa', worker: '6b1f2c90', seconds: 4 * HOUR },
  state: { type: 'running' },
});
const assigned = sample(1041, {
  ...{ id: '00000000', worker: '6b1f2c90' },
  state: { type: 'assigned', window: 0 },
});
const ALL = [lost, young, running, assigned];
const at = { placeOf: () => ({ host: 'p1-50', process: null, workers: [] }) };
const about = { miner: 'f0494733', minerHost: 'miner-1', sectorSize: '64GiB' } as const;
const plan = (choice: AbortChoice, jobs: readonly SealingJob[] = ALL, limit = 10) =>
  abortPlan(choice, limit, jobs, at, about);
const ids = (...all: string[]): AbortChoice => ({ type: 'ids', ids: all });
const idsOf = (items: ReturnType<typeof plan>['chosen']) => items.map(({ job }) => job.id);

describe('tasks that are aborted as lost', () => {
  it('are those that no worker can have any more', () => {
    const found = plan({ type: 'lost' });
    expect(found.chosen).toMatchObject([{ job: { id: '13aa09cd' }, cost: 'lost', host: 'p1-50' }]);
    expect(found.left).toMatchObject([{ job: { id: '24bb09cd' }, cost: 'maybe' }]);
    expect(found.refusals).toEqual([]);
    const again = sample(991, { id: '99999999', worker: '6b1f2c90', state: { type: 'running' } });
    expect(idsOf(plan({ type: 'lost' }, [...ALL, again]).chosen)).toEqual(['13aa09cd', '24bb09cd']);
  });

  it('are those that lotus-miner has at no worker', () => {
    const elsewhere = { ...lost, worker: '6b1f2c90' };
    expect(plan({ type: 'lost' }, [elsewhere]).chosen).toEqual([]);
  });

  it('are the oldest up to the limit', () => {
    const many = [1, 2, 3].map((k) => sample(k, { id: `${k}`.repeat(8), seconds: (20 + k) * HOUR }));
    const found = plan({ type: 'lost' }, many, 2);
    expect(idsOf(found.chosen)).toEqual(['33333333', '22222222']);
    expect(found.beyond).toBe(1);
  });

  it('are none whose time nobody can judge', () => {
    const test = abortPlan({ type: 'lost' }, 10, ALL, at, { ...about, sectorSize: '8MiB' });
    expect(test.chosen).toEqual([]);
  });
});

describe('tasks that are aborted by their ids', () => {
  it('may run: their hours are told', () => {
    expect(plan(ids('8c3d91aa', '24bb09cd'))).toMatchObject({
      chosen: [{ cost: 'maybe' }, { cost: 'running' }],
      refusals: [],
    });
    expect(abortChanges(plan(ids('8c3d91aa')).chosen)).toMatchObject([
      {
        change: {
          steps: [{ step: 'abort-job', id: '8c3d91aa', sector: 1017, task: 'PC1', state: 'running' }],
        },
      },
    ]);
  });

  it('are none that are not listed, that have their result, or whose id two have', () => {
    expect(plan(ids('77777777')).refusals[0]?.what).toContain('lists no task 77777777');
    expect(plan(ids('13aa09cd'), [{ ...lost, state: { type: 'returned' } }]).refusals).toHaveLength(1);
    const twice = plan(ids('13aa09cd'), [lost, { ...running, id: '13aa09cd' }]);
    expect(twice.chosen).toEqual([]);
    expect(twice.refusals[0]?.what).toContain('2 tasks begin with this id');
    expect(plan(ids('13aa09cd', '24bb09cd'), ALL, 1).refusals[0]?.what).toContain('--limit is 1');
  });

  it('never take what may name a task that is only assigned, or several', () => {
    expect(jobIds(['13aa09cd', '13aa09cd'])).toEqual(['13aa09cd']);
    for (const id of ['00000000', '0', '', '13aa', '13AA09CD', '13aa09cdff', '-1234567', '13aa 9cd'])
      expect(() => jobIds([id])).toThrow('nothing was aborted');
    fc.assert(
      fc.property(fc.string(), (text) => {
        if (isJobId(text)) expect(text).toMatch(/^(?!0+$)[0-9a-f]{8}$/);
      }),
    );
  });
});

describe('what came of a task', () => {
  const says = (jobs: readonly SealingJob[]) => ({ workers: understood([]), jobs: understood(jobs) });
  const asked = { type: 'asked', why: null } as const;

  it('is gone only where the list says so', () => {
    expect(abortOutcome({ job: lost }, asked, says([]))).toMatchObject({ type: 'gone' });
    const returned = { ...lost, state: { type: 'returned' } as const };
    expect(abortOutcome({ job: lost }, asked, says([returned]))).toMatchObject({ type: 'gone' });
    expect(abortOutcome({ job: lost }, asked, says(ALL))).toMatchObject({ type: 'taken' });
    expect(abortOutcome({ job: lost }, asked, null)).toMatchObject({ type: 'taken' });
    const odd = { ...says([]), jobs: { type: 'not understood', why: 'odd' } as const };
    expect(abortOutcome({ job: lost }, asked, odd)).toMatchObject({ type: 'taken' });
    const unknown = { type: 'unknown', why: 'lost' } as const;
    expect(abortOutcome({ job: lost }, unknown, says(ALL))).toMatchObject({ type: 'unknown', why: 'lost' });
    expect(abortOutcome({ job: lost }, unknown, says([]))).toMatchObject({ type: 'gone' });
  });
});
