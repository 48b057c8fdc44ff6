import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TiB } from '../../../../src/core/units.ts';
import type { SealingJob } from '../../../../src/lotus/jobs.ts';
import type { MinerInfo } from '../../../../src/lotus/miner-info.ts';
import type { StoragePath } from '../../../../src/lotus/storage-list.ts';
import type { SealingWorker } from '../../../../src/lotus/workers.ts';
import type { ClusterHost } from '../../../../src/ops/at-miner/asked.ts';
import { atMiner } from '../../../../src/ops/at-miner/whose.ts';
import type { PledgeLook } from '../../../../src/ops/pledge/look.ts';
import { pledgePlan } from '../../../../src/ops/pledge/plan.ts';
import type { PledgePlan } from '../../../../src/ops/pledge/pledge-plan.ts';
import { clusterFile, clusterOf } from '../../inventory/support.ts';
import { allOf, HOUR, job, minerHost, officialAt, p1Host, says, workerAt } from '../jobs/support.ts';

const sample = clusterOf(clusterFile());
const [host] = sample.hosts;
if (!host) throw new Error('the sample cluster has no host');
const profiled = sample.hosts.find(({ roles }) => roles.includes('p1')) ?? host;
const workers = [p1Host(50, 14), p1Host(51, 14), p1Host(52, 14)];
const all = [minerHost, ...workers];
const cluster = {
  ...sample,
  miner: 'f0494733',
  sectorSize: '64GiB',
  packing: null,
  hosts: all.map(({ name, address, roles }) => ({ ...profiled, name, address, roles })),
} as const;
const miner = cluster.hosts[0] ?? host;

const info = (states: Readonly<Record<string, number>> = {}, more: Partial<MinerInfo> = {}): MinerInfo => ({
  miner: 'f0494733',
  sectorSize: 64 * 1024 ** 3,
  chain: { type: 'ok' },
  faulty: 0,
  available: 436n * 10n ** 18n,
  worker: null,
  control: null,
  sectors: {
    total: Object.values(states).reduce((sum, one) => sum + one, 0),
    states: new Map(Object.entries(states)),
  },
  ...more,
});
const store: StoragePath = {
  id: 'store',
  seals: false,
  stores: true,
  sectors: 1450,
  space: { used: 50 * TiB, total: 100 * TiB },
  hosts: ['10.0.0.1'],
  local: null,
};
const cache = ({ name, address }: ClusterHost, sectors: number | null): StoragePath => ({
  id: name,
  seals: true,
  stores: false,
  sectors,
  space: { used: 10 * TiB, total: 30 * TiB },
  hosts: [address],
  local: null,
});

interface Given {
  readonly registered?: readonly SealingWorker[];
  readonly jobs?: readonly SealingJob[];
  readonly look?: Partial<PledgeLook>;
  readonly asked?: number;
  readonly packing?: number;
}
const understood = <T>(value: T) => ({ type: 'understood', value }) as const;
const listed = (paths: readonly StoragePath[], silent = 0) =>
  understood({
    paths,
    silent,
    failed: Array.from({ length: silent }, (_, index) => ({ id: `${index}`, why: 'connection refused' })),
  });
const plan = ({ registered, jobs = [], look = {}, asked = 3, packing }: Given = {}): PledgePlan => {
  const said: PledgeLook = {
    ...says(registered ?? all.flatMap((one) => allOf(one)), jobs),
    info: understood(info()),
    storage: listed([store, ...workers.map((one) => cache(one, 20))]),
    holder: null,
    last: null,
    ...look,
  };
  const of = { cluster: { ...cluster, packing: packing ?? null }, minerHost: miner };
  return pledgePlan(said, atMiner(said, all), of, asked);
};
const states = (given: Given) => plan(given).places.map(({ state }) => state);
const refusals = (given: Given) => plan(given).refusals.map(({ what }) => what);
const withApx = (of: (one: ClusterHost) => SealingWorker[]) => [
  ...allOf(minerHost),
  ...workers.flatMap((one) => [...allOf(one).filter(({ url }) => url?.port !== 11_000), ...of(one)]),
];

