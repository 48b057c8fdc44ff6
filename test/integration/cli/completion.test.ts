import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { stringify } from 'yaml';
import { fcops } from '../../support/fcops.ts';
import { clusterFile } from '../../unit/inventory/support.ts';

const directory = mkdtempSync(join(tmpdir(), 'fcops-completion-'));
afterAll(() => rmSync(directory, { recursive: true }));
mkdirSync(join(directory, 'inventories'));
writeFileSync(
  join(directory, 'inventories/f0494733.yaml'),
  stringify(clusterFile({ groups: { 'rack-a': { hosts: 'p1-50' }, 'rack-b': { hosts: 'c2' } } })),
);

const complete = async (...words: readonly string[]): Promise<string[]> => {
  const { stdout } = await fcops(['__complete', ...words], { cwd: directory });
  return stdout.split('\n').filter(Boolean);
};

describe('completion', () => {
  it.each<[readonly string[], readonly string[]]>([
    [['pl'], ['plan', 'pledge']],
    [['jobs', '--task', 'PC1,P'], ['PC1,PC2']],
    [['inventory', 's'], ['show']],
    [['inventory', 'a'], ['add-host']],
    [['inventory', 'add-host', 'p1-74', '10.0.0.74', '--profile', 'amd-76'], ['amd-7601']],
    [
      ['inventory', 'add-host', '--os', 'debian-1'],
      ['debian-10', 'debian-11', 'debian-12', 'debian-13'],
    ],
    [['artifacts', ''], ['hash']],
    [['artifacts', 'hash', 'a', '--wr'], ['--write']],
    [['help', 'dep'], ['deploy']],
    [
      ['plan', ''],
      ['miner', 'p1', 'c2', 'apx', 'all'],
    ],
    [['plan', 'p1', '--tags', 'time,hug'], ['time,hugepages']],
    [['plan', 'p1', '-l', 'p1-50,!p1-5'], ['p1-50,!p1-50']],
    [
      ['plan', '--limit=c'],
      ['c2-10', 'c2'],
    ],
    [
      ['plan', '--limit', '=', 'c'],
      ['c2-10', 'c2'],
    ],
    [
      ['plan', 'p1', '--limit', 'group:'],
      ['group:rack-a', 'group:rack-b'],
    ],
    [['plan', 'p1', '--limit', 'p1-50,!group:rack-b,@'], ['p1-50,!group:rack-b,@failed']],
    // As bash has them: what it puts in is the last piece alone.
    [
      ['plan', 'p1', '--limit', 'group', ':', 'rack'],
      ['rack-a', 'rack-b'],
    ],
    [
      ['plan', 'p1', '--limit', '=', 'p1,!group', ':'],
      ['rack-a', 'rack-b'],
    ],
    [['plan', 'p1', '--limit', '@', 'f'], ['failed']],
    [['plan', 'p1', '--limit', 'p1,', '@'], ['failed']],
    [['plan', 'p1', '--limit', '=@', 'f'], ['failed']],
    [['plan', 'p1', '--limit', 'group', ':', 'rack-a', '--mi'], ['--miner']],
    [['deploy', 'p1', '--mi'], ['--miner']],
    [
      ['init', 'f01', '--role', 'p1,'],
      ['p1,miner', 'p1,c2', 'p1,apx'],
    ],
    [
      ['layout', 'amd-7532', '--role', ''],
      ['p1', 'c2', 'apx'],
    ],
    [['deploy', 'p1', '--miner', 'f'], ['f0494733']],
    [
      ['layout', 'amd-7'],
      ['amd-7371', 'amd-7532', 'amd-7601', 'amd-7t83'],
    ],
    [
      ['plan', 'p1', '--color', 'a'],
      ['auto', 'always'],
    ],
    [['resume', 'l'], ['last']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [
      ['start', 'c2-10', '--process', ''],
      ['C2', 'C2-1', 'C2-2', 'C2-3', 'C2-4'],
    ],
    [
      ['logs', 'p1', '--process', 'APx,P1-1'],
      ['APx,P1-1', 'APx,P1-10', 'APx,P1-11', 'APx,P1-12', 'APx,P1-13', 'APx,P1-14'],
    ],
    [['restart', 'p1-50', '--process', 'A'], ['APx']],
    // A file: the shell's own.
    [['plan', '-i', ''], []],
    [['plan', '--inventory', 'nowhere', '--limit', 'p1-'], []],
  ])('%j may become %j', async (words, expected) => expect(await complete(...words)).toEqual(expected));

  it('works in bash as it stands', async () => {
    const script = `
      fcops() { '${process.execPath}' '${inject('fcops')}' "$@"; }
      source <(fcops completion bash)
      COMP_WORDS=(fcops facts p1-5)
      COMP_CWORD=2
      _fcops
      printf '%s\n' "\${COMPREPLY[@]}"`;
    const { stdout } = await execa('bash', ['-euc', script], { cwd: directory });
    expect(stdout.split('\n')).toEqual(['p1-50']);
  });

  it.each(['bash', 'zsh', 'fish'])('is there for %s, and names no other shell', async (shell) => {
    const { exitCode, stdout } = await fcops(['completion', shell]);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('fcops __complete')]);
  });
});
