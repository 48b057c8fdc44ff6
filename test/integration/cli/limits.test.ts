import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { stringify } from 'yaml';
import { fcops as run } from '../../support/fcops.ts';
import { madeRun } from '../../support/runs.ts';
import { clusterFile } from '../../unit/inventory/support.ts';

/** Which hosts `--limit` means, of commands that need no host. */

const directory = mkdtempSync(join(tmpdir(), 'fcops-limits-'));
const runs = join(directory, 'state/fcops/runs');
const env = { TOKEN: 't0ken-of-the-miner', XDG_STATE_HOME: join(directory, 'state') };
const fcops = (...words: readonly string[]) => run([...words], { cwd: directory, env });

mkdirSync(join(directory, 'inventories'));
const hosts = [50, 51, 52, 53].map((n) => ({
  ...{ name: `p1-${n}`, address: `192.168.10.${n}`, roles: ['p1'], profile: 'amd-7532' },
}));
const groups = { 'rack-a': { hosts: 'p1-[50:51]' }, 'rack-b': { hosts: ['p1-52'] } };
writeFileSync(join(directory, 'inventories/f0494733.yaml'), stringify(clusterFile({ groups, hosts })));
beforeEach(() => rmSync(runs, { recursive: true, force: true }));
afterAll(() => rmSync(directory, { recursive: true }));

const FIRST = 'r-20260102T030405Z-aaaaa';
const SECOND = 'r-20260103T030405Z-bbbbb';

const listed = async (limit: string) => {
  const { stdout, stderr } = await fcops('inventory', 'list', '--limit', limit, '--output', 'json');
  const [cluster] = JSON.parse(stdout || '[]');
  return { hosts: (cluster?.hosts ?? []).map(({ name }: { name: string }) => name).join(' '), stderr };
};

describe('--limit group:NAME', () => {
  it('means the hosts of a group', async () => {
    expect(await listed('group:rack-a,!p1-50')).toEqual({ hosts: 'p1-51', stderr: '' });
    expect(await listed('!group:rack-*')).toEqual({ hosts: 'p1-53', stderr: '' });
    expect((await listed('group:rack-c')).stderr).toContain('has no group rack-c');
  });

  it('is that of words too', async () => {
    const { stderr } = await fcops('logs', 'group:rack-x');
    expect(stderr).toContain('error: inventories/f0494733.yaml: group:rack-x: f0494733 has no group rack-x');
  });

  it('is what a list shows', async () => {
    expect((await fcops('inventory', 'list', '--limit', 'group:rack-b')).stdout).toMatch(
      /groups\n.* rack-b\n/,
    );
  });
});

describe('--limit @FILE', () => {
  it('reads patterns from a file, also as one of several', async () => {
    writeFileSync(join(directory, 'some hosts'), '# of the night\np1-50\n\ngroup:rack-b # and these\n');
    writeFileSync(join(directory, 'one'), 'p1-5[01]\n');
    expect((await listed('@some hosts')).hosts).toBe('p1-50 p1-52');
    expect((await listed('@one,p1-53')).hosts).toBe('p1-50 p1-51 p1-53');
    expect((await listed('p1,!@one')).hosts).toBe('p1-52 p1-53');
    expect((await listed('p1-[51:52],&@one')).hosts).toBe('p1-51');
  });

  it('reads what can be read only once, as what a shell puts in the place of <(…)', async () => {
    const { stdout, stderr } = await execa(
      'bash',
      ['-c', '"$0" "$@" --limit @<(echo p1-51)', process.execPath, inject('fcops'), 'inventory', 'list'],
      { cwd: directory, env, reject: false },
    );
    expect([stderr, stdout]).toEqual(['', expect.stringMatching(/1 host,[^\n]*\n[^\n]*\n {2}p1-51 /)]);
  });

  it('leaves out all that stands in a line of the file, and not only the first', async () => {
    writeFileSync(join(directory, 'out'), 'p1-50 p1-51,p1-52\r\n');
    expect((await listed('p1,!@out')).hosts).toBe('p1-53');
    expect((await listed('p1,&@out')).stderr).toContain('& is for one pattern, and these are 3');
  });

  it('says what is wrong with it', async () => {
    writeFileSync(join(directory, 'empty'), '# nobody\n');
    writeFileSync(join(directory, 'two'), 'p1-50\np1-51\n');
    expect((await listed('p1-50,@nowhere')).stderr).toContain('--limit @nowhere: there is no such file');
    expect((await listed('@empty')).stderr).toContain('--limit @empty: no host stands in it');
    expect((await listed('p1,&@two')).stderr).toContain('write it the other way round: @two,&PATTERN');
  });
});

describe('--limit @failed', () => {
  it('means the hosts that did not end well in the last run, and says which run that is', async () => {
    madeRun(runs, FIRST, { hosts: ['p1-50'], ended: { 'p1-50': 'failed' } });
    madeRun(runs, SECOND, {
      hosts: ['p1-50', 'p1-51', 'p1-52', 'p1-53'],
      ended: { 'p1-50': 'changed', 'p1-51': 'failed', 'p1-52': 'unreachable', 'p1-53': 'same' },
    });
    const { hosts: names, stderr } = await listed('@failed');
    expect(names).toBe('p1-51 p1-52');
    expect(stderr).toBe(`@failed: p1-[51:52], of ${SECOND} (deploy p1 of f0494733, 2026-01-03T03:04:05Z)\n`);
    expect((await listed('p1,!@failed')).hosts).toBe('p1-50 p1-53');
    expect((await listed('@failed,&group:rack-a')).hosts).toBe('p1-51');
  });

  it('is what a command goes on with: the next one that is told has their names', async () => {
    madeRun(runs, FIRST, { hosts: ['p1-51'], ended: { 'p1-51': 'failed' } });
    const { stderr } = await fcops('render', 'p1', '--limit', '@failed');
    expect(stderr).toContain('fcops render p1 --out /tmp/p1 --limit p1-51');
  });

  it('stands for hosts where words name them as patterns do, and not in commands for hosts', async () => {
    madeRun(runs, FIRST, { hosts: ['p1-51'], ended: { 'p1-51': 'failed' } });
    const { stderr } = await fcops('logs', '@failed', '--process', 'C2-1');
    expect(stderr).toContain(`@failed: p1-51, of ${FIRST}`);
    expect(stderr).toContain('C2-1');
    const none = await fcops('exec', 'p1-99', '--', 'echo', '@failed');
    expect(none.stderr).not.toContain(FIRST);
    expect(none.stderr).toContain('p1-99 matches no host');
  });

  it('is a mistake where all ended well, with the run that it was', async () => {
    madeRun(runs, FIRST, { hosts: ['p1-50'], ended: { 'p1-50': 'same' }, state: 'done' });
    const { exitCode, stdout, stderr } = await fcops('plan', 'p1', '--limit', '@failed');
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`@failed: all hosts ended well in the last run for f0494733, ${FIRST}`);
    expect(stderr).toContain(`next: see what it did: fcops runs show ${FIRST}`);
  });

  it('is a mistake where nothing was run', async () => {
    madeRun(runs, FIRST, { miner: 'f0730670', hosts: ['p1-50'], ended: { 'p1-50': 'failed' } });
    expect((await listed('@failed')).stderr).toContain('this machine has run nothing for f0494733 yet');
  });
});
