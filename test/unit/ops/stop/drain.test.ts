import { describe, expect, it } from 'vitest';
import type { SealingWorker } from '../../../../src/lotus/workers.ts';
import { DeployHost } from '../../../../src/ops/deploy-host.ts';
import type { MinerSays } from '../../../../src/ops/miner-says.ts';
import type { RoleWork } from '../../../../src/ops/role-work.ts';
import { drainStage } from '../../../../src/ops/stop/drain.ts';
import { eachStage } from '../../../../src/ops/stop/each.ts';
import { Miner } from '../../../../src/ops/stop/miner.ts';
import type { Resource } from '../../../../src/resources/resource.ts';
import { SAME } from '../../../../src/resources/resource.ts';
import { observationOf } from '../../resources/answer-of.ts';
import { FACTS } from '../../resources/cases.ts';
import { sealingWorker } from '../samples.ts';
import { contextOf, host, hosts, sessionOf, workOf } from '../upgrade/support.ts';
import { portOf, workerProcess } from './worker-process.ts';

/** What a drain makes of a miner that is started anew on the way, as in an upgrade of all that a cluster runs. */

const { name, address, listen } = host;
const NAMES = ['P1-1', 'P1-2'];
const OWN = {
  ...{ name, address, listen },
  processes: NAMES.map((process) => ({ name: process, port: portOf(process) })),
};

/** What a miner lists: its start, by which it knows of what it was told, and its workers (`P1-2 busy`: at a task). */
interface Listed {
  readonly start: string;
  readonly workers: readonly string[];
}
const lists = (start: string, ...workers: readonly string[]): Listed => ({ start, workers });
const SILENT = { type: 'not reachable', why: 'it gave no answer' } as const;
const silent: MinerSays = { workers: SILENT, jobs: SILENT };

/** What the miner says from when on, in seconds; null: nothing. */
type Course = readonly (readonly [at: number, says: Listed | null])[];

/**
 * Drains both workers; when that was over, what came of it, and whom the miner was told not to give tasks. `each`: each is
 * restarted when it is at rest; which, and when.
 */
const drained = async (
  course: Course,
  {
    running = NAMES,
    tellsPaused = true,
    tellsStart = true,
    each = false,
  }: {
    readonly running?: readonly string[];
    readonly tellsPaused?: boolean;
    readonly tellsStart?: boolean;
    readonly each?: boolean;
  } = {},
) => {
  let now = 0;
  const paused: string[] = [];
  const restarted = new Map<string, number>();
  let isPlanned = false;
  const listed = () => course.findLast(([at]) => at <= now / 1000)?.[1] ?? null;
  class SaidMiner extends Miner {
    override readonly host = host;
    override async says(): Promise<MinerSays> {
      const at = listed();
      if (at === null) return silent;
      const value = at.workers.map((word): SealingWorker => {
        const [process = '', busy] = word.split(' ');
        const tasks = new Map(busy === undefined ? [] : [['PC1', 1]]);
        const id = restarted.has(process) ? `${process} anew` : process;
        const isPaused = paused.includes(`${id} ${at.start}`) ? ['all'] : [];
        const own = { host: name, url: { host: address, port: portOf(process) }, tasks };
        return sealingWorker({ id, ...own, paused: tellsPaused ? isPaused : 'unknown' });
      });
      return {
        workers: { type: 'understood', value },
        jobs: { type: 'understood', value: [] },
        ...(tellsStart && { start: at.start }),
      };
    }
    override async pause(_: unknown, ids: readonly string[]) {
      paused.push(...ids.map((id) => `${id} ${listed()?.start}`));
      return { type: 'told', did: ids, failed: [] } as const;
    }
  }
  const untold = () => {
    throw new Error('nobody asks for it here');
  };
  const deps = { now: () => 0, after: () => () => {}, emit: () => {}, connect: untold };
  const { signal } = new AbortController();
  const stopping = (names: readonly string[]): RoleWork => {
    const work = workOf(...names.map((process) => ['stop', process] as const));
    const tasks = work.tasksOf(host).map((task) => ({ ...task, resources: task.resources.map(stop) }));
    return { ...work, tasksOf: () => tasks, processesOf: () => NAMES.map(workerProcess) };
  };
  const context = contextOf({
    mode: { loseTasks: false, drain: 'all', each },
    work: async () => stopping(NAMES),
    workOn: async (operation, names) => (operation === 'stop' ? stopping(names) : workOf()),
    miner: new SaidMiner({ ...hosts, cluster: { ...hosts.cluster, hosts: [] } }, untold, { ...deps, signal }),
    workerHosts: async () => [OWN],
    now: () => now,
    pause: async (ms) => {
      now += ms;
    },
  });
  const stop = (one: Resource): Resource => ({
    ...one,
    diff: () => {
      if (restarted.has(one.title) || (isPlanned && !running.includes(one.title))) return SAME;
      const step = {
        step: 'stop-process',
        ...{ name: one.title, repository: `/opt/${one.title}`, pid: 7, ticks: 1 },
        known: { by: 'argument' },
        ...{ beside: [], wait: 1, killAfter: null, leftovers: null, deadline: 9 },
      } as const;
      return { state: 'change', change: { action: 'run', details: [], steps: [step] } };
    },
  });
  const rows = running.map((process) => ['process', `/opt/${process}`, '7', '1', '0-1', '1', '1', '0']);
  const seen = observationOf(FACTS, { rows: [...rows, ['processes', 'seen']] });
  const session = sessionOf({
    look: async () => ({ seen, lockedBy: null }),
    apply: async ({ changes }) => {
      for (const { title } of changes) restarted.set(title, now / 1000);
      return { state: 'done', succeeded: changes.length, problems: [] };
    },
  });
  const one = new DeployHost(host, session);
  await one.look(stopping(NAMES));
  isPlanned = true;
  const result = await (each ? eachStage(context) : drainStage(context)).work(one);
  const problems = result?.problems.map(({ what }) => what) ?? [];
  return { seconds: now / 1000, paused, problems, restarted };
};

