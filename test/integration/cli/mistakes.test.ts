import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { fcops as run } from '../../support/fcops.ts';

/** What is told of mistakes where no host answers, and hardly a secret is there. */

let directory: string;
let inventory: string;

const cluster = (miner: string, port: number): object => ({
  miner,
  sectorSize: '64GiB',
  api: { address: '/ip4/192.168.10.1/tcp/2345/http', token: { env: 'MINER_TOKEN' } },
  versions: { p1: '1.11.1-3079a405a', c2: '1.11.1-39c692f52-intel', lotus: '1.11.1-a', miner: '1.11.1-a' },
  artifacts: {
    url: 'http://artifacts.example.com',
    user: 'deploy',
    password: { env: 'ARTIFACTS_PASSWORD' },
    sha256: Object.fromEntries(
      [
        'lotus-worker-1.11.1-3079a405a',
        'lotus-worker-1.11.1-39c692f52-intel',
        'lotus-1.11.1-a',
        'lotus-miner-1.11.1-a',
      ].map((name) => [`${name}.tar.gz`, 'a'.repeat(64)]),
    ),
  },
  ssh: { user: 'root', port, connectTimeout: 2 },
  hosts: [
    { name: `miner-${port}`, address: '127.0.0.1', roles: ['miner'], profile: 'amd-7371' },
    { name: `p1-${port}`, address: '127.0.0.2', roles: ['p1'], profile: 'amd-7532' },
    { name: `c2-${port}`, address: '127.0.0.3', roles: ['c2'], profile: 'intel-4216' },
    { name: `c2-${port}0`, address: '127.0.0.4', roles: ['c2'], profile: 'intel-4216' },
  ],
});

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'fcops-mistakes-'));
  inventory = join(directory, 'one');
  mkdirSync(inventory);
  writeFileSync(join(inventory, 'f0494733.yaml'), stringify(cluster('f0494733', 1)));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const fcops = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  run([...args, '--inventory', inventory], { cwd: directory, env });
/** What is said where it ends with an error. */
const refused = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const { exitCode, stdout, stderr } = await fcops(args, env);
  expect([exitCode, stdout], stderr).toEqual([1, expect.anything()]);
  return stdout + stderr;
};
const TOKEN = { MINER_TOKEN: 'made-up-token' };

describe('a secret that a command does not use', { timeout: 60_000 }, () => {
  it.each([
    [['stop', 'p1', '--yes'], {}],
    [['reboot', 'c2', '--yes'], TOKEN],
    [['reboot', 'c2', '--yes', '--no-preflight'], {}],
    [['recover', 'c2-1'], {}],
    [['deploy', 'p1', '--tags', 'tuning', '--yes'], {}],
  ] as const)('is not asked for: %j', async (args, env) => {
    const said = await refused(args, env);
    expect(said).not.toContain('the secret');
    expect(said).toContain('password to log in as root');
  });

  it.each([
    [['deploy', 'p1', '--yes'], TOKEN, 'ARTIFACTS_PASSWORD'],
    [['start', 'p1', '--yes'], {}, 'MINER_TOKEN'],
    [['reboot', 'p1', '--yes'], {}, 'MINER_TOKEN'],
  ] as const)('others are, before anything is done: %j', async (args, env, name) => {
    expect(await refused(args, env)).toContain(`the secret ${name} is missing`);
  });

  it('is refused all the same where it would give itself away', async () => {
    expect(await refused(['stop', 'p1', '--yes'], { ARTIFACTS_PASSWORD: 'short' })).toContain(
      'the secret ARTIFACTS_PASSWORD is too short',
    );
  });
});

