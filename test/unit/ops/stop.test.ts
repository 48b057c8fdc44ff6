import { describe, expect, it } from 'vitest';
import type { HostPlan } from '../../../src/engine/plan.ts';
import { gatesOf } from '../../../src/engine/widths.ts';
import type { SealingJob } from '../../../src/lotus/jobs.ts';
import type { SealingWorker } from '../../../src/lotus/workers.ts';
import { DeployHost } from '../../../src/ops/deploy-host.ts';
import { GivenSecrets } from '../../../src/ops/given-secrets.ts';
import type { MinerSays } from '../../../src/ops/miner-says.ts';
import { Pacer } from '../../../src/ops/pace/pacer.ts';
import type { RoleHosts } from '../../../src/ops/role-work.ts';
import { refusedAtFirst, refusedAtLast, tasksLost } from '../../../src/ops/stop/at-risk.ts';
import type { StopContext } from '../../../src/ops/stop/context.ts';
import { Miner } from '../../../src/ops/stop/miner.ts';
import { stopStages } from '../../../src/ops/stop/stages.ts';
import { registeredIds, workOf } from '../../../src/ops/stop/work-at-miner.ts';
import type { AtWork } from '../../../src/resources/process/at-work.ts';
import { clusterFile, clusterOf } from '../inventory/support.ts';
import { noTemplates } from './no-templates.ts';
import { sealingWorker } from './samples.ts';

const task = (name: string, sector: number) => ({ task: name, sector, seconds: 15120 });
const at = (...tasks: ReturnType<typeof task>[]): AtWork => ({ type: 'tasks', tasks });
const UNKNOWN: AtWork = { type: 'unknown', why: 'the miner does not answer' };

/** The plan of a stop: each process with what it is at. */
const planOf = (work: Readonly<Record<string, AtWork | null>>): HostPlan => ({
  format: 'fcops-host-plan/1',
  host: 'p1-50',
  same: 0,
  items: Object.entries(work).map(([title, atWork]) => ({
    state: 'change',
    task: 'stop',
    kind: 'stop',
    resource: `stop:${title}`,
    title,
    change: { action: 'run', details: [], steps: [], ...(atWork && { atWork }) },
  })),
});
const mode = (drain: 'all' | 'finalize' | null = null, loseTasks = false) => ({ drain, loseTasks });

