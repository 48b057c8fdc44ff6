import { describe, expect, it } from 'vitest';
import type { SealingWorker } from '../../../../src/lotus/workers.ts';
import { DeployHost } from '../../../../src/ops/deploy-host.ts';
import type { MinerSays } from '../../../../src/ops/miner-says.ts';
import type { StopContext } from '../../../../src/ops/stop/context.ts';
import { doubtWorkers, rememberWorkers } from '../../../../src/ops/stop/gone.ts';
import { Miner } from '../../../../src/ops/stop/miner.ts';
import { untilRegistered } from '../../../../src/ops/stop/registered.ts';
import { observationOf } from '../../resources/answer-of.ts';
import { FACTS } from '../../resources/cases.ts';
import { sealingWorker } from '../samples.ts';
import { contextOf, host, hosts, sessionOf, workOf } from '../upgrade/support.ts';
import { portOf, workerProcess } from './worker-process.ts';

const { name, address, listen } = host;
const NAMES = ['P1-1', 'P1-2'];
const OWN = {
  name,
  address,
  listen,
  processes: NAMES.map((process) => ({ name: process, port: portOf(process) })),
};

/** What the miner lists: a worker by its process and the process that it was, `P1-1 old`. */
const lists = (...workers: readonly string[]): MinerSays => {
  const value = workers.map((id): SealingWorker => {
    const [process = ''] = id.split(' ');
    return sealingWorker({ id, host: name, url: { host: address, port: portOf(process) } });
  });
  return { workers: { type: 'understood', value }, jobs: { type: 'understood', value: [] } };
};
const SILENT = { type: 'not reachable', why: 'it gave no answer' } as const;
const silent: MinerSays = { workers: SILENT, jobs: SILENT };

const never = () => {
  throw new Error('nobody asks for it here');
};

