import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBackupList } from '../../../../src/ops/backups/list.ts';

const PLACES = { here: '/opt/raid0/minerbackup', there: '/backup/f0494733' };
const SUM = 'a'.repeat(64);
const OLD = 'f0494733-20261128T061700Z';
const NEW = 'f0494733-20261129T061700Z';
const ROWS = [
  'now\t1796000000',
  'place\there\tread',
  `backup\there\t${NEW}\t5000\tgood\t${SUM}`,
  'place\tthere\tread',
  `backup\tthere\t${OLD}\t4000\tdiffers\t${SUM}`,
  `backup\tthere\t${NEW}\t5000\tunchecked\t${SUM}`,
  `given\t/root/x.cbor\t5000\t/root/config.toml\t/root/storage.json\tnone\t${SUM}`,
  'over',
  '',
].join('\n');

describe('the list of backups', () => {
  it('is read, the newest first', () => {
    const list = parseBackupList(ROWS, PLACES);
    expect(list).toMatchObject({
      ok: true,
      value: {
        now: 1_796_000_000,
        unread: [],
        backups: [
          { name: NEW, place: 'here', directory: `/opt/raid0/minerbackup/${NEW}`, sums: 'good' },
          { name: NEW, place: 'there', directory: `/backup/f0494733/${NEW}`, sums: 'unchecked' },
          { name: OLD, sums: 'differs', bytes: 4000 },
        ],
        given: { type: 'found', metadata: '/root/x.cbor', sums: 'none' },
      },
    });
  });

  it('tells what could not be read', () => {
    const text = 'now\t1\nplace\there\tread\nplace\tthere\tnot mounted\nnogiven\tit is not there\nover\n';
    expect(parseBackupList(text, PLACES)).toMatchObject({
      value: {
        unread: [{ place: 'there', directory: '/backup/f0494733', why: 'nothing is mounted there' }],
        given: { type: 'not usable', why: 'it is not there' },
      },
    });
  });

  it('is nothing where it broke off, and has no backup that nobody has told of', () => {
    expect(parseBackupList(ROWS.slice(0, -6), PLACES).ok).toBe(false);
    fc.assert(
      fc.property(fc.nat({ max: ROWS.length - 7 }), fc.string({ maxLength: 8 }), (at, put) => {
        const list = parseBackupList(`${ROWS.slice(0, at)}${put}\nover\n`, PLACES);
        if (list.ok)
          for (const { name, sums } of list.value.backups) expect(sums === 'good' ? name : NEW).toBe(NEW);
      }),
    );
  });
});