describe('where sectors would go', () => {
  it('is to those that have most places free, up to their limit', () => {
    const storage = listed([store, ...workers.map((one, index) => cache(one, [29, 26, 28][index] ?? 0))]);
    const { places, free } = plan({ asked: 5, look: { storage } });
    expect(places.map(({ limit, held, free: left, share }) => [limit, held?.sectors, left, share])).toEqual([
      [30, 29, 1, 1],
      [30, 26, 4, 3],
      [30, 28, 2, 1],
    ]);
    expect(free).toBe(7);
  });

  it('knows a cache by the address that its host listens on, and until a restart by that of SSH', () => {
    const apart = all.map((one, index) => ({ ...one, address: `192.168.9.${index}` }));
    const at = ['10.0.0.50', '192.168.9.2', '10.0.0.52'];
    const storage = listed([
      store,
      ...workers.map((one, index) => cache({ ...one, address: at[index] ?? '' }, 20 + index)),
    ]);
    const said: PledgeLook = {
      ...says(all.flatMap((one) => allOf(one))),
      ...{ info: understood(info()), storage, holder: null, last: null },
    };
    const found = pledgePlan(said, atMiner(said, apart), { cluster, minerHost: miner }, 3);
    expect(found.places.map(({ state, held }) => [state, held])).toEqual(
      [20, 21, 22].map((sectors) => ['takes', { sectors, by: 'storage' }]),
    );
  });

  it('leaves the places of what is in Packing to that, but for pieces that are being added', () => {
    const look = { info: understood(info({ Packing: 12 })) };
    expect(plan({ look }).free).toBe(18);
    const jobs = [job(workers[0] ?? minerHost, 'APx', 'AP', 1)];
    expect(plan({ look, jobs }).free).toBe(19);
  });

  it('says how many are too many, and that cron pledges too', () => {
    expect(plan({ asked: 40 }).warnings).toEqual([
      '40 sectors, and 30 places at APx are free: 10 wait in Packing until others are sealed',
    ]);
    expect(plan({ asked: 30, packing: 14 }).warnings).toEqual([
      'cron on miner-1 keeps 14 sectors in Packing by itself',
    ]);
  });

  it('puts every sector once, and none above a limit', () => {
    const counts = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(
        counts,
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 0, max: 50 }),
        (held, asked, packing) => {
          const storage = listed([store, ...workers.map((one, index) => cache(one, held[index] ?? 0))]);
          const { places, free } = plan({
            asked,
            look: { storage, info: understood(info({ Packing: packing })) },
          });
          for (const place of places) expect(place.share).toBeLessThanOrEqual(place.free ?? 0);
          const sum = places.reduce((total, { share }) => total + share, 0);
          expect(sum).toBe(Math.min(asked, free ?? 0));
        },
      ),
    );
  });

  it('counts tasks where lotus-miner does not tell what caches hold, and says that it is the least', () => {
    const [first = minerHost] = workers;
    const jobs = [job(first, 'P1-1', 'PC1', 1), job(first, 'P2', 'PC2', 2), job(first, 'P1-2', 'PC1', 1)];
    const {
      places,
      warnings,
      store: room,
    } = plan({
      jobs,
      look: { storage: { type: 'not understood', why: 'x' } },
    });
    expect(places[0]?.held).toEqual({ sectors: 2, by: 'tasks' });
    expect(room).toBeNull();
    expect(warnings).toContainEqual(expect.stringContaining('does not tell what its caches hold'));
  });

  it('is not known where neither is told', () => {
    const look = {
      storage: { type: 'not understood', why: 'x' },
      jobs: { type: 'not understood', why: 'y' },
    } as const;
    expect(plan({ look })).toMatchObject({ free: null, seconds: null });
    expect(plan({ look }).warnings[0]).toContain('it is not known how many places');
  });
});

describe('an APx', () => {
  it('takes sectors where it is enabled, and not where it is disabled, paused or missing', () => {
    const of = (one: ClusterHost) =>
      ({
        'p1-50': [workerAt(one, 'APx', { disabled: true })],
        'p1-51': [workerAt(one, 'APx', { paused: ['ap'] })],
      })[one.name] ?? [];
    expect(states({ registered: withApx(of) })).toEqual(['disabled', 'paused', 'missing']);
    expect(states({})).toEqual(['takes', 'takes', 'takes']);
  });

  it('has no place where lotus-miner lists no cache of it', () => {
    const storage = listed([store, ...workers.slice(1).map((one) => cache(one, 20))]);
    expect(states({ look: { storage } })).toEqual(['unknown', 'takes', 'takes']);
    const why = (silent: number) =>
      plan({ look: { storage: { ...storage, value: { ...storage.value, silent } } } }).places[0]?.why;
    expect([why(0), why(1)]).toEqual([
      expect.stringContaining('lists no cache of it'),
      expect.stringContaining('could not ask all'),
    ]);
  });

  it('is told by the number of workers where there are no ports', () => {
    const official = all.flatMap((one) => allOf(one, officialAt));
    expect(states({ registered: official })).toEqual(['takes', 'takes', 'takes']);
    const fewer = official.filter(
      ({ host: name }, index) => name !== workers[0]?.hostname || index % 2 === 0,
    );
    expect(states({ registered: fewer })).toEqual(['unknown', 'takes', 'takes']);
    const none = official.filter(({ host: name }) => name !== workers[0]?.hostname);
    expect(states({ registered: none })).toEqual(['missing', 'takes', 'takes']);
  });
});

