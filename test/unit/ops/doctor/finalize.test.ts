import { describe, expect, it } from 'vitest';
import type { SealingJob } from '../../../../src/lotus/jobs.ts';
import type { SealingWorker } from '../../../../src/lotus/workers.ts';
import { finalizeFindings } from '../../../../src/ops/doctor/finalize.ts';
import { allOf, HOUR, job, p1Host } from '../jobs/support.ts';
import { commandsOf, pipeline, sectorsIn, told } from './support.ts';

const host = p1Host(50, 14);
const of = (
  jobs: readonly SealingJob[],
  storageTroubles: readonly string[] = [],
  workers: readonly SealingWorker[] = allOf(host),
) =>
  finalizeFindings(
    pipeline({
      hosts: [host],
      workers,
      jobs,
      storageTroubles,
      queued: null,
      sectors: sectorsIn({ FinalizeSector: jobs.length }),
    }),
  );
const fin = (seconds: number, more: Partial<SealingJob> = {}) =>
  job(host, 'APx', 'FIN', 7, { seconds, ...more });

describe('FinalizeSector', () => {
  it('is well as long as a move takes', () => {
    expect(of([])).toEqual([]);
    expect(of([fin(1800)])).toEqual([]);
  });

  it('does not land where it takes hours, with what is wrong with the storage', () => {
    expect(told(of([fin(2 * HOUR)]))).toEqual([
      'warn finalize p1-50: FinalizeSector does not land in the storage',
    ]);
    const found = of([fin(5 * HOUR)], ['/ceph (storage ceph) did not answer within 5 s']);
    expect(told(found)).toEqual(['critical finalize p1-50: FinalizeSector does not land in the storage']);
    expect(found[0]?.evidence).toEqual([
      'at work: sector 7 for 5 h 0 min',
      '/ceph (storage ceph) did not answer within 5 s',
    ]);
    // What has no storage is not mended by a restart.
    expect(commandsOf(found).some((one) => one.startsWith('restart'))).toBe(false);
    expect(commandsOf(of([fin(5 * HOUR)])).at(-1)).toBe('restart p1 --limit p1-50 --process APx --drain');
  });

  it('does not go on where APx takes nothing and sectors wait', () => {
    const workers = allOf(host).filter(({ url }) => url?.port !== 11_000);
    const found = of([fin(HOUR, { id: '00000000', state: { type: 'assigned', window: 0 } })], [], workers);
    expect(told(found)).toEqual([
      'critical finalize p1-50: FinalizeSector does not go on: APx takes no sector, and finished ones wait',
    ]);
  });

  it('tells sectors that are fetched for hours, wherever that is', () => {
    const found = of([job(host, 'P2', 'GET', 3, { seconds: 2 * HOUR })]);
    expect(told(found)).toEqual(['warn finalize p1-50: 1 sector is being fetched for more than 1 h 0 min']);
  });
});
