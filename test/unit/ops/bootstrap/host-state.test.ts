import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { formatFil } from '../../../../src/ops/bootstrap/fil.ts';
import { hostStateQuery, parseHostState } from '../../../../src/ops/bootstrap/host-state.ts';
import { Pace } from '../../../../src/ops/bootstrap/time-left.ts';
import { needs } from '../../../support/needs.ts';
import { setupOf } from './support.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('the one question', () => {
  it('is understood as a whole, or not at all', () => {
    const rows = [
      'now\t1628306400',
      'lock\talice@ops1\tr-20261122T103000Z-x7k2qbinit\t2026-11-22T10:30:00Z',
      'parameters\t/opt/raid0/filecoin-proof-parameters/',
      'process\tlotus daemon\t77',
      'entry\t/opt/raid0/profile\t12\tregular file',
      `text\t/opt/raid0/lotusminer/api\t${base64('/ip4/1.2.3.4/tcp/2345/http')}`,
      `said\tstatus\t1\t\t${base64('ERROR: no\n\n')}`,
      'said\tsync\tbroken',
      'file\t/opt/raid0/bootstrap/a.car\t9',
      'mount\t/nas\trw,relatime nfs4 192.168.51.110:/my\\040export rw,vers=4.2',
      'mount\t/nas2',
    ];
    const read = parseHostState([...rows, 'over', ''].join('\n'));
    if (!read.ok) throw new Error(read.error);
    const { now, holder, parameters, running, entries, texts, answers, files } = read.value;
    expect([now, holder?.run, parameters]).toEqual([
      1_628_306_400,
      'r-20261122T103000Z-x7k2qbinit',
      '/opt/raid0/filecoin-proof-parameters',
    ]);
    expect([...read.value.mounts]).toEqual([
      ['/nas', { fstype: 'nfs4', source: '192.168.51.110:/my export' }],
    ]);
    expect([...running, ...files]).toEqual([
      ['lotus daemon', 77],
      ['/opt/raid0/bootstrap/a.car', 9],
    ]);
    expect(entries.get('/opt/raid0/profile')).toEqual({ bytes: 12, type: 'regular file' });
    expect(texts.get('/opt/raid0/lotusminer/api')).toBe('/ip4/1.2.3.4/tcp/2345/http');
    expect([...answers]).toEqual([['status', { status: 1, stdout: '', stderr: 'ERROR: no\n\n' }]]);
    expect(parseHostState(rows.join('\n')).ok).toBe(false);
  });

  it('reads no token and no key', () => {
    const { script } = hostStateQuery(setupOf());
    expect(script).not.toMatch(/text \S*(token|keystore)/);
    expect(script).not.toContain('wallet export');
  });

  it('passes shellcheck', { tags: needs('shellcheck') }, () => {
    const options = ['-s', 'bash', '-f', 'gcc', '-'];
    const input = hostStateQuery(setupOf()).script;
    expect(spawnSync('shellcheck', options, { input, encoding: 'utf8' }).stdout).toBe('');
  });
});

describe('the time that is left', () => {
  const progress = (done: number, total: number | null = 1000) => ({ done, total, unit: 'bytes' as const });

  it('follows from what was done since it was first seen', () => {
    const pace = new Pace();
    expect(pace.left(progress(500), 0)).toBeNull();
    expect(pace.left(progress(510), 1_000)).toBeNull();
    expect(pace.left(progress(600), 10_000)).toBe(40);
    // It stands still.
    expect(new Pace().left(progress(500), 10_000)).toBeNull();
  });

  it('is not told without a total, and begins anew with what does', () => {
    const pace = new Pace();
    pace.left(progress(500), 0);
    expect(pace.left(progress(900, null), 10_000)).toBeNull();
    expect(pace.left(progress(100), 20_000)).toBeNull();
    expect(pace.left(progress(200), 30_000)).toBe(80);
  });
});

it.each([
  [0n, '0 FIL'],
  [10n ** 18n, '1 FIL'],
  [12_004_599_227_037_176_968n, '12.004599227037176968 FIL'],
  [5n, '0.000000000000000005 FIL'],
])('%s attoFIL are %s', (atto, text) => expect(formatFil(atto)).toBe(text));
