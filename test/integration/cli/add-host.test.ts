import {
  chmodSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fcops as run } from '../../support/fcops.ts';

const EXAMPLES = join(import.meta.dirname, '../../../inventories');
const FILE = 'inventories/f0494733.yaml';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fcops-add-host-'));
  mkdirSync(join(directory, 'inventories'));
  copyFileSync(join(EXAMPLES, 'f0494733.yaml'), join(directory, FILE));
});
afterEach(() => rmSync(directory, { recursive: true }));
const fcops = (...args: string[]) => run(args, { cwd: directory });
const read = (path = FILE) => readFileSync(join(directory, path), 'utf8');
const P1 = ['--role', 'p1', '--profile', 'amd-7532'];
const line = (n: number) =>
  `  - { name: p1-${n}, address: 192.168.10.${n}, roles: [p1], profile: amd-7532 }\n`;

describe('fcops inventory add-host', () => {
  it('adds a host behind the others, shows how, and says what comes next', async () => {
    const before = read();
    expect(await fcops('inventory', 'add-host', 'p1-74', '192.168.10.74', ...P1)).toMatchInlineSnapshot(`
      {
        "exitCode": 0,
        "stderr": "",
        "stdout": "@@ -72,3 +72,4 @@
         - { name: p1-71, address: 192.168.10.71, roles: [p1], profile: amd-7532 }
         - { name: p1-72, address: 192.168.10.72, roles: [p1], profile: amd-7532 }
         - { name: p1-73, address: 192.168.10.73, roles: [p1], profile: amd-7532 }
      +  - { name: p1-74, address: 192.168.10.74, roles: [p1], profile: amd-7532 }

      1 host added to inventories/f0494733.yaml: p1-74

      next:
        1. look at the host keys, compare them, record them:
             fcops trust --miner f0494733 --limit p1-74
        2. keep what the machines are, for \`fcops render\`:
             fcops facts --save --miner f0494733 --limit p1-74
        3. see what would change, and do it; it asks:
             fcops deploy p1 --miner f0494733 --limit p1-74
      ",
      }
    `);
    expect(read()).toBe(before + line(74));
    expect(readdirSync(join(directory, 'inventories'))).toEqual(['f0494733.yaml']);
  });

  it('masks what says that it is a secret in the lines around', async () => {
    writeFileSync(
      join(directory, FILE),
      read().replace(/(p1-73, .*) \}/, '$1, variables: { environment: { API_KEY: made-up-key } } }'),
    );
    const { stdout } = await fcops('inventory', 'add-host', 'p1-74', '192.168.10.74', ...P1, '--dry-run');
    expect(stdout).toContain(' API_KEY: ********');
    expect(stdout).toContain(`+${line(74)}`);
    expect(stdout).not.toContain('made-up-key');
  });

  it('adds a range, changes nothing a second time, and only what is missing a third', async () => {
    const before = read();
    const range = (last: number) => [
      ...['inventory', 'add-host', `p1-[74:${last}]`, `192.168.10.[74:${last}]`, ...P1],
    ];
    expect((await fcops(...range(76), '--output', 'json')).stdout).toContain('"written": true');
    expect(read()).toBe(before + line(74) + line(75) + line(76));
    const { ino, mtimeMs } = statSync(join(directory, FILE));
    expect(await fcops(...range(76))).toEqual({
      exitCode: 0,
      stdout: `p1-[74:76]: in ${FILE} already, as asked for\nnothing was changed\n`,
      stderr: '',
    });
    expect(statSync(join(directory, FILE))).toMatchObject({ ino, mtimeMs });
    const { stdout } = await fcops(...range(77), '--output', 'json');
    expect(JSON.parse(stdout)).toMatchObject({ added: ['p1-77'], there: ['p1-74', 'p1-75', 'p1-76'] });
    expect(read()).toBe(before + line(74) + line(75) + line(76) + line(77));
  });

  it('adds machines with a second network', async () => {
    const words = ['p1-[74:75]', '192.168.10.[74:75]', ...P1, '--listen', '10.0.0.[74:75]'];
    expect((await fcops('inventory', 'add-host', ...words)).exitCode).toBe(0);
    expect(read()).toContain('address: 192.168.10.75, listen: 10.0.0.75, roles: [p1]');
    const other = await fcops('inventory', 'add-host', ...words.slice(0, -1), '10.0.0.[75:76]');
    expect(other.stderr).toContain('why:  listen 10.0.0.74 there, 10.0.0.75 here');
  });

  it('only shows it with --dry-run', async () => {
    const before = read();
    const { exitCode, stdout } = await fcops(
      'inventory',
      'add-host',
      'p1-74',
      '192.168.10.74',
      ...P1,
      '--dry-run',
    );
    expect([exitCode, stdout]).toEqual([
      0,
      expect.stringContaining(`1 host would be added to ${FILE}: p1-74\n`),
    ]);
    expect(stdout).not.toContain('next:');
    expect(read()).toBe(before);
  });

  it('keeps the mode of the file, and a link to it', async () => {
    renameSync(join(directory, FILE), join(directory, 'real.yaml'));
    symlinkSync('../real.yaml', join(directory, FILE));
    chmodSync(join(directory, 'real.yaml'), 0o640);
    expect((await fcops('inventory', 'add-host', 'p1-74', '192.168.10.74', ...P1)).exitCode).toBe(0);
    expect(lstatSync(join(directory, FILE)).isSymbolicLink()).toBe(true);
    expect(statSync(join(directory, 'real.yaml')).mode & 0o7777).toBe(0o640);
    expect(read('real.yaml')).toContain(line(74));
  });

  it.each([
    [
      ['p1-50', '192.168.10.99', ...P1],
      /there is a host p1-50 already, and it is another one\n {2}why: {2}address 192\.168\.10\.50 there, 192\.168\.10\.99 here/,
    ],
    [
      ['p1-50', '192.168.10.50', ...P1, '--os', 'debian-12'],
      /why: {2}os ubuntu-18\.04 there, debian-12 here/,
    ],
    [
      ['p1-74', '192.168.10.50', ...P1],
      /p1-74: the address 192\.168\.10\.50 is used twice \(also in line 51\)/,
    ],
    [['p1-74', '192.168.10.74', '--role', 'p1', '--profile', 'amd-7523'], /did you mean "amd-7532"\?/],
    [
      ['p1-74', '192.168.10.74', '--role', 'c2', '--profile', 'amd-7532'],
      /the profile amd-7532 is not for c2/,
    ],
    [['p1-74', '192.168.10.74', ...P1, '--role', 'c2'], /p1 and c2 cannot be on one machine/],
    [
      ['p1-74', '192.168.10.274', ...P1],
      /address "192\.168\.10\.274" must be an IPv4 address\n {2}next: for example: 192/,
    ],
    [
      [`p1-${'7'.repeat(62)}`, '192.168.10.74', ...P1],
      /7" must not be longer than 63\n {2}next: for example: p1-50/,
    ],
    [['p1 74', '192.168.10.74', ...P1], /name "p1 74" must be letters, digits, dots, dashes/],
    [['p1-[74:76]', '192.168.10.74', ...P1], /p1-\[74:76\] is 3 hosts, and 192\.168\.10\.74 one address/],
    [['p1-74', '192.168.10.74', '--profile', 'amd-7532'], /required option "--role <roles>" not specified/],
  ])('refuses %j, and writes nothing', async (words, stderr) => {
    const before = read();
    const ended = await fcops('inventory', 'add-host', ...words);
    expect(ended).toEqual({ exitCode: 1, stdout: '', stderr: expect.stringMatching(stderr) });
    expect(read()).toBe(before);
  });

  it('refuses a machine of another cluster, and tells in which file it is', async () => {
    writeFileSync(
      join(directory, 'inventories/f0999.yaml'),
      read().replace('miner: f0494733', 'miner: f0999').replaceAll('192.168.10.', '192.168.30.'),
    );
    const { exitCode, stderr } = await fcops(
      ...['inventory', 'add-host', 'p1-74', '192.168.30.50', ...P1, '--miner', 'f0494733'],
    );
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringContaining(
        'the machine 192.168.30.50 is in two clusters: it is p1-50 in inventories/f0999.yaml:51',
      ),
    ]);
    expect(read()).not.toContain('192.168.30.');
  });

  it('goes by the groups of the file, and says which of them take the new hosts', async () => {
    const groups = `groups:
  rack-a: { hosts: 'p1-[50:74]', os: debian-12 }
  workers: { hosts: [p1, c2], variables: { timezone: Asia/Shanghai } }
  others: { hosts: 'c2-1*' }
`;
    writeFileSync(join(directory, FILE), read().replace('hosts:\n  - { name: miner-1', `${groups}$&`));
    const before = read();
    const there = await fcops('inventory', 'add-host', 'p1-50', '192.168.10.50', ...P1, '--os', 'debian-12');
    expect([there.exitCode, there.stdout]).toEqual([
      0,
      expect.stringContaining('in inventories/f0494733.yaml already'),
    ]);
    const other = await fcops('inventory', 'add-host', 'p1-50', '192.168.10.50', ...P1, '--os', 'centos-7');
    expect(other.stderr).toContain('os debian-12 there, centos-7 here');
    expect(read()).toBe(before);
    const ended = await fcops('inventory', 'add-host', 'p1-[74:76]', '192.168.10.[74:76]', ...P1);
    expect(ended.stdout).toContain('groups of p1-74: rack-a, workers\ngroups of p1-[75:76]: workers\n');
    const json = await fcops(
      ...['inventory', 'add-host', 'm-1', '192.168.10.99', '--role', 'miner', '--profile', 'amd-7532'],
      ...['--dry-run', '--output', 'json'],
    );
    expect(json.stderr).toContain('miner-1 has the role miner already');
    writeFileSync(join(directory, FILE), before.replace('hosts: [p1, c2]', 'hosts: [c2]'));
    const none = await fcops('inventory', 'add-host', 'p1-75', '192.168.10.75', ...P1, '--dry-run');
    expect(none.stdout).toContain('groups of p1-75: none\n');
  });

  it.each([
    'groups: 5',
    'groups: { rack-a: { hosts: p1 }, rack-b: { os: debian-12 } }',
    'groups: { rack-a: { hosts: p1 }, rack-b: 5 }',
  ])('does not know the groups of new hosts where a file says %j', async (groups) => {
    writeFileSync(join(directory, FILE), read().replace(/^hosts:$/m, `${groups}\n$&`));
    const words = ['inventory', 'add-host', 'p1-74', '192.168.10.74', ...P1, '--dry-run'];
    expect((await fcops(...words)).stdout).toContain('groups of p1-74: not known\n');
    const { stdout } = await fcops(...words, '--output', 'json');
    expect(JSON.parse(stdout)).toMatchObject({ groups: { 'p1-74': null } });
  });

  it('adds to a file that is still to be filled in, and fills in a host that stands there', async () => {
    rmSync(join(directory, FILE));
    await fcops('init', 'f0494733');
    const begun = read();
    const added = await fcops('inventory', 'add-host', 'p1-74', '192.168.10.74', ...P1);
    expect([added.exitCode, added.stderr]).toEqual([0, '']);
    expect(added.stdout).toContain(`next:
  1. mend what else of the file is wrong; it tells what is left:
       fcops inventory check --miner f0494733
`);
    expect(read()).toBe(begun + line(74));
    const filled = await fcops('inventory', 'add-host', 'p1-50', '192.168.10.50', ...P1);
    expect([filled.exitCode, filled.stderr]).toEqual([0, '']);
    const row = '{ name: p1-50, address: <IPv4 address>, roles: [p1], profile: <hardware model> }';
    expect(read()).toBe(begun.replace(`  - ${row}\n`, line(50)) + line(74));
    const again = await fcops('inventory', 'add-host', 'p1-50', '192.168.10.50', ...P1);
    expect(again.stdout).toContain('nothing was changed');
    const c2 = ['c2-10', '192.168.10.10', '--role', 'c2', '--profile', 'amd-7371'];
    const more = ['--listen', '10.0.0.10', '--os', 'debian-12'];
    expect((await fcops('inventory', 'add-host', ...c2, ...more)).stderr).toBe('');
    expect(read()).toContain('profile: amd-7371, listen: 10.0.0.10, os: debian-12 }');
  });

  it('begins the hosts of such a file anew where all of it have been removed', async () => {
    rmSync(join(directory, FILE));
    await fcops('init', 'f0494733');
    const without = read().replaceAll(/^ {2}- \{ name: .*\n/gm, '');
    for (const text of [without, without.replace(/^hosts:$/m, 'hosts: []')]) {
      writeFileSync(join(directory, FILE), text);
      const { exitCode, stderr } = await fcops('inventory', 'add-host', 'p1-74', '192.168.10.74', ...P1);
      expect([exitCode, stderr]).toEqual([0, '']);
      expect(read()).toBe(without + line(74));
    }
    writeFileSync(join(directory, FILE), '- p1-50\n');
    const odd = await fcops('inventory', 'add-host', 'p1-74', '192.168.10.74', ...P1);
    expect(odd.stderr).toMatch(/this is no cluster file, so it stays as it is\n.*nothing was written/);
  });

  it('tells of such a file only what the new host would make wrong, and that nothing was written', async () => {
    rmSync(join(directory, FILE));
    await fcops('init', 'f0494733');
    const begun = read();
    const other = await fcops(
      ...['inventory', 'add-host', 'c2-10', '192.168.10.10', '--role', 'p1', '--profile', 'amd-7532'],
    );
    expect(other.stderr).toContain(
      'why:  roles c2 there, p1 here; so nothing was written into the inventory',
    );
    const unfit = await fcops(
      ...['inventory', 'add-host', 'c2-11', '192.168.10.11', '--role', 'c2', '--profile', '<hardware model>'],
    );
    expect([unfit.exitCode, unfit.stderr.match(/error: /g)?.length]).toEqual([1, 1]);
    expect(unfit.stderr).toContain('there is no profile "<hardware model>"\n  why:  nothing was written');
    expect(read()).toBe(begun);
    writeFileSync(join(directory, FILE), `${begun}  odd: [\n`);
    const broken = await fcops('inventory', 'add-host', 'p1-74', '192.168.10.74', ...P1);
    expect(broken.stderr).toContain('why:  nothing was written into the inventory');
  });
});