describe('a stop', () => {
  it('of what is at nothing is refused by nobody', () => {
    expect(refusedAtFirst(planOf({ 'P1-1': null }), mode())).toEqual([]);
  });

  it('is refused where a task would be lost: which, of which sector, after how long', () => {
    const [problem] = refusedAtFirst(planOf({ 'P1-1': null, 'P1-3': at(task('PC1', 1017)) }), mode());
    expect(problem).toMatchObject({
      kind: 'check',
      what: 'nothing was stopped: 1 process is at a task, whose hours would be lost',
      why: 'P1-3 is at PC1 of sector 1017 for 4 h 12 min',
    });
  });

  it('is refused where nobody can tell', () => {
    const [problem] = refusedAtFirst(planOf({ 'P1-3': UNKNOWN }), mode());
    expect(problem?.why).toBe('P1-3 may be at a task: the miner does not answer');
  });

  it('says once why nobody can tell, of all of whom that is so', () => {
    const other: AtWork = { type: 'unknown', why: 'the miner does not list it' };
    const all = { APx: UNKNOWN, 'P1-1': at(task('PC1', 1017)), 'P1-2': UNKNOWN, 'P1-3': other };
    expect(refusedAtFirst(planOf(all), mode())[0]?.why?.split('\n')).toEqual([
      'APx, P1-2 may be at a task: the miner does not answer',
      'P1-1 is at PC1 of sector 1017 for 4 h 12 min',
      'P1-3 may be at a task: the miner does not list it',
    ]);
  });

  it('that nobody can be asked about is never advised to wait', () => {
    const untold: AtWork = { type: 'unknown', why: 'no host has the role miner', noMiner: true };
    for (const drain of [null, 'all'] as const) {
      const [problem] = refusedAtFirst(planOf({ 'P1-1': untold }), mode(drain));
      const next = JSON.stringify(problem?.next);
      expect(next).not.toMatch(/--drain|whether lotus-miner runs/);
      expect(next).toContain('write the miner host into the cluster file');
      expect(next).toContain(
        '--lose-tasks stops them all the same: the hours of whatever they are at are lost',
      );
    }
  });

  it('is not where tasks are given up or waited for; what cannot be told cannot be waited for', () => {
    const plan = planOf({ 'P1-3': at(task('PC1', 1017)) });
    expect(refusedAtFirst(plan, mode(null, true))).toEqual([]);
    expect(refusedAtFirst(plan, mode('all'))).toEqual([]);
    expect(refusedAtFirst(plan, mode('finalize'))).toEqual([]);
    expect(refusedAtFirst(planOf({ 'P1-3': UNKNOWN }), mode('all'))[0]?.what).toContain(
      'cannot be told when',
    );
    expect(refusedAtFirst(planOf({ 'P1-3': UNKNOWN }), mode('all', true))).toEqual([]);
    const [first] = refusedAtFirst(
      planOf({ 'P1-3': UNKNOWN, 'P1-4': UNKNOWN }),
      mode('all'),
      new Set(['P1-3']),
    );
    expect(first?.why).toBe('P1-4 may be at a task: the miner does not answer');
    // Nobody waits without a drain.
    expect(refusedAtFirst(planOf({ 'P1-3': UNKNOWN }), mode(), new Set(['P1-3']))).toHaveLength(1);
  });

  it('is refused at last for what began since it was asked', () => {
    const before = planOf({ 'P1-1': null, 'P1-3': at(task('PC1', 1017)) });
    const same = planOf({ 'P1-3': at(task('PC1', 1017)) });
    const other = planOf({ 'P1-3': at(task('PC1', 1020)) });
    const beside = planOf({ 'P1-1': at(task('PC1', 1021)) });
    expect(refusedAtLast(before, same, mode(null, true))).toEqual([]);
    expect(refusedAtLast(before, other, mode(null, true))[0]?.why).toContain('sector 1020');
    expect(refusedAtLast(before, beside, mode(null, true))[0]?.why).toContain('sector 1021');
    expect(refusedAtLast(planOf({ 'P1-1': null }), beside, mode())).toHaveLength(1);
    expect(refusedAtLast(before, planOf({ 'P1-3': UNKNOWN }), mode(null, true))).toHaveLength(1);
    // Whoever gave up what nobody could tell has given up whatever it was.
    expect(refusedAtLast(planOf({ 'P1-3': UNKNOWN }), other, mode(null, true))).toEqual([]);
  });

  it('is refused after a drain for any task, after one of FinalizeSector for those and for new ones', () => {
    const before = planOf({ 'P1-3': at(task('PC1', 1017), task('FIN', 1001)) });
    expect(refusedAtLast(before, planOf({ 'P1-3': null }), mode('all'))).toEqual([]);
    expect(refusedAtLast(before, planOf({ 'P1-3': at(task('PC1', 1017)) }), mode('all'))).toHaveLength(1);
    const left = planOf({ 'P1-3': at(task('PC1', 1017)) });
    expect(refusedAtLast(before, left, mode('finalize'))).toEqual([]);
    expect(refusedAtLast(before, before, mode('finalize'))[0]?.why).toContain('FIN of sector 1001');
    expect(refusedAtLast(planOf({ 'P1-3': null }), left, mode('finalize'))).toHaveLength(1);
  });

  it('counts what is lost by it', () => {
    const plan = planOf({ APx: at(task('FIN', 1), task('AP', 2)), 'P1-1': UNKNOWN, P2: null });
    const lost = (...given: Parameters<typeof mode>) => tasksLost(plan, mode(...given));
    expect([lost(), lost('finalize', true), lost('all', true)]).toEqual([3, 2, 1]);
    // Whom a drain is not told of is waited for.
    expect([lost('finalize'), lost('all')]).toEqual([1, 0]);
  });
});

const ID = '6b1f2c90-5a51-4d3e-9f2e-0c6d2b7f1a11';
const worker = (more: Partial<SealingWorker> = {}): SealingWorker =>
  sealingWorker({ id: ID, group: '50', url: { host: '10.0.0.50', port: 10003 }, ...more });
