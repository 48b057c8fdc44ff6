import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SealingJob } from '../../../../src/lotus/jobs.ts';
import type { SealingWorker } from '../../../../src/lotus/workers.ts';
import { atMiner } from '../../../../src/ops/at-miner/whose.ts';
import { clusterJobs, durationText, type JobFilter } from '../../../../src/ops/jobs/jobs.ts';
import { allOf, HOUR, idOf, job, minerHost, officialAt, p1Host, says, workerAt } from './support.ts';

const first = p1Host(50);
const second = p1Host(51);
const hosts = [minerHost, first, second];
const about = { miner: 'f0494733', minerHost: 'miner-1', sectorSize: '64GiB' } as const;
const ALL: JobFilter = { hosts: null, tasks: [], late: false };

const view = (
  jobs: readonly SealingJob[],
  filter: Partial<JobFilter> = {},
  workers: readonly SealingWorker[] = hosts.flatMap((host) => allOf(host)),
) => {
  const said = says(workers, jobs);
  return clusterJobs(jobs, said.workers, atMiner(said, hosts), about, { ...ALL, ...filter });
};
const only = (one: SealingJob, workers?: readonly SealingWorker[]) => {
  const [found] = view([one], {}, workers).jobs;
  if (!found) throw new Error('it is not shown');
  return found;
};

describe('a task', () => {
  it('is at the host and process of the inventory that its worker is', () => {
    expect(only(job(first, 'P1-3', 'PC1', 12)).place).toEqual({ host: 'p1-50', process: 'P1-3' });
    expect(only(job(minerHost, 'lotus-miner', 'C1', 12)).place).toEqual({
      host: 'miner-1',
      process: 'lotus-miner',
    });
  });

  it('is at a host alone where lotus-miner tells no ports', () => {
    const official = hosts.flatMap((host) => allOf(host, officialAt));
    expect(only(job(first, 'P1-3', 'PC1', 12), official).place).toEqual({ host: 'p1-50', process: null });
  });

  it('is at no host of the inventory where its name is another one', () => {
    const strange = job(first, 'P1-3', 'PC1', 12, { worker: '99999999', host: 'elsewhere' });
    expect(only(strange).place).toEqual({ host: null, process: null });
  });

  it('is late where its stage takes a quarter longer than it should, and says so plainly', () => {
    const late = only(job(first, 'P1-3', 'PC1', 12, { seconds: 7 * HOUR + 2400 }));
    expect(late.troubles).toMatchObject([
      { kind: 'late', severity: 'bad', message: '7 h 40 min, expected 5 h 30 min to 6 h' },
    ]);
    expect(only(job(first, 'P1-3', 'PC1', 12, { seconds: 7.5 * HOUR })).troubles).toEqual([]);
  });

  it('is never late where nobody says how long it takes, nor before it has begun', () => {
    expect(only(job(first, 'APx', 'FIN', 12, { seconds: 90 * HOUR })).troubles).toEqual([]);
    const waits = job(first, 'P1-3', 'PC1', 12, {
      seconds: 90 * HOUR,
      state: { type: 'assigned', window: 0 },
    });
    expect(only(waits).troubles).toEqual([]);
  });

  it('is lost where no worker is known to have it; how it is given up is said', () => {
    const lost = job(first, 'P2', 'PC2', 990, {
      id: '13aa09cd',
      worker: '00000000',
      state: { type: 'ret-wait' },
    });
    const found = only(lost);
    expect(found.place).toEqual({ host: 'p1-50', process: null });
    expect(found.troubles).toMatchObject([{ kind: 'lost' }]);
    expect(found.troubles[0]?.next).toMatchObject([
      { words: ['jobs', 'abort', '13aa09cd', '--miner', 'f0494733'] },
    ]);
    const [again] = view([lost, job(second, 'P2', 'PC2', 990)]).jobs;
    expect(again?.troubles[0]).toMatchObject({
      severity: 'bad',
      message: expect.stringContaining('it runs anew'),
    });
  });

  it('is told where the miner has lost its worker', () => {
    const workers = [workerAt(first, 'P1-3', { disabled: true })];
    expect(only(job(first, 'P1-3', 'PC1', 12), workers).troubles).toMatchObject([{ kind: 'worker-lost' }]);
  });
});

