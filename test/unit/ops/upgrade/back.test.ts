import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../../src/core/problem.ts';
import { FcopsError } from '../../../../src/core/problem.ts';
import { DeployHost } from '../../../../src/ops/deploy-host.ts';
import { goBack } from '../../../../src/ops/upgrade/back.ts';
import type { UpgradeContext } from '../../../../src/ops/upgrade/context.ts';
import type { Versions } from '../../../../src/ops/upgrade/versions.ts';
import type { AtWork } from '../../../../src/resources/process/at-work.ts';
import { mayLose } from '../../../../src/resources/process/at-work.ts';
import type { SoughtProcess } from '../../../../src/resources/process/sought.ts';
import type { Resource } from '../../../../src/resources/resource.ts';
import { SAME } from '../../../../src/resources/resource.ts';
import { observationOf } from '../../resources/answer-of.ts';
import { FACTS } from '../../resources/cases.ts';
import { BEFORE, contextOf, host, NEW, sessionOf, workOf } from './support.ts';

/** Seconds that the machine of a host has been up. */
const UP = 90_000;

/** A host that goes back: what is applied to it, and what it is said to have. */
const goingBack = async (more: Partial<UpgradeContext>) => {
  const applied: string[] = [];
  const settled: Versions[] = [];
  const session = sessionOf({
    ask: async ({ parse }) => {
      const up = parse(`${UP}.00 1.00\n`);
      if (!up.ok) throw new Error('it is asked for something else');
      return up.value;
    },
    apply: async ({ changes }) => {
      applied.push(...changes.map(({ kind, title }) => `${kind} ${title}`));
      return { state: 'failed', succeeded: 0, problems: [] };
    },
  });
  const one = new DeployHost(host, session);
  const context = contextOf({ settled: async (_, versions) => void settled.push(versions), ...more });
  const failed = one.result('failed', [{ kind: 'check', what: 'nothing was stopped' }]);
  const { state, problems } = await goBack(one, failed, context);
  return { state, applied, settled, problems, said: problems.map(({ what }) => what) };
};

it('a host whose links lead to the version before keeps what runs, though that runs by another one', async () => {
  const workAt = async () => workOf(['stop', 'P1-1']);
  expect(await goingBack({ workAt })).toMatchObject({
    ...{ state: 'failed', applied: [], settled: [BEFORE], said: ['nothing was stopped'] },
  });
  const startAt = async () => workOf(['process', 'P1-2']);
  expect((await goingBack({ workAt, startAt })).applied).toEqual(['process P1-2']);
});

it('a host whose links were moved ends what runs by the version that failed', async () => {
  const started = new Map([[host, new Set(['P1-1'])]]);
  expect((await goingBack({ started })).applied).toEqual(['stop P1-1', 'link /opt/lotus-worker']);
});

it('a host that the run has found on the version stays there: what runs may be at tasks for days', async () => {
  const { applied, settled, said } = await goingBack({ moved: new Set(), standing: new Map([[host, NEW]]) });
  expect([applied, settled]).toEqual([[], []]);
  expect(said).toEqual([
    'nothing was stopped',
    'this run has found it on the version, and did not bring it there: it is left as it is',
  ]);
});

it('a host that has gone back while its miner is silent is not said to have stayed', async () => {
  const silent = { kind: 'unseen', what: 'it is not known whether the miner has its workers' } as const;
  const back = async (problem: Problem) => {
    let isDone = false;
    const session = sessionOf({
      apply: async ({ changes }) => {
        isDone = true;
        return { state: 'done', succeeded: changes.length, problems: [] };
      },
    });
    const changing = workOf(['stop', 'P1-1'], ['link', '/opt/lotus-worker']);
    const tasks = changing.tasksOf(host).map((task) => ({
      ...task,
      resources: task.resources.map(
        (one): Resource => ({ ...one, diff: (...given) => (isDone ? SAME : one.diff(...given)) }),
      ),
    }));
    const workAt = async () => ({ ...changing, tasksOf: () => tasks });
    const settled = async () => {
      throw new FcopsError(problem);
    };
    const one = new DeployHost(host, {
      ...session,
      look: async () => ({ seen: observationOf(FACTS), lockedBy: null }),
    });
    const started = new Map([[host, new Set(['P1-1'])]]);
    const startWork = async () => workOf();
    const context = contextOf({ workAt, settled, started, startWork });
    const { problems } = await goBack(one, one.result('failed', []), context);
    return problems.map(({ what }) => what);
  };
  const BACK =
    'it went back to lotus-worker 1.11.1-3079a405a: all of it was started by that, and it is not known whether it is registered';
  expect(await back(silent)).toEqual([BACK, silent.what]);
  const missing = { kind: 'verify', what: 'P1-1 runs, and the miner has not registered it' } as const;
  expect((await back(missing))[0]).toMatch(/^it could not be brought back/);
});

