import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSectorStatus } from '../../../../src/lotus/sector-status.ts';
import { parseSectorsLook, parseStatusLook } from '../../../../src/ops/sectors/look.ts';
import { answer, INFO, JOBS, SECTOR_STATUS, SECTORS_LIST } from '../../lotus/samples.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const told = (name: string, out: string, status = 0, errors = '') =>
  `told\t${name}\t${base64(out)}\t${status}\t${base64(errors)}\n`;
const NOW = 'now\t1629187000\n';
const ALL = `${NOW}${told('jobs', JOBS)}${told('info', INFO)}${told('list', SECTORS_LIST)}over\n`;

describe('what a miner host tells of its sectors', () => {
  it('is read with who changes the host', () => {
    const read = parseSectorsLook(`lock\talice@ops1\tr-1\t2026-11-29T20:15:00Z\n${ALL}`);
    expect(read).toMatchObject({
      value: {
        now: 1_629_187_000,
        holder: { who: 'alice@ops1', run: 'r-1' },
        jobs: { value: { length: 4 } },
        list: { value: { length: 5 } },
      },
    });
  });

  it('is not used where it broke off, or one of the commands is not in it', () => {
    expect(parseSectorsLook(ALL.replace('over\n', '')).ok).toBe(false);
    expect(parseSectorsLook(ALL.replace('told\tlist', 'told\tother')).ok).toBe(false);
    expect(parseSectorsLook(ALL.replace(NOW, '')).ok).toBe(false);
    expect(parseStatusLook(`${NOW}${told('1041', SECTOR_STATUS)}over\n`, [1041, 1042]).ok).toBe(false);
  });

  it('is nothing without a profile', () => {
    const none = `${NOW}noprofile\nover\n`;
    expect(parseSectorsLook(none)).toMatchObject({ value: { list: { type: 'not reachable' } } });
    expect(parseStatusLook(none, [1])).toMatchObject({ ok: true });
  });

  it('is not understood of a sector that it answers about another for', () => {
    const read = parseStatusLook(`${NOW}${told('7', SECTOR_STATUS)}over\n`, [7]);
    expect(read.ok && read.value.statuses.get(7)).toEqual({
      type: 'not understood',
      why: 'it tells of sector 1041',
    });
  });
});

describe('the newest events of a log', () => {
  const shell = readFileSync(new URL('../../../../src/ops/sectors/look.sh', import.meta.url), 'utf8');
  const newest = (input: string) =>
    spawnSync('bash', ['-c', `${shell}\nnewest_events`], { input, encoding: 'utf8' }).stdout;
  const events = (text: string) => {
    const read = readSectorStatus(answer(newest(text)));
    return read.type === 'understood' ? read.value.events : read.why;
  };

  it('are the last one, and before it the last that says what went wrong', () => {
    expect(events(SECTOR_STATUS)).toMatchObject([
      { index: 1, error: 'seal pre commit(2) failed: storage call error 0: no space left on device' },
      { index: 2, error: null },
    ]);
    const failed = SECTOR_STATUS.replace(/2\.\t2021.*\n/, '');
    expect(events(failed)).toMatchObject([{ index: 1, kind: 'SectorSealPreCommit2Failed' }]);
  });

  it('leave a status without a log as it is', () => {
    const [head = ''] = SECTOR_STATUS.split('--------');
    expect(newest(head)).toBe(head);
    expect(newest('')).toBe('');
  });

  it('are short, however long the log is', () => {
    const [head = ''] = SECTOR_STATUS.split('0.\t');
    const event = (index: number) =>
      `${index}.\t2021-08-17 10:11:12 +0800 CST:\t[event;sealing.SectorX]\t${'x'.repeat(8000)}\n\tfailed:\n${'    at\n'.repeat(500)}`;
    const long = head + Array.from({ length: 50 }, (_, index) => event(index)).join('');
    expect(newest(long).length).toBeLessThan(8000);
    expect(events(long)).toMatchObject([{ index: 49, error: 'failed' }]);
  });
});