describe('a drain', () => {
  it('waits until all are at rest, three times in a row', async () => {
    expect(await drained([[0, lists('a', ...NAMES)]])).toMatchObject({
      ...{ seconds: 10, problems: [], paused: ['P1-1 a', 'P1-2 a'] },
    });
  });

  it.each([true, false])(
    'pauses workers anew at a miner that was started anew; it tells whom it has paused: %s',
    async (tellsPaused) => {
      const course: Course = [
        [0, lists('a', 'P1-1 busy', 'P1-2')],
        [20, null],
        [30, lists('b', 'P1-2')],
        [40, lists('b', ...NAMES)],
      ];
      const { seconds, paused, problems } = await drained(course, { tellsPaused });
      expect([seconds, problems]).toEqual([50, []]);
      expect(paused).toEqual(['P1-1 a', 'P1-2 a', 'P1-2 b', 'P1-1 b']);
    },
  );

  it.each([
    { tellsPaused: false, tellsStart: true },
    { tellsPaused: true, tellsStart: false },
  ])('pauses workers anew at a miner that was away between two questions: %j', async (tells) => {
    const { paused, problems } = await drained(
      [
        [0, lists('a', 'P1-1 busy', 'P1-2')],
        [12, lists('b', 'P1-1 busy', 'P1-2')],
        [40, lists('b', ...NAMES)],
      ],
      tells,
    );
    expect([problems, paused]).toEqual([[], ['P1-1 a', 'P1-2 a', 'P1-1 b', 'P1-2 b']]);
  });

  it('waits for one that it does not list as long as that runs: its task has begun before', async () => {
    const { seconds, paused, problems } = await drained([
      [0, lists('b', 'P1-2')],
      [4 * 3600, lists('b', ...NAMES)],
    ]);
    expect([seconds, problems]).toEqual([4 * 3600 + 10, []]);
    expect(paused).toEqual(['P1-2 b', 'P1-1 b']);
  });

  it('does not wait for one that has ended, as its host says', async () => {
    const found = await drained([[0, lists('b', 'P1-2')]], { running: ['P1-2'] });
    expect([found.seconds, found.problems]).toEqual([70, []]);
  });

  it('gives up where the miner tells nothing at all', async () => {
    const { problems } = await drained([
      [0, lists('a', 'P1-1 busy', 'P1-2')],
      [20, null],
    ]);
    expect(problems).toEqual([
      'nothing was stopped: the miner does not tell any more what the workers are at',
    ]);
  });
});

describe('a restart of each worker at rest', () => {
  it.each([true, false])(
    'pauses those that are left at a miner that was started anew, and no other; it tells whom it has paused: %s',
    async (tellsPaused) => {
      const course: Course = [
        [0, lists('a', 'P1-1 busy', 'P1-2')],
        [20, null],
        [30, lists('b', 'P1-2')],
        [300, lists('b', ...NAMES)],
      ];
      const { paused, problems, restarted } = await drained(course, { each: true, tellsPaused });
      expect([problems, paused]).toEqual([[], ['P1-1 a', 'P1-2 a', 'P1-1 b']]);
      expect([...restarted]).toEqual([
        ['P1-2', 10],
        ['P1-1', 310],
      ]);
    },
  );

  it('starts one that has died as soon as its host says so, and goes on', async () => {
    const { problems, seconds } = await drained([[0, lists('b', 'P1-2')]], { each: true, running: ['P1-2'] });
    expect([problems, seconds]).toEqual([[], 50]);
  });
});