describe('tasks that have begun on the version since', () => {
  const task = (seconds: number) => ({ task: 'PC1', sector: 1017, seconds });
  const at = (work: AtWork) => ({ atWork: async () => new Map([['P1-1', work]]) });
  /** Ends P1-1, as far as it is told what that is at. */
  const workAt = async () => {
    const work = workOf(['stop', 'P1-1'], ['link', '/opt/lotus-worker']);
    const stop = (one: Resource): Resource => ({
      ...one,
      diff: ({ atWork }) => {
        const own = atWork?.get('P1-1');
        const change = {
          action: 'run',
          details: [],
          steps: [],
          ...(mayLose(own) && { atWork: own }),
        } as const;
        return { state: 'change', change };
      },
    });
    const tasks = work.tasksOf(host);
    return {
      ...work,
      tasksOf: () =>
        tasks.map((one) => ({
          ...one,
          resources: one.resources.map((each) => (each.kind === 'stop' ? stop(each) : each)),
        })),
    };
  };

  it('keep a host on it where this run has not started their worker, and the way back is told with its cost', async () => {
    const work: AtWork = { type: 'tasks', tasks: [task(4 * 3600), { ...task(1800), sector: 1018 }] };
    const { state, applied, settled, problems } = await goingBack({ ...at(work), workAt });
    expect([state, applied, settled]).toEqual(['failed', [], [NEW]]);
    expect(problems.slice(1)).toEqual([
      {
        kind: 'verify',
        what: 'it is left on lotus-worker 1.11.2-4f2b5ad3e: to bring it back would lose 2 tasks that have begun since, 4 h 30 min of work',
        where: { host: host.name },
        why: 'P1-1 is at PC1 of sector 1017 for 4 h 0 min, PC1 of sector 1018 for 30 min 0 s',
        next: [
          command([], 'to bring it back when they have ended'),
          command(['--lose-tasks'], 'to bring it back now, and lose them'),
        ],
      },
    ]);
  });

  it('may be any where the miner does not tell', async () => {
    const { applied, said } = await goingBack({
      ...at({ type: 'unknown', why: 'it does not answer' }),
      workAt,
    });
    expect(applied).toEqual([]);
    expect(said.at(-1)).toMatch(/would lose what 1 process may be at$/);
  });

  it('are lost where this run has started their worker: they have begun some minutes ago', async () => {
    const started = new Map([[host, new Set(['P1-1'])]]);
    const { applied } = await goingBack({ ...at({ type: 'tasks', tasks: [task(60)] }), workAt, started });
    expect(applied).toEqual(['stop P1-1', 'link /opt/lotus-worker']);
  });

  it('and those that begin while a host is asked are not lost either', async () => {
    const works: AtWork[] = [{ type: 'tasks', tasks: [] }];
    const atWork = async () =>
      new Map([['P1-1', works.shift() ?? ({ type: 'tasks', tasks: [task(1)] } as const)]]);
    const { applied, said } = await goingBack({ atWork, workAt });
    expect(applied).toEqual([]);
    expect(said.join()).toMatch(/nothing was stopped: 1 process is at a task/);
  });

  it('nor is lotus-miner ended in a window where it has run since before', async () => {
    const closed = { kind: 'check', what: 'a proof is due' } as const;
    const guard = {
      waits: false,
      atFirst: async () => [],
      atLast: async () => [closed],
      wait: async () => [],
    };
    const stops = workOf(['stop', 'lotus-miner'], ['link', '/usr/local/bin/lotus-miner']);
    const given = { guard, workAt: async () => stops };
    expect((await goingBack(given)).said).toContain('a proof is due');
    const started = new Map([[host, new Set(['lotus-miner'])]]);
    expect((await goingBack({ ...given, started })).applied).toContain('stop lotus-miner');
  });
});