/** A miner that says what a test says; its host is any. */
class SaidMiner extends Miner {
  override readonly host = host;
  readonly #says: () => MinerSays;
  constructor(says: () => MinerSays) {
    const deps = { now: () => 0, after: () => () => {}, emit: () => {}, connect: never };
    const { signal } = new AbortController();
    super({ ...hosts, cluster: { ...hosts.cluster, hosts: [] } }, never, { ...deps, signal });
    this.#says = says;
  }
  override says(): Promise<MinerSays> {
    return Promise.resolve(this.#says());
  }
}

/** What a miner says from when on, in seconds after the processes were ended and started anew. */
type Course = readonly (readonly [at: number, says: MinerSays])[];

/** Ends both workers and starts them; what of them is missing afterwards, when that was known, and what was told. */
const restarted = async (before: MinerSays, course: Course, stops: readonly string[] = NAMES) => {
  let now = 0;
  let isStarted = false;
  const told: string[] = [];
  const says = () => (isStarted ? (course.findLast(([at]) => at <= now / 1000)?.[1] ?? silent) : before);
  const context = contextOf({
    miner: new SaidMiner(says),
    workerHosts: async () => [OWN],
    now: () => now,
    pause: async (ms) => {
      now += ms;
    },
    emit: (event) => {
      if (event.type === 'waits') told.push(event.text);
    },
  });
  const one = new DeployHost(host, sessionOf({}));
  const { plan } = await one.look(workOf(...stops.map((process) => ['stop', process] as const)));
  await rememberWorkers(one, plan, context);
  isStarted = true;
  const problems = await untilRegistered(one, context);
  return { problems: problems.map(({ kind, what }) => `${kind}: ${what}`), seconds: now / 1000, told };
};

const OLD = lists('P1-1 old', 'P1-2 old');
const NEW = lists('P1-1 new', 'P1-2 new');
const MISSING = 'verify: P1-1, P1-2 run, and the miner has not registered them within 90 s';

describe('a worker that the miner lists from before its restart', () => {
  it('is none that was started', async () => {
    expect(await restarted(OLD, [[0, OLD]])).toMatchObject({ problems: [MISSING], told: [] });
    const found = await restarted(OLD, [
      [0, OLD],
      [9, NEW],
    ]);
    expect(found).toEqual({ problems: [], seconds: 9, told: [] });
  });

  it('is none either where the miner was silent when it was ended, and answers before it has lost it', async () => {
    const { problems, seconds, told } = await restarted(silent, [
      [0, silent],
      [6, OLD],
      [21, lists()],
    ]);
    expect([problems, seconds]).toEqual([[MISSING], 90]);
    expect(told).toEqual([
      'it is not known whom the miner had of P1-1, P1-2 before: those that it lists count when it does so 30 s from now',
    ]);
  });

  it('is told from who has come since, at once where that has another id', async () => {
    const both = lists('P1-1 old', 'P1-2 old', 'P1-1 new', 'P1-2 new');
    const course: Course = [
      [0, OLD],
      [12, both],
    ];
    expect(await restarted(silent, course)).toMatchObject({ problems: [], seconds: 12 });
  });

  it('counts once the miner must have lost those of before, however late it has answered', async () => {
    expect(await restarted(silent, [[6, NEW]])).toMatchObject({ problems: [], seconds: 36 });
    expect(await restarted(silent, [[75, NEW]])).toMatchObject({ problems: [], seconds: 105 });
    const lost: Course = [
      [75, OLD],
      [90, lists()],
    ];
    expect(await restarted(silent, lost)).toMatchObject({ problems: [MISSING], seconds: 105 });
  });

  it('is not doubted where it has not been ended', async () => {
    expect(await restarted(silent, [[0, NEW]], [])).toEqual({ problems: [], seconds: 0, told: [] });
  });
});

it('a worker that has gone stays gone when a host is stopped again and the miner does not answer', async () => {
  const gone = new Map([[host, { ids: new Set(['a']), untold: new Set(['P1-1', 'P1-2']) }]]);
  const context = contextOf({ gone, workerHosts: async () => [OWN], miner: new SaidMiner(() => silent) });
  const one = new DeployHost(host, sessionOf({}));
  const { plan } = await one.look(workOf(['stop', 'P1-1']));
  await rememberWorkers(one, plan, context);
  expect(context.gone.get(host)).toEqual({ ids: new Set(['a']), untold: new Set(['P1-1', 'P1-2']) });
  // It tells of the one that is ended now, and of the other it did not.
  const telling = { ...context, miner: new SaidMiner(() => OLD) };
  await rememberWorkers(one, plan, telling);
  expect(context.gone.get(host)).toEqual({ ids: new Set(['a', 'P1-1 old']), untold: new Set(['P1-2']) });
});

describe('workers that this run has found running', () => {
  /** Of which it is doubted whether the miner means them, where they have run for so many seconds. */
  const doubted = async (ages: Readonly<Record<string, number>>, gone: StopContext['gone'] = new Map()) => {
    const up = 90_000;
    const rows = Object.entries(ages).map(([process, age], pid) => [
      ...['process', `/opt/${process}`, `${pid + 7}`, '1700000000', '4-5', '1', `${(up - age) * 100}`, '0'],
    ]);
    const seen = observationOf(FACTS, { rows: [...rows, ['processes', 'seen']] });
    const session = sessionOf({
      ask: async ({ parse }) => {
        const answer = parse(`${up}.00 1.00\n`);
        if (!answer.ok) throw new Error('it is asked for something else');
        return answer.value;
      },
    });
    const work = async () => ({ ...workOf(), processesOf: () => Object.keys(ages).map(workerProcess) });
    await doubtWorkers(new DeployHost(host, session), seen, contextOf({ gone, work }));
    return [...(gone.get(host)?.untold ?? [])];
  };

  it('are doubted where they were started moments ago, as by a run that was killed', async () => {
    expect(await doubted({ 'P1-1': 12, 'P1-2': 45 })).toEqual(['P1-1']);
    expect(await doubted({ 'P1-1': 3 * 86_400 })).toEqual([]);
  });

  it('are not where this run has ended them itself, and knows whom the miner had', async () => {
    const known = new Map([[host, { ids: new Set(['P1-1 old']), untold: new Set<string>() }]]);
    expect(await doubted({ 'P1-1': 12 }, known)).toEqual([]);
  });
});
