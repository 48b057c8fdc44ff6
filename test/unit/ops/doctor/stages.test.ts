import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JobState, SealingJob } from '../../../../src/lotus/jobs.ts';
import { atMiner } from '../../../../src/ops/at-miner/whose.ts';
import { clusterStage, STAGE_SPECS, type Stage } from '../../../../src/ops/doctor/stages.ts';
import { clusterJobs } from '../../../../src/ops/jobs/jobs.ts';
import { allOf, job, officialAt, p1Host, says, workerAt } from '../jobs/support.ts';
import { ABOUT, sectorsIn } from './support.ts';

const host = p1Host(50, 4);
const STAGES = Object.keys(STAGE_SPECS);
const stageOf = (
  name: Stage,
  workers = allOf(host),
  jobs: readonly SealingJob[] = [],
  told: Partial<Pick<Parameters<typeof clusterStage>[0], 'sectors' | 'queued'>> = {},
) => {
  const said = says(workers, jobs);
  const at = atMiner(said, [host]);
  const every = { hosts: null, tasks: [], late: false };
  return clusterStage(
    {
      jobs: clusterJobs(jobs, said.workers, at, ABOUT, every).jobs,
      at,
      sectors: null,
      queued: null,
      ...told,
    },
    name,
  );
};

describe('a stage', () => {
  it('has workers that take tasks, and others with why they do not', () => {
    const workers = [
      workerAt(host, 'P1-1'),
      workerAt(host, 'P1-2', { disabled: true }),
      workerAt(host, 'P1-3', { paused: ['p1'] }),
      workerAt(host, 'APx', { paused: ['ap'] }),
    ];
    expect(stageOf('PC1', workers).hosts[0]?.workers).toEqual({
      working: ['P1-1'],
      out: [
        { name: 'P1-2', why: 'the miner has lost it' },
        { name: 'P1-3', why: 'it is paused at the miner' },
        { name: 'P1-4', why: 'the miner does not list it' },
      ],
      untold: 0,
    });
    // Paused for AddPiece, APx finalizes still.
    expect([stageOf('AP', workers).working, stageOf('FIN', workers).working]).toEqual([0, 1]);
  });

  it('of the official program, which tells hosts alone, has all of them or nobody knows which', () => {
    const all = allOf(host, officialAt);
    expect(stageOf('PC1', all)).toMatchObject({ working: 4, out: 0, untold: 0 });
    expect(stageOf('PC1', all.slice(1))).toMatchObject({ working: 0, out: 0, untold: 4 });
  });

  it('knows what waits by the scheduler, else by the states of sectors, else not at all', () => {
    const jobs = [job(host, 'P2', 'PC2', 1)];
    const queued = [
      { sector: 2, task: 'PC2' },
      { sector: 3, task: 'C2' },
    ];
    expect(stageOf('PC2', allOf(host), jobs, { queued, sectors: sectorsIn({ PreCommit2: 9 }) }).waiting).toBe(
      1,
    );
    expect(stageOf('PC2', allOf(host), jobs, { sectors: sectorsIn({ PreCommit2: 4 }) }).waiting).toBe(3);
    expect(stageOf('PC2', allOf(host), jobs).waiting).toBeNull();
    expect(stageOf('C2', allOf(host), jobs, { sectors: sectorsIn({ Committing: 4 }) }).waiting).toBeNull();
  });

  it('never counts a task twice, nor one of another stage', () => {
    const state = fc.constantFrom<JobState>(
      { type: 'running' },
      { type: 'assigned', window: 1 },
      { type: 'prepared' },
      { type: 'ret-wait' },
      { type: 'returned' },
    );
    const tasks = fc.array(
      fc.record({
        task: fc.constantFrom(...STAGES, 'C1', 'GET'),
        state,
        process: fc.constantFrom('P2', 'APx', 'P1-1'),
      }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(tasks, fc.nat({ max: 40 }), (list, packing) => {
        const jobs = list.map(({ task, state: now, process }, sector) =>
          job(host, process, task, sector, { state: now }),
        );
        for (const name of Object.keys(STAGE_SPECS)) {
          if (!isStage(name)) continue;
          const stage = stageOf(name, allOf(host), jobs, {
            sectors: sectorsIn({ Packing: packing }),
            queued: null,
          });
          const own = list.filter(({ task }) => task === name);
          const running = own.filter(({ state: now }) => now.type === 'running').length;
          expect(stage.running).toBe(running);
          expect(
            stage.hosts.reduce((sum, one) => sum + one.running.length + one.waiting.length, 0),
          ).toBeLessThanOrEqual(own.length);
          expect(stage.unassigned === null || stage.unassigned >= 0).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });
});

const isStage = (name: string): name is Stage => name in STAGE_SPECS;