describe('a host whose run was killed and is taken up', () => {
  const untold: AtWork = { type: 'unknown', why: 'the miner does not list it' };
  /** Ends processes that have run for so many seconds; each worker may be at a task. */
  const ending = (ages: Readonly<Record<string, number>>, known: SoughtProcess['known']) => {
    const names = Object.keys(ages);
    const stop = (one: Resource): Resource => ({
      ...one,
      diff: ({ atWork: all }) => {
        const own = all?.get(one.title);
        const step = {
          step: 'stop-process',
          ...{ name: one.title, repository: `/${one.title}`, known, pid: 7 },
          ...{ ticks: (UP - (ages[one.title] ?? 0)) * 100, beside: [] },
          ...{ wait: 1, killAfter: null, leftovers: null, deadline: 9 },
        } as const;
        const run = { action: 'run', details: [], steps: [step] } as const;
        return { state: 'change', change: { ...run, ...(mayLose(own) && { atWork: own }) } };
      },
    });
    const work = workOf(...names.map((name) => ['stop', name] as const), ['link', '/opt/lotus-worker']);
    const tasks = work.tasksOf(host).map((task) => ({
      ...task,
      resources: task.resources.map((one) => (one.kind === 'stop' ? stop(one) : one)),
    }));
    return {
      atWork: async () => new Map(known.by === 'argument' ? names.map((name) => [name, untold]) : []),
      workAt: async () => ({ ...work, tasksOf: () => tasks }),
    };
  };
  const workers = (ages: Readonly<Record<string, number>>) => ending(ages, { by: 'argument' });
  const BACK = ['stop P1-1', 'link /opt/lotus-worker'];
  const NOT_BROUGHT = 'this run has found it on the version, and did not bring it there: it is left as it is';

  it('goes back over workers that were started minutes ago: they have been at no task for longer', async () => {
    expect((await goingBack(workers({ 'P1-1': 120 }))).applied).toEqual(BACK);
  });

  it('does not over those that have run for longer', async () => {
    const { applied, said } = await goingBack(workers({ 'P1-1': 1200 }));
    expect([applied, said.at(-1)]).toEqual([
      [],
      expect.stringMatching(/would lose what 1 process may be at$/),
    ]);
  });

  it('goes back where this run has found it on the version, and all of it was started minutes ago', async () => {
    const found = { moved: new Set<typeof host>() };
    expect((await goingBack({ ...workers({ 'P1-1': 120 }), ...found })).applied).toEqual(BACK);
    const mixed = await goingBack({ ...workers({ 'P1-1': 120, 'P1-2': 1200 }), ...found });
    expect([mixed.applied, mixed.said.at(-1)]).toEqual([[], NOT_BROUGHT]);
    // A proof may be due, however short a time lotus-miner has run.
    const daemon = {
      by: 'environment',
      ...{ program: 'lotus-miner', command: 'run', flags: [], variables: [], fallback: '.lotusminer' },
    } as const;
    const miner = await goingBack({ ...ending({ 'lotus-miner': 120 }, daemon), ...found });
    expect([miner.applied, miner.said.at(-1)]).toEqual([[], NOT_BROUGHT]);
  });
});

const command = (more: readonly string[], before: string) => ({
  type: 'fcops',
  words: [
    'upgrade',
    '--role',
    'p1',
    '--ver',
    '1.11.1-3079a405a',
    '--limit',
    host.name,
    '--miner',
    'f0494733',
    ...more,
  ],
  before,
});
