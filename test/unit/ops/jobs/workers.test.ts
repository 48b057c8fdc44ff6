import { describe, expect, it } from 'vitest';
import type { SealingWorker } from '../../../../src/lotus/workers.ts';
import { atMiner } from '../../../../src/ops/at-miner/whose.ts';
import { clusterWorkers } from '../../../../src/ops/jobs/workers.ts';
import type { MinerSays } from '../../../../src/ops/miner-says.ts';
import { allOf, job, minerHost, officialAt, p1Host, says, workerAt } from './support.ts';

const first = p1Host(50);
const second = p1Host(51);
const hosts = [minerHost, first, second];
const about = { miner: 'f0494733', minerHost: 'miner-1' };

const view = (
  workers: readonly SealingWorker[],
  jobs: MinerSays['jobs'] = says([]).jobs,
  chosen: ReadonlySet<string> | null = null,
) => clusterWorkers(jobs, atMiner({ ...says(workers), jobs }, hosts), about, chosen);
const troubles = (workers: readonly SealingWorker[]) =>
  view(workers).troubles.map(({ kind, host, process }) => [kind, host, process].filter(Boolean).join(' '));
const all = hosts.flatMap((host) => allOf(host));
const without = (host: string, process: string) =>
  hosts.flatMap((one) =>
    allOf(one).filter((_, index) => one.name !== host || one.processes[index]?.name !== process),
  );

describe('the workers of a cluster', () => {
  it('are without trouble where each process is registered, lotus-miner itself too', () => {
    const found = view(all, says([], [job(first, 'P1-2', 'PC1', 12)]).jobs);
    expect(found.troubles).toEqual([]);
    expect(found.hosts.map(({ host, registered }) => [host, registered])).toEqual([
      ['miner-1', 1],
      ['p1-50', 5],
      ['p1-51', 5],
    ]);
    const [, , , p12] = found.hosts[1]?.processes ?? [];
    expect(p12).toMatchObject({ name: 'P1-2', state: 'registered', workers: [{ jobs: [{ sector: 12 }] }] });
  });

  it('are told where one is missing, disabled, paused or there twice', () => {
    expect(troubles(without('p1-50', 'P1-3'))).toEqual(['missing p1-50 P1-3']);
    expect(troubles([...without('p1-50', 'P2'), workerAt(first, 'P2', { disabled: true })])).toEqual([
      'disabled p1-50 P2',
    ]);
    const paused = [...without('p1-50', 'P2'), workerAt(first, 'P2', { paused: ['all'] })];
    expect(troubles(paused)).toEqual(['paused p1-50 P2']);
    expect(view(paused).troubles[0]?.message).toBe('paused at the miner: it gets no new tasks');
    expect(troubles([...all, workerAt(first, 'P2', { id: 'another' })])).toEqual(['twice p1-50 P2']);
  });

  it('are resumed by the id of the one that is paused, and not while somebody drains it', () => {
    const twice = [...all, workerAt(first, 'P2', { id: 'other', paused: ['pc2'] })];
    const [trouble] = view(twice).troubles.filter(({ kind }) => kind === 'paused');
    expect(trouble?.message).toBe('paused at the miner: it gets no new pc2');
    expect(trouble?.next).toEqual([
      expect.objectContaining({
        text: expect.stringMatching(/unless somebody is draining it: .*worker-resume --uuid other \(/),
      }),
    ]);
  });

  it('are no stranger beside a lost session of themselves', () => {
    expect(troubles([...all, workerAt(first, 'P2', { id: 'another', disabled: true })])).toEqual([]);
  });

  it('are told where the inventory knows their host and no such process, or not even the host', () => {
    const odd = workerAt(first, 'P1-9', { id: 'odd', url: { host: '10.0.0.50', port: 10_009 } });
    const strange = workerAt(p1Host(99), 'P2');
    const found = view([...all, odd, strange]);
    expect(found.troubles.map(({ kind, host }) => [kind, host])).toEqual([
      ['unexpected', 'p1-50'],
      ['unknown', null],
    ]);
    expect(found.strangers).toHaveLength(1);
    expect(view([...all, strange], undefined, new Set(['p1-50'])).troubles).toEqual([]);
  });

  it('are only counted by host where lotus-miner tells no ports', () => {
    const official = hosts.flatMap((host) => allOf(host, officialAt));
    expect(view(official).troubles).toEqual([]);
    expect(view(official).hosts.map(({ registered }) => registered)).toEqual([1, 5, 5]);
    const fewer = official.filter(({ id }) => id !== officialAt(first, 'P1-3').id);
    expect(view(fewer).troubles).toMatchObject([
      {
        kind: 'missing',
        host: 'p1-50',
        process: null,
        message: '1 of its 5 workers is not registered; which is not told',
      },
    ]);
    const more = [...official, officialAt(first, 'P1-9')];
    expect(view(more).troubles).toMatchObject([
      { kind: 'unexpected', message: '6 workers are registered, and the inventory has 5' },
    ]);
    const lost = [...fewer, officialAt(first, 'P1-3', { disabled: true })];
    expect(view(lost).troubles).toMatchObject([{ kind: 'disabled', host: 'p1-50' }]);
  });

  it('have unknown tasks, and not none, where the tasks are not understood', () => {
    const found = view(all, { type: 'not understood', why: 'x' });
    expect(found.jobsUnknown).toBe('x');
    expect(found.hosts[1]?.processes[0]?.workers[0]?.jobs).toBeNull();
  });
});