describe('what is in the way', () => {
  it('is nothing where all is well', () => {
    expect(plan().refusals).toEqual([]);
    expect(plan().warnings).toEqual([]);
  });

  it.each([
    [
      'no answer',
      { info: { type: 'not reachable', why: 'API not running (no endpoint)' } },
      'nothing was pledged: lotus-miner did not answer about its sectors',
    ],
    [
      'workers that are not understood',
      { workers: { type: 'not understood', why: 'panic' } },
      'nothing was pledged: what lotus-miner says of workers that take AddPiece is not understood',
    ],
    [
      'another miner',
      { info: understood(info({}, { miner: 'f01234' })) },
      'nothing was pledged: lotus-miner there is f01234, and the inventory says f0494733',
    ],
    [
      'sectors of another size',
      { info: understood(info({}, { sectorSize: 32 * 1024 ** 3 })) },
      'nothing was pledged: the sectors of f0494733 have 32 GiB, and the inventory says 64GiB',
    ],
    [
      'a store that is full',
      {
        storage: listed([
          { ...store, space: { used: 99.9 * TiB, total: 100 * TiB } },
          ...workers.map((one) => cache(one, 0)),
        ]),
      },
      'nothing was pledged: 3 sectors of 64GiB do not fit: 102 GiB are free where sectors are kept',
    ],
    [
      'a pledge that is at work',
      {
        holder: { who: 'bob@ops2', run: 'r-20261129T201500Z-x7k2qp28', since: '' },
        last: {
          by: { who: 'bob@ops2', run: 'r-20261129T201500Z-x7k2qp28', since: '' },
          asked: 28,
          made: 17,
          unknown: 1,
        },
      },
      'nothing was pledged: 28 sectors are being pledged there already; 17 are made by now',
    ],
    [
      'a deploy that is at work',
      { holder: { who: 'bob@ops2', run: 'r-20261129T201500Z-x7k2q', since: '' } },
      'nothing was pledged: another run is changing this host',
    ],
  ] satisfies readonly (readonly [string, Partial<PledgeLook>, string])[])('is %s', (_, look, what) => {
    expect(refusals({ look })).toEqual([what]);
  });

  it('is no store of which something is not told: there may be room, and that is said', () => {
    const full = { ...store, space: { used: 99.9 * TiB, total: 100 * TiB } };
    const caches = workers.map((one) => cache(one, 20));
    const said = (storage: ReturnType<typeof listed>) => {
      const { refusals: refused, warnings } = plan({ look: { storage } });
      return [...refused.map(({ what }) => what), ...warnings];
    };
    const one = 'lotus-miner does not tell the room of one of its directories: there may be more for sectors';
    const least = 'they may not fit: of what is told 102 GiB are free where sectors are kept';
    expect(said(listed([full, ...caches], 1))).toEqual([one, least]);
    expect(said(listed([full, { ...store, space: null }, ...caches]))).toEqual([one, least]);
    expect(said(listed([store, ...caches], 1))).toEqual([one]);
    expect(said(listed(caches, 2))).toEqual([one.replace('one of', '2 of')]);
  });

  it('is that no APx takes sectors, with what keeps each', () => {
    const registered = withApx((one) =>
      one.name === 'p1-50' ? [workerAt(one, 'APx', { disabled: true })] : [],
    );
    const [problem] = plan({ registered }).refusals;
    expect(problem).toMatchObject({
      what: 'nothing was pledged: no worker that takes AddPiece is enabled',
      why: '1 APx disabled, 2 APx not registered',
    });
  });

  it('tells what of the last pledge is not done, or not known', () => {
    const by = { who: 'bob@ops2', run: 'r-20261129T201500Z-x7k2qp28', since: '2026-11-29T20:15:00Z' };
    const last = { by, asked: 28, made: 17, unknown: 1 };
    expect(plan({ look: { last } }).warnings).toEqual([
      'the last pledge (bob@ops2, 2026-11-29T20:15:00Z) made 17 of 28 sectors; of one more it is not known',
    ]);
    expect(plan({ look: { last: { ...last, made: 28, unknown: 0 } } }).warnings).toEqual([]);
  });

  it('tells where what is being sealed fills the room, and a chain that is behind', () => {
    const look = {
      info: understood(
        info({ Proving: 1450, PreCommit1: 900 }, { chain: { type: 'behind', seconds: 7200 } }),
      ),
    };
    expect(plan({ look }).warnings).toEqual([
      'with the 900 that are being sealed they do not fit: 50 TiB are free where sectors are kept',
      'the chain is 2 h 0 min behind',
    ]);
  });
});

it('the time goes by P1 tasks that take work, and by all that wait for them', () => {
  const jobs = workers.flatMap((one) =>
    Array.from({ length: 14 }, (_, index) =>
      job(one, `P1-${index + 1}`, 'PC1', index, { seconds: 5 * HOUR }),
    ),
  );
  const look = { info: understood(info({ PreCommit1: 42 })) };
  const { p1, seconds } = plan({ jobs, look });
  expect(p1).toEqual({ slots: 42, running: 42 });
  // One hour until the first are done; the third begins with the second ticket.
  expect(seconds).toBe(HOUR + 6 * HOUR + 20 * 60 + 4500 + 12 * 60);
});
