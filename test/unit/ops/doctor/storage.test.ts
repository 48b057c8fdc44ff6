import { describe, expect, it } from 'vitest';
import { TiB } from '../../../../src/core/units.ts';
import type { StoragePath } from '../../../../src/lotus/storage-list.ts';
import { storageFileDiagnosis, storageListDiagnosis } from '../../../../src/ops/doctor/storage.ts';
import { observationOf } from '../../resources/answer-of.ts';
import { FACTS } from '../../resources/cases.ts';
import { told } from './support.ts';

const store = (id: string, free: number | null, more: Partial<StoragePath> = {}): StoragePath => ({
  id,
  seals: false,
  stores: true,
  sectors: 1,
  space: free === null ? null : { used: 100 * TiB - free, total: 100 * TiB },
  hosts: ['10.0.0.1'],
  local: `/${id}`,
  ...more,
});
const of = (paths: readonly StoragePath[], failed: readonly { id: string; why: string }[] = []) =>
  storageListDiagnosis(
    { type: 'understood', value: { paths, silent: failed.length, failed } },
    '64GiB',
    'miner-1',
  );

describe('the directories of sectors', () => {
  it('are well with room, where it is told', () => {
    expect(of([store('a', 50 * TiB), store('b', null)])).toEqual({ findings: [], unknowns: [] });
    expect(of([])).toEqual({ findings: [], unknowns: [] });
  });

  it('are told where one has no room for a sector, and are critical where none has', () => {
    expect(told(of([store('a', 0), store('b', TiB)]).findings)).toEqual([
      'warn storage miner-1: there is no room for another finished sector in 1 of 2 directories',
    ]);
    expect(told(of([store('a', 0), store('b', 1e9)]).findings)).toEqual([
      'critical storage miner-1: no directory has room for another finished sector',
    ]);
    // One that seals only is no place for them.
    expect(told(of([store('a', TiB, { stores: false, seals: true })]).findings)).toEqual([
      'critical storage miner-1: no directory takes finished sectors',
    ]);
  });

  it('that cannot be asked are told with what lotus-miner says; they may have room', () => {
    const { findings } = of([store('a', 0)], [{ id: 'c', why: 'fsstat: connection refused' }]);
    expect(told(findings)).toEqual([
      'warn storage miner-1: lotus-miner cannot ask 1 of its directories of sectors',
      'warn storage miner-1: there is no room for another finished sector in 1 of 1 directory',
    ]);
    expect(findings[0]?.evidence).toEqual(['c: fsstat: connection refused']);
  });

  it('are unknown where lotus-miner does not tell them', () => {
    expect(
      storageListDiagnosis({ type: 'not reachable', why: 'API not running' }, '64GiB', 'miner-1'),
    ).toMatchObject({ findings: [], unknowns: [{ host: 'miner-1', why: 'API not running' }] });
  });
});

describe('storage.json', () => {
  const file = '/opt/raid0/lotusminer/storage.json';
  const about = { mode: '0644', owner: 'root', group: 'root', bytes: 9, mtime: 1 };
  const seen = (text: string) =>
    storageFileDiagnosis(
      observationOf(FACTS, { paths: { [file]: { type: 'file', ...about, text } } }),
      'miner-1',
    );
  const paths = (...all: readonly string[]) =>
    JSON.stringify({ StoragePaths: all.map((Path) => ({ Path })) });

  it('lists each directory once, a slash at its end or not', () => {
    expect(seen(paths('/ceph', '/ceph2'))).toEqual({ findings: [], unknowns: [] });
    const { findings } = seen(paths('/ceph', '/data', '/ceph/'));
    expect(told(findings)).toEqual([`note storage miner-1: ${file} lists 1 directory more than once`]);
    expect(findings[0]?.evidence).toEqual(['/ceph, /ceph/']);
  });

  it('that cannot be read is unknown; one that is not there yet is nothing', () => {
    expect(seen('{')).toMatchObject({ findings: [], unknowns: [{ why: 'this is no JSON' }] });
    const absent = observationOf(FACTS, { paths: { [file]: { type: 'absent' } } });
    expect(storageFileDiagnosis(absent, 'miner-1')).toEqual({ findings: [], unknowns: [] });
    expect(storageFileDiagnosis(observationOf(FACTS), 'miner-1').unknowns).toHaveLength(1);
  });
});