describe('fcops recover', { timeout: 60_000 }, () => {
  it.each([
    [
      ['recover', 'c2-*'],
      'c2-* is a pattern, and hosts are named by themselves here\n  next: it matches: c2-1 c2-10\n',
    ],
    [
      ['recover', 'c2'],
      'c2 is no single host: machines are recovered one by one\n  next: name one of c2-1, c2-10\n',
    ],
    [['support', 'c2'], 'c2 is no single host: an archive is of one\n  next: name one of c2-1, c2-10\n'],
    [['recover', 'c2-1', '--drain-timeout', '2h'], '--drain-timeout says how long --drain waits'],
    [['deploy', 'p1', '--reboot-timeout', '45m'], '--reboot-timeout says how long --reboot waits'],
    [
      ['status', '--interval', '5'],
      '--interval says how often --watch looks, and that is not given\n  next: add --watch\n',
    ],
    [
      ['verify', '--interval', '5'],
      '--interval says how often --wait looks, and that is not given\n  next: add --wait 10m, for example\n',
    ],
  ] as const)('tells mistakes of the command line first: %j', async (args, message) => {
    const said = await refused(args);
    expect(said).toContain(message);
    expect(said).not.toContain('to log in');
  });

  it('looks whether the report can be written before anything else, and writes over nothing', async () => {
    const there = join(directory, 'there.txt');
    writeFileSync(there, 'of last night');
    for (const [file, message] of [
      [there, 'there is a file already, and it is not written over'],
      [directory, 'this is a directory'],
      [join(directory, 'missing/report.txt'), 'there is no such directory'],
    ] as const) {
      const said = await refused(['recover', 'c2-1', '--report', file]);
      expect(said).toContain(message);
      expect(said).not.toContain('to log in');
    }
    expect(readFileSync(there, 'utf8')).toBe('of last night');
  });

  it('tells of a machine that it waits for, with the time, where there is no terminal', async () => {
    const said = await refused(['recover', 'c2-1', '--wait', '3s']);
    expect(said).toMatch(
      /\d\d:\d\d:\d\d c2-1: no key, agent or password to log in as root; it is waited for 3(\.0)? ?s more\n/,
    );
  });
});

describe('a mistake of the command line', { timeout: 60_000 }, () => {
  it.each([
    [['upgrade', '--role', 'c2', '--ver', 'bad version', '--yes'], '"bad version" is no version'],
    [['upgrade', '--role', 'c2', '--ver', '1.11.1-x', '--yes'], 'version 1.11.1-x of c2 is built for AMD'],
    [['upgrade', '--role', 'c2', '--ver', '1.11.1-x-intel', '--sha256', 'zz'], '--sha256 is no sha256'],
    [['restart', 'p1', '--process', 'P1-99', '--yes'], 'none of these hosts runs "P1-99"'],
    [['start', 'p1', '--process', 'nonsense', '--yes'], 'none of these hosts runs "nonsense"'],
    [['rotate', 'token', '--process', 'nonsense', '--yes'], 'none of these hosts runs "nonsense"'],
    [['rotate', 'token', '--process', 'nonsense', '--dry-run'], 'none of these hosts runs "nonsense"'],
    [['deploy', 'p1', '--templates', '/nonexistent', '--yes'], 'there is no such directory'],
  ] as const)('is told before secrets are looked for: %j', async (args, message) => {
    const said = await refused(args);
    expect(said).toContain(message);
    expect(said).not.toContain('the secret');
  });
});

describe('an option that is about lotus-miner', { timeout: 60_000 }, () => {
  it.each([
    [['restart', 'p1', '--downtime', '8m', '--yes'], '--downtime has no effect'],
    [['reboot', 'c2', '--wait-for-window', '--yes'], '--wait-for-window has no effect'],
    [['stop', 'p1-1', '--ignore-proving-window', '--yes'], '--ignore-proving-window has no effect'],
  ] as const)('is said to have no effect where none runs: %j', async (args, message) => {
    expect(await refused(args, TOKEN)).toContain(`${message}: none of these hosts runs lotus-miner`);
  });

  it('is not where one does', async () => {
    expect(await refused(['stop', 'all', '--downtime', '8m', '--yes'], TOKEN)).not.toContain('has no effect');
  });
});

describe('what is to be typed next', { timeout: 60_000 }, () => {
  it('names the miner in a restore', async () => {
    const said = await refused(['restore', 'miner', '--miner', 'f0494733', '--from', 'relative/path']);
    expect(said).toContain('next: see which backups there are: fcops restore miner --check --miner f0494733');
  });

  it('is told where nobody answers for the window', async () => {
    const said = await refused(['window']);
    expect(said).toContain('next: see what answers there');
    expect(said).toContain('fcops status --role miner --miner f0494733');
    const { reasons } = JSON.parse(await refused(['window', '--output', 'json']));
    const [command] = reasons[0].commands;
    expect(command).toMatch(/^fcops status --role miner --miner f0494733/);
    expect(reasons[0]).toMatchObject({ why: 'unknown', next: `see what answers there: ${command}` });
  });
});
