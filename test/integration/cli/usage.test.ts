import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { fcops } from '../../support/fcops.ts';
import { clusterFile } from '../../unit/inventory/support.ts';

describe('the command line', () => {
  it('shows a short overview where nothing is asked', async () => {
    const { exitCode, stdout } = await fcops([]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('fcops plan p1 --miner f0494733');
    expect(stdout.split('\n').length).toBeLessThan(20);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('prints its version', async () => {
    for (const args of [['--version'], ['-V'], ['plan', '--version']])
      expect((await fcops(args)).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each(['init', 'plan', 'deploy', 'check', 'adopt', 'layout', 'facts', 'render', 'schema', 'trust'])(
    'explains %s with examples',
    async (name) => {
      const { exitCode, stdout } = await fcops(['help', name]);
      expect(exitCode).toBe(0);
      expect(stdout).toContain(`Usage: fcops ${name}`);
      expect(stdout).toContain(`Examples:\n`);
      expect(stdout).toContain(`  fcops ${name}`);
      expect(stdout.indexOf('Global Options:')).toBeGreaterThan(stdout.indexOf('Examples:'));
      // An inventory means nothing to a layout or a schema.
      expect(stdout.includes('--inventory')).toBe(name !== 'layout' && name !== 'schema');
    },
  );

  it.each([
    ['inventory', 'add-host'],
    ['artifacts', 'hash'],
  ])('explains %s %s with examples that it reads', async (...words) => {
    const { exitCode, stdout } = await fcops(['help', ...words]);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining(`Usage: fcops ${words.join(' ')}`)]);
    expect(stdout).toContain(`Examples:\n`);
    expect(stdout).toContain(`  fcops ${words.join(' ')} `);
  });

  it.each(['secrets', 'inventory', 'artifacts', 'runs', 'jobs', 'sectors', 'rotate'])(
    'explains what stands below %s with examples and the options that it takes',
    async (name) => {
      const { exitCode, stdout } = await fcops(['help', name]);
      expect([exitCode, stdout]).toEqual([0, expect.stringContaining(`Examples:\n`)]);
      expect(stdout.indexOf('Global Options:')).toBeGreaterThan(stdout.indexOf('Examples:'));
      expect(stdout).toContain('--output <format>');
      expect(stdout.includes('--identity <file>')).toBe(name !== 'runs');
    },
  );

  it('knows the command behind global options', async () => {
    const wrong = await fcops(['--inventory', 'x', 'exec', '--timeout', '5', 'p1-50', '--', 'true']);
    expect([wrong.exitCode, wrong.stderr]).toEqual([1, expect.stringContaining('next: fcops help exec')]);
    const unknown = await fcops(['--color=never', '-i', 'x', 'help', 'nosuch']);
    expect([unknown.exitCode, unknown.stderr]).toEqual([
      1,
      expect.stringContaining('there is no command "nosuch"'),
    ]);
  });

  it('explains what stands below a command, and lists the tags', async () => {
    expect((await fcops(['help', 'inventory', 'check'])).stdout).toContain('Usage: fcops inventory check');
    expect((await fcops(['help'])).stdout).toContain('Change machines:');
    expect((await fcops(['plan', '--help'])).stdout.replaceAll(/\s+/g, ' ')).toContain(
      'checks, data, tuning, packages, time, hostname, storage, hugepages, worker, lotus, profile, config, scripts, pledge, backup, start, stamp',
    );
  });

  it.each([
    [['deploi'], 'error: unknown command "deploi"\n  next: did you mean deploy? (fcops help)\n'],
    [
      ['plan', 'p1', '--lmit', 'x'],
      'error: unknown option "--lmit"\n  next: did you mean --limit? (fcops help plan)\n',
    ],
    [
      ['plan'],
      'error: missing required argument "role"\n  next: <role>: miner, p1, c2 or apx; all: the miner, then the workers (fcops help plan)\n',
    ],
    [['backup'], 'error: missing required argument "what"\n  next: <what>: miner (fcops help backup)\n'],
    [
      ['stop'],
      'error: missing required argument "what"\n  next: <what>: a role (miner, p1, c2 or apx, all), or names or addresses of hosts (fcops help stop)\n',
    ],
    [
      ['schema', 'inventry'],
      'error: fcops schema takes no "inventry"\n  next: did you mean "inventory"? (fcops help schema)\n',
    ],
    [
      ['plan', 'p1', '--transport', 'ssh3'],
      'error: --transport cannot be "ssh3"\n  next: did you mean "ssh2"? (fcops help plan)\n',
    ],
    [
      ['deploy', 'p1', '--batch', '0'],
      'error: --batch cannot be "0"\n  why:  A batch has at least one host.\n  next: fcops help deploy\n',
    ],
    [['plan', 'p3'], 'error: "p3" is no role that can be deployed\n  next: did you mean "p1"?\n'],
    [
      ['inventory', 'lst'],
      'error: unknown command "lst"\n  next: did you mean list? (fcops help inventory)\n',
    ],
    [
      ['deploy', 'p1', '--check'],
      'error: unknown option "--check"\n  next: fcops plan shows what a deploy would change (fcops help deploy)\n',
    ],
    [
      ['deploy', 'p1', '--dry-run'],
      'error: unknown option "--dry-run"\n  next: fcops plan shows what a deploy would change (fcops help deploy)\n',
    ],
    [
      ['workers', '--role', 'p1'],
      'error: unknown option "--role"\n  next: --limit takes roles too: --limit p1 (fcops help workers)\n',
    ],
    [
      ['restart', 'p1', '--dry-run'],
      'error: unknown option "--dry-run"\n  next: it shows what it would do and asks: nothing is done before a y (fcops help restart)\n',
    ],
    [
      ['restart', 'p1', '--yes', '--check'],
      'error: unknown option "--check"\n  next: leave --yes out: it shows what it would do and asks: nothing is done before a y (fcops help restart)\n',
    ],
    [
      ['rollback', '--check'],
      'error: unknown option "--check"\n  next: did you mean --dry-run? (fcops help rollback)\n',
    ],
    [
      ['bootstrap', 'miner', '--dry-run'],
      'error: unknown option "--dry-run"\n  next: did you mean --check? (fcops help bootstrap)\n',
    ],
    [['lint'], 'error: unknown command "lint"\n  next: did you mean fcops check?\n'],
    [
      ['add-host', 'p1-74'],
      'error: unknown command "add-host"\n  next: did you mean fcops inventory add-host?\n',
    ],
    [['hash', 'x'], 'error: unknown command "hash"\n  next: did you mean fcops artifacts hash?\n'],
    [['list'], 'error: unknown command "list"\n  next: did you mean fcops inventory list?\n'],
    [
      ['help', 'nosuch'],
      /^error: there is no command "nosuch"\n {2}next: one of: init, plan, show, apply, deploy, .*\n$/,
    ],
    [['help', 'deplo'], 'error: there is no command "deplo"\n  next: did you mean "deploy"?\n'],
    [
      ['help', 'inventory', 'chek'],
      'error: there is no command "inventory chek"\n  next: did you mean "check"?\n',
    ],
    [
      ['plan', 'p1', '--list-tags'],
      /next: --tags takes: checks, data, .*start, stamp \(fcops help plan\)\n$/,
    ],
    [['plan', 'p1', '-vvv'], /unknown option "-vvv"\n {2}next: fcops plan shows every difference/],
    [['plan', 'p1', '-b'], /next: sudo is used where ssh\.user is not root/],
    [['plan', 'p1', '-u', 'root'], /next: the ssh section of the inventory says how to log in/],
    [['plan', 'p1', '--ask-pass'], /next: ssh\.password in the inventory names the secret/],
    [['render'], /next: <role>: miner, p1, c2 or apx; .*\(fcops help render\)\n$/],
    [
      ['upgrade', '--role', 'c2', '--version', '1.11.1-39c692f52-intel'],
      'error: --version prints the version of fcops: nothing was upgraded\n  next: did you mean --ver? (fcops help upgrade)\n',
    ],
    [['jobs', 'aborrt'], 'error: unknown command "aborrt"\n  next: did you mean abort? (fcops help jobs)\n'],
    [
      ['jobs', 'aborrt', '12345678', '--lost'],
      'error: unknown command "aborrt"\n  next: did you mean abort? (fcops help jobs)\n',
    ],
    [
      ['-i', 'x', 'sectors', 'dscard', '1041'],
      'error: unknown command "dscard"\n  next: did you mean discard? (fcops help sectors)\n',
    ],
    [
      ['sectors', '1041'],
      'error: unknown command "1041"\n  next: one of: list, retry, discard, remove (fcops help sectors)\n',
    ],
    [
      ['upgrade', 'c2', '--ver', '1.11.1-x'],
      'error: an upgrade takes its role by an option, and "c2" stands by itself\n  next: add --role c2 in its place (fcops help upgrade)\n',
    ],
    [['upgrade', 'c2-10', '--ver', '1.11.1-x'], /next: --role ROLE --limit c2-10 \(fcops help upgrade\)/],
    [
      ['sectors', 'remove'],
      'error: missing required argument "sectors"\n  next: <sectors>: numbers of sectors, each by itself (fcops help sectors remove)\n',
    ],
    [['render', 'p9'], 'error: "p9" is no role that can be deployed\n  next: did you mean "p1"?\n'],
    [
      ['render', 'p1'],
      'error: no directory is named for the files\n  next: add --out DIR: fcops render p1 --out /tmp/p1\n',
    ],
    [['layout', 'amd-7523'], 'error: there is no profile "amd-7523"\n  next: did you mean "amd-7532"?\n'],
    [
      ['trust'],
      'error: no host is named\n  next: fcops trust HOST, or fcops trust --miner ID for all of a cluster\n',
    ],
  ] satisfies [string[], string | RegExp][])('%j is answered with what to type', async (args, stderr) => {
    const expected = stderr instanceof RegExp ? expect.stringMatching(stderr) : stderr;
    expect(await fcops(args)).toEqual({ exitCode: 1, stdout: '', stderr: expected });
  });

  it('says of a role in the place of a host that it is one', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'fcops-usage-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    await mkdir(join(directory, 'inventories'));
    await writeFile(join(directory, 'inventories/f0494733.yaml'), stringify(clusterFile({})));
    const said = async (...args: string[]) => (await fcops(args, { cwd: directory })).stderr;
    expect(await said('facts', 'p1', 'c2')).toBe(
      'error: p1 is a role, and no host is called so\n  next: with its hosts: fcops facts --limit p1,c2\n',
    );
    expect(await said('inventory', 'show', 'p1')).toBe(
      'error: p1 is a role, and no host is called so\n  next: its hosts: fcops inventory list --limit p1\n',
    );
    expect(await said('stop', 'p1', 'c2-10')).toBe(
      'error: p1 is a role, and other words stand beside it\n  next: name the role alone, or hosts alone; --limit says which hosts of a role\n',
    );
  });

  it('tells no one to begin with a file whose name is no miner id', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'fcops-usage-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    await mkdir(join(directory, 'inventories'));
    await writeFile(join(directory, 'inventories/f0494733.yaml'), stringify(clusterFile({})));
    const said = async (miner: string) =>
      (await fcops(['plan', 'p1', '--miner', miner], { cwd: directory })).stderr;
    expect(await said('f0494734')).toContain(
      'next: did you mean "f0494733"? for a new one: fcops init f0494734\n',
    );
    expect(await said('0494733')).toContain(
      'next: did you mean "f0494733"? a miner id is f0 and digits, t0 on a test network\n',
    );
  });

  it('shows what there is below a command', async () => {
    const { exitCode, stderr } = await fcops(['inventory']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('check [options]');
    expect(stderr).not.toContain('error:');
  });

  it('answers in JSON where that is asked for', async () => {
    const { exitCode, stdout, stderr } = await fcops(['plan', '--output', 'json']);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(JSON.parse(stderr)).toEqual({
      type: 'error',
      problems: [
        {
          kind: 'usage',
          what: 'missing required argument "role"',
          next: expect.stringMatching(/fcops help plan\)$/),
        },
      ],
    });
  });
});
