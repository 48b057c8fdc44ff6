import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { datastoreDamage } from '../../../src/lotus/datastore-damage.ts';

const WELL = `2026-11-29T20:31:05.000+0800\tINFO\tmain\tlotus-storage-miner/run.go:95\tChecking full node sync status
2026-11-29T20:31:06.000+0800\tINFO\tbadgerbs\tblockstore opened
ERROR: could not get API info: could not get api endpoint: API not running (no endpoint)
`;

describe('a damaged datastore', () => {
  it.each([
    ['ERROR: opening metadata datastore: leveldb/storage: corrupted or incomplete CURRENT file', ['CURRENT']],
    ["leveldb: manifest corrupted (field 'comparer'): missing [file=MANIFEST-000071]", ['MANIFEST-000071']],
    [
      'leveldb/table: corruption on data-block (pos=5): checksum mismatch, want=0x1 got=0x2 [file=000123.ldb]',
      ['000123.ldb'],
    ],
    ['leveldb: file missing [file=000123.ldb]', ['000123.ldb']],
    [
      'ERROR: badger: Value log truncate required to run DB. This might result in data loss: /opt/raid0/lotus/datastore/chain/000004.vlog',
      ['000004.vlog'],
    ],
  ])('is told by %s', (line, files) => {
    expect(datastoreDamage(`${WELL}${line}\n`)).toEqual({ lines: [line], files });
  });

  it('is none where other things went wrong', () => {
    expect(datastoreDamage(WELL)).toBeNull();
    for (const line of [
      'checksum mismatch in param file /opt/x/v28-a.params, 0 != 1',
      'WARN repo is already locked',
      'opening path /ceph: reading storage metadata for /ceph: open /ceph/sectorstore.json: no such file or directory',
    ])
      expect(datastoreDamage(`${line}\n`)).toBeNull();
  });

  it('is told by its last lines alone, and of any text at all nothing breaks', () => {
    const line = (n: number) => `leveldb: file missing [file=00010${n}.ldb]`;
    expect(datastoreDamage([1, 2, 3, 4, 5].map(line).join('\n'))?.files).toEqual([
      '000103.ldb',
      '000104.ldb',
      '000105.ldb',
    ]);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const found = datastoreDamage(text);
        expect(found === null || found.lines.length > 0).toBe(true);
      }),
    );
  });
});