describe('the tasks of a cluster', () => {
  const given = [
    job(second, 'P2', 'PC2', 5, { seconds: 600 }),
    job(first, 'P1-1', 'PC1', 1, { seconds: 8 * HOUR }),
    job(second, 'P1-1', 'PC1', 2),
    job(first, 'P1-2', 'PC1', 3, { seconds: 2 * HOUR }),
    job(first, 'APx', 'XY', 6),
    job(first, 'APx', 'AP', 4, { worker: '12345678', host: 'elsewhere' }),
  ];
  const sectors = (filter: Partial<JobFilter> = {}) =>
    view(given, filter).jobs.map(({ job: { sector } }) => sector);

  it('are in the order of stages, hosts and age', () => {
    expect(sectors()).toEqual([4, 1, 3, 2, 5, 6]);
  });

  it('are those that were asked for, beside how many there are', () => {
    expect(sectors({ hosts: new Set(['p1-51']) })).toEqual([2, 5]);
    expect(sectors({ tasks: ['PC1', 'AP'] })).toEqual([4, 1, 3, 2]);
    expect(sectors({ late: true })).toEqual([1]);
    expect(view(given, { late: true }).all).toBe(6);
  });

  it('are there where the workers could not be understood, with why nobody knows which have them', () => {
    const said = { ...says([], given), workers: { type: 'not understood', why: 'panic: x' } as const };
    const { jobs, workersUnknown } = clusterJobs(given, said.workers, atMiner(said, hosts), about, ALL);
    expect(jobs).toHaveLength(6);
    expect(workersUnknown).toBe('panic: x');
    expect(jobs.find(({ job: { sector } }) => sector === 2)?.place).toEqual({
      host: 'p1-51',
      process: null,
    });
  });

  it('are each shown once, whatever the miner lists', () => {
    const processes = first.processes.map(({ name }) => name);
    const anyWorker = fc.record({
      host: fc.constantFrom(first, second, minerHost),
      process: fc.constantFrom(...processes, 'lotus-miner', 'P1-9'),
      isOfficial: fc.boolean(),
      disabled: fc.boolean(),
      name: fc.constantFrom('', 'elsewhere', 'p1-50', 'f0494733-p1-10-0-0-51'),
    });
    const anyJob = fc.record({
      host: fc.constantFrom(first, second),
      process: fc.constantFrom(...processes),
      task: fc.constantFrom('AP', 'PC1', 'PC2', 'C2', 'XY'),
      state: fc.constantFrom(
        'running' as const,
        'ret-wait' as const,
        'prepared' as const,
        'returned' as const,
      ),
      seconds: fc.double({ min: 0, max: 1e6, noNaN: true }),
      worker: fc.constantFrom(undefined, '00000000', 'ffffffff'),
    });
    fc.assert(
      fc.property(fc.array(anyWorker), fc.array(anyJob), (workers, jobs) => {
        const listed = [
          ...new Map(
            workers.map(({ host, process, isOfficial, disabled, name }) => {
              const id = idOf(host, process);
              const made = isOfficial ? officialAt : workerAt;
              return [id, made(host, process, { disabled, ...(name !== '' && { host: name }) })] as const;
            }),
          ).values(),
        ];
        const given2 = jobs.map(({ host, process, task, state, seconds, worker }, index) =>
          job(host, process, task, index, {
            seconds,
            state: { type: state },
            ...(worker !== undefined && { worker }),
          }),
        );
        const shown = view(given2, {}, listed).jobs.map(({ job: { sector } }) => sector);
        expect(shown.toSorted((a, b) => a - b)).toEqual(given2.map(({ sector }) => sector));
        const said = says(listed, given2);
        const at = atMiner(said, hosts);
        const placed = [
          ...at.hosts.flatMap(({ processes: own, beside }) => [
            ...own.flatMap(({ registration }) =>
              registration.type === 'registered' ? registration.workers : [],
            ),
            ...beside,
          ]),
          ...at.strangers,
        ];
        expect(placed.map(({ id }) => id).toSorted()).toEqual(listed.map(({ id }) => id).toSorted());
      }),
    );
  });
});

it('a time that is one and the same is said once', () => {
  expect(durationText({ least: 3 * HOUR, most: 3 * HOUR })).toBe('3 h');
  expect(durationText({ least: 480, most: 600 })).toBe('8 min to 10 min');
});
