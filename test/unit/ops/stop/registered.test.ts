import { describe, expect, it } from 'vitest';
import type { SealingWorker } from '../../../../src/lotus/workers.ts';
import type { MinerSays } from '../../../../src/ops/miner-says.ts';
import type { WorkerHost } from '../../../../src/ops/registrations.ts';
import { goneBy } from '../../../../src/ops/stop/gone.ts';
import { registeredOf } from '../../../../src/ops/stop/registered.ts';
import { sealingWorker } from '../samples.ts';

/** Whether workers that were started count as registered: not what the miner lists from before their stop. */

const host: WorkerHost = {
  name: 'c2-10',
  address: '10.0.0.10',
  listen: '10.0.0.10',
  processes: [
    { name: 'C2-1', port: 20_010 },
    { name: 'C2-2', port: 20_020 },
  ],
};
const NAMES = host.processes.map(({ name }) => name);
const at = (id: string, port: number, more: Partial<SealingWorker> = {}) =>
  sealingWorker({ id, host: 'c2-10', url: { host: host.address, port }, ...more });
const named = (id: string, more: Partial<SealingWorker> = {}) =>
  sealingWorker({ id, host: 'c2-10', ...more });
const says = (...workers: readonly SealingWorker[]): MinerSays => ({
  workers: { type: 'understood', value: workers },
  jobs: { type: 'understood', value: [] },
});
const registered = (said: MinerSays, gone: readonly string[] = []) =>
  registeredOf(said, host, [host], NAMES, new Set(gone));

/** Ids and processes that are not told, sorted. */
const gone = (said: MinerSays, processes: readonly string[]) => {
  const { ids, untold } = goneBy(said, host, [host], new Set(processes));
  return [[...ids].toSorted(), [...untold].toSorted()];
};

describe('workers of the fork, which tells their ports', () => {
  it('are registered where each has one that is alive', () => {
    expect(registered(says(at('a', 20_010), at('b', 20_020)))).toEqual({ type: 'registered', paused: [] });
  });

  it('are missing where the miner lists those alone that have ended, or has lost them', () => {
    expect(registered(says(at('a', 20_010), at('b', 20_020)), ['a', 'b'])).toEqual({
      type: 'missing',
      processes: NAMES,
    });
    expect(registered(says(at('a', 20_010, { disabled: true }), at('b', 20_020)))).toEqual({
      type: 'missing',
      processes: ['C2-1'],
    });
  });

  it('are registered beside those that have ended, and those that get no tasks are told', () => {
    const said = says(at('a', 20_010), at('b', 20_010, { paused: ['C2'] }), at('c', 20_020));
    expect(registered(said, ['a'])).toEqual({ type: 'registered', paused: ['b'] });
  });
});

describe('workers of the official program, which tells their hosts alone', () => {
  it('are registered where there are as many of them as processes, those that have ended not counted', () => {
    expect(registered(says(named('a'), named('b')))).toEqual({ type: 'registered', paused: [] });
    expect(registered(says(named('a'), named('b'), named('c')), ['a', 'b'])).toEqual({
      type: 'missing',
      processes: NAMES,
    });
    expect(registered(says(named('a'), named('c'), named('d')), ['a'])).toMatchObject({ type: 'registered' });
  });
});

it('is not known where the miner does not tell', () => {
  const unclear = { type: 'not reachable', why: 'it panicked' } as const;
  expect(registered({ workers: unclear, jobs: unclear })).toEqual({ type: 'unknown', why: 'it panicked' });
});

it('ids are those of the processes that are ended, and of all of a host where all of them are', () => {
  const said = says(at('a', 20_010), at('b', 20_020), named('n'));
  expect(gone(said, ['C2-1'])).toEqual([['a'], []]);
  expect(gone(said, NAMES)).toEqual([['a', 'b', 'n'], []]);
});

it('of which process they were is not told by a miner that is silent, nor of some of a host by one that tells hosts', () => {
  const unclear = { type: 'not reachable', why: 'it panicked' } as const;
  expect(gone({ workers: unclear, jobs: unclear }, NAMES)).toEqual([[], NAMES]);
  const said = says(named('a'), named('b'));
  expect(gone(said, ['C2-1'])).toEqual([[], ['C2-1']]);
  expect(gone(said, NAMES)).toEqual([['a', 'b'], []]);
  // Nobody is registered: nobody can be listed afterwards.
  expect(gone(says(), NAMES)).toEqual([[], []]);
});
