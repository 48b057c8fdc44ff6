import { expect, it } from 'vitest';
import { metadataFindings } from '../../../../src/ops/doctor/metadata.ts';
import { commandsOf, told } from './support.ts';

const LINE = 'ERROR: opening metadata datastore: leveldb: file missing [file=000123.ldb]';

it('a damaged datastore of the miner is told with what is done in which order, none of it by fcops', () => {
  const found = metadataFindings('miner-1', [{ name: 'lotus-miner', lastWords: ['something', LINE] }]);
  expect(told(found)).toEqual([
    'critical metadata miner-1: the datastore of lotus-miner is damaged, and it does not start',
  ]);
  expect(found[0]?.evidence).toEqual([LINE]);
  expect(found[0]?.next.map(({ type }) => type)).toEqual(['look', 'shell', 'shell', 'look']);
  expect(commandsOf(found)).toEqual([
    "mkdir -p /opt/raid0/lotusminer-damaged && find /opt/raid0/lotusminer/datastore -type f '(' -name 000123.ldb ')' -exec mv -t /opt/raid0/lotusminer-damaged {} +",
    'source /opt/raid0/profile; lotus-miner backup --offline /opt/raid0/minerbackup/$(date +%Y%m%d).cbor',
  ]);
});

it('that of lotus is only a chain, and other ends of a process are none', () => {
  const [found] = metadataFindings('miner-1', [{ name: 'lotus', lastWords: [LINE] }]);
  expect(JSON.stringify(found?.next)).toContain('import a snapshot');
  expect(
    metadataFindings('miner-1', [{ name: 'lotus-miner', lastWords: ['ERROR: repo is already locked'] }]),
  ).toEqual([]);
  expect(metadataFindings('miner-1', [{ name: 'lotus-miner', lastWords: [] }])).toEqual([]);
});
