import { describe, expect, it } from 'vitest';
import { TiB } from '../../../src/core/units.ts';
import { readStorageList } from '../../../src/lotus/storage-list.ts';
import { answer, STORAGE_LIST } from './samples.ts';

const [SEAL, STORE, READ_ONLY] = [
  '7b6a1c1e-0d5e-4a6f-9c55-6a0b0a7a2f10',
  'a1f3c0de-0d5e-4a6f-9c55-6a0b0a7a2f11',
  'b2f3c0de-0d5e-4a6f-9c55-6a0b0a7a2f12',
];

describe('the directories of sectors', () => {
  it('are read one by one; one that could not be asked is counted', () => {
    expect(readStorageList(answer(STORAGE_LIST))).toEqual({
      type: 'understood',
      value: {
        silent: 1,
        failed: [{ id: 'c3f3c0de-0d5e-4a6f-9c55-6a0b0a7a2f13', why: 'fsstat: connection refused' }],
        paths: [
          {
            id: STORE,
            seals: false,
            stores: true,
            sectors: 1450,
            space: { used: Math.round(45.75 * TiB), total: 100 * TiB },
            hosts: ['10.0.0.1'],
            local: '/ceph',
          },
          {
            id: SEAL,
            seals: true,
            stores: false,
            sectors: 22,
            space: { used: Math.round(17.7 * TiB), total: 30 * TiB },
            hosts: ['10.0.0.50'],
            local: null,
          },
          {
            id: READ_ONLY,
            seals: false,
            stores: false,
            sectors: 0,
            space: { used: TiB, total: 2 * TiB },
            hosts: ['10.0.0.51', '10.0.0.52'],
            local: null,
          },
        ],
      },
    });
  });

  it('are none where nothing is printed', () => {
    expect(readStorageList(answer(''))).toEqual({
      type: 'understood',
      value: { paths: [], silent: 0, failed: [] },
    });
  });

  it('have the less of two rooms where there is a limit', () => {
    const text = STORAGE_LIST.replace(
      '17.7 TiB/30 TiB 59%',
      '17.7 TiB/30 TiB 59% (filesystem)\n\t[###] 9 TiB/10 TiB 90% (limit)',
    );
    expect(readStorageList(answer(text))).toMatchObject({
      value: { paths: [{}, { space: { total: 10 * TiB } }, {}] },
    });
  });

  it.each([
    ['blanks in place of tabs', STORAGE_LIST.replaceAll('\t', '    ')],
    ['ends of DOS', STORAGE_LIST.replaceAll('\n', '\r\n')],
    ['counts of a later version', STORAGE_LIST.replace('Caches: 22;', 'Caches: 22; Updated: 0;')],
    ['colours', STORAGE_LIST.replaceAll('TiB', '\u001b[32mTiB\u001b[0m')],
  ])('may have %s', (_, text) => {
    expect(readStorageList(answer(text))).toEqual(readStorageList(answer(STORAGE_LIST)));
  });

  it.each([
    ['no word of what it is for', STORAGE_LIST.replace('\tWeight: 10; Use: Store\n', '')],
    ['counts that are none', STORAGE_LIST.replace('Caches: 22', 'Caches: many')],
    ['room that is none', STORAGE_LIST.replace('17.7 TiB', 'some')],
    ['a strange line', `panic\n${STORAGE_LIST}`],
    ['an end within a line', STORAGE_LIST.slice(0, -3)],
  ])('are not understood with %s', (_, text) => {
    expect(readStorageList(answer(text))).toMatchObject({ type: 'not understood' });
  });
});