const job: SealingJob = {
  id: '13aa09cd',
  sector: 1017,
  worker: ID.slice(0, 8),
  host: 'p1-50',
  task: 'PC1',
  state: { type: 'running' },
  seconds: 15120,
};
const says = (workers: readonly SealingWorker[], jobs: readonly SealingJob[] = []): MinerSays => ({
  workers: { type: 'understood', value: workers },
  jobs: { type: 'understood', value: jobs },
});
const host = {
  name: 'p1-50',
  address: '10.0.0.50',
  listen: '10.0.0.50',
  processes: [{ name: 'P1-3', port: 10003 }],
};
const workAt = (said: MinerSays) => workOf(said, host, [host]).get('P1-3');

describe('what a worker is at', () => {
  it('is what the miner lists of it', () => {
    expect(workAt(says([worker()], [job]))).toEqual(at(task('PC1', 1017)));
    expect(workAt(says([worker()]))).toEqual(at());
  });

  it('is unknown where the miner does not answer, does not list it, or counts what it does not list', () => {
    const none = { type: 'not reachable', why: 'it does not run' } as const;
    expect(workAt({ workers: none, jobs: none })).toEqual({ type: 'unknown', why: 'it does not run' });
    expect(workAt({ ...says([worker()]), jobs: none })).toEqual({ type: 'unknown', why: 'it does not run' });
    expect(workAt(says([]))).toMatchObject({ type: 'unknown' });
    expect(workAt(says([worker({ tasks: new Map([['PC1', 1]]) })]))).toMatchObject({ type: 'unknown' });
  });

  it('has the id by which the miner pauses it', () => {
    expect(registeredIds(says([worker()]), host, [host])).toEqual(new Map([['P1-3', [ID]]]));
    expect(registeredIds(says([]), host, [host])).toEqual(new Map());
  });
});

describe('a restart that waits for its turn', () => {
  const never = () => Promise.reject(new Error('nobody asks for it here'));
  const cluster = clusterOf(clusterFile());
  const hosts: RoleHosts = {
    role: 'p1',
    cluster,
    hosts: cluster.hosts,
    reveal: () => '',
    digest: () => '',
    redact: (text) => text,
    given: new GivenSecrets(),
    renderer: noTemplates,
  };
  const [first] = cluster.hosts;
  if (!first) throw new Error('the sample cluster has no host');

  it('and is interrupted has stopped nothing, and says who is paused', async () => {
    const deps = { now: () => 0, after: () => () => {}, emit: () => {}, signal: AbortSignal.abort() };
    const session = {
      open: never,
      warm: never,
      ask: never,
      apply: never,
      hold: never,
      rejoin: never,
      reboot: never,
      comeBack: never,
      look: never,
    };
    const one = new DeployHost(first, { ...session, close: async () => {} });
    const context: StopContext = {
      ...deps,
      run: 'r-1',
      holder: { who: 'me', run: 'r-1', since: '' },
      work: never,
      before: async () => [],
      start: true,
      gates: gatesOf({ look: 1, apply: 1, download: 1 }),
      pacer: new Pacer({ ...deps, perMinute: 12, atOnce: 50 }),
      miner: new Miner(
        hosts,
        () => {
          throw new Error('the sample cluster has a miner');
        },
        { ...deps, connect: never },
      ),
      mode: { loseTasks: false, drain: 'all' },
      guard: { waits: false, atFirst: never, atLast: never, wait: never },
      drainTimeout: null,
      startWork: never,
      workOn: never,
      workerHosts: never,
      partly: new Map(),
      pausedBy: new Map(),
      paused: new Map([[first, new Map([['P1-3', [ID]]])]]),
      gone: new Map(),
      pause: never,
    };
    const turn = {
      name: 'turn',
      width: null,
      work: async (host: DeployHost) => host.result('stopped', []),
    };
    const found = stopStages(context, [turn]).find(({ name }) => name === 'turn');
    const result = await found?.work(one);
    expect(result?.state).toBe('stopped');
    expect(result?.problems.map(({ what }) => what)).toEqual([
      'stopped before its first step, as asked; nothing was done to it',
      'P1-3 stays paused at the miner, and gets no new tasks',
    ]);
  });
});
