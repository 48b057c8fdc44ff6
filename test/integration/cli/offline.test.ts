import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fcops as run } from '../../support/fcops.ts';

/** What needs no host at all: inventory, schemas, layouts, rendered files. */

const SUM = 'ab'.repeat(32);
const CLUSTER = `miner: f0494733
sectorSize: 64GiB
api: { address: /ip4/192.168.10.1/tcp/2345/http, token: { env: MINER_TOKEN } }
versions: { p1: 1.11.1-3079a405a, c2: 1.11.1-39c692f52-intel }
artifacts:
  url: http://artifacts.example.com/application/filecoin
  sha256: { lotus-worker-1.11.1-3079a405a.tar.gz: ${SUM}, lotus-worker-1.11.1-39c692f52-intel.tar.gz: ${SUM} }
hosts:
  - { name: p1-50, address: 192.168.10.50, roles: [p1], profile: amd-7532 }
  - { name: p1-51, address: 192.168.10.51, roles: [p1], profile: amd-7532 }
  - { name: c2-10, address: 192.168.10.10, roles: [c2], profile: intel-4216 }
`;
const env = { MINER_TOKEN: 't0ken-of-the-miner' };

let directory = '';
const fcops = (...args: string[]) => run(args, { env, cwd: directory });

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'fcops-cli-'));
  mkdirSync(join(directory, 'inventories'));
  writeFileSync(join(directory, 'inventories/f0494733.yaml'), CLUSTER);
});
afterAll(() => rmSync(directory, { recursive: true }));

describe('fcops inventory', () => {
  it('lists hosts as a table and as JSON', async () => {
    expect((await fcops('inventory', 'list', '--limit', 'p1')).stdout).toMatchInlineSnapshot(`
      "f0494733  64GiB sectors, 2 hosts, inventories/f0494733.yaml
        name   address        roles  profile   system        checks
        p1-50  192.168.10.50  p1     amd-7532  ubuntu 18.04  enforce
        p1-51  192.168.10.51  p1     amd-7532  ubuntu 18.04  enforce
      "
    `);
    const { stdout } = await fcops('inventory', 'list', '--output', 'json');
    expect(JSON.parse(stdout)[0].hosts.map(({ name }: { name: string }) => name)).toEqual([
      'p1-50',
      'p1-51',
      'c2-10',
    ]);
  });

  it('shows everything that counts for a host, but no secret', async () => {
    const { exitCode, stdout } = await fcops('inventory', 'show', 'c2-10');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('token: "(secret: env MINER_TOKEN)"');
    expect(stdout).toContain('profile: intel-4216');
    expect(stdout).toContain('timezone: Asia/Shanghai');
    expect(stdout).not.toContain('t0ken');
  });

  it('shows of environment variables no value that is a secret by its name, or has one in it', async () => {
    const own = join(directory, 'environment');
    mkdirSync(own);
    const variables = `variables: { environment: { API_TOKEN: hunter2hunter2, https_proxy: 'http://u:hunter2@10.0.0.1:3128', RUST_LOG: info } }\n`;
    writeFileSync(join(own, 'f0494733.yaml'), CLUSTER.replace('hosts:\n', `${variables}hosts:\n`));
    const { stdout } = await fcops('inventory', 'show', 'p1-50', '-i', own);
    expect(stdout).toContain('API_TOKEN: "(not shown: by its name a secret)"');
    expect(stdout).toMatch(/https_proxy: .*10\.0\.0\.1:3128/);
    expect(stdout).toContain('RUST_LOG: info');
    expect(stdout).not.toContain('hunter2');
  });

  it('checks files, and says all that is wrong at once', async () => {
    expect(await fcops('inventory', 'check')).toEqual({
      exitCode: 0,
      stdout: 'ok  inventories/f0494733.yaml  3 hosts\n',
      stderr: '',
    });
    const bad = join(directory, 'bad');
    mkdirSync(bad);
    writeFileSync(
      join(bad, 'f0494733.yaml'),
      CLUSTER.replace('64GiB', '46GiB').replace('roles: [c2]', 'rols: [c2]'),
    );
    const { exitCode, stdout, stderr } = await fcops('inventory', 'check', '--inventory', bad);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain('f0494733.yaml:2:13: `sectorSize` cannot be "46GiB"');
    expect(stderr).toContain('did you mean "64GiB"?');
    expect(stderr).toContain('did you mean "roles"?');
    expect(stderr).toMatch(/\d errors\n$/);
  });

  it('takes a cluster file for a directory with that file alone', async () => {
    const both = join(directory, 'both');
    mkdirSync(both);
    for (const miner of ['f0494733', 'f0730670'])
      writeFileSync(join(both, `${miner}.yaml`), CLUSTER.replace('f0494733', miner));
    writeFileSync(join(both, 'hosts'), '');
    const file = join(both, 'f0730670.yaml');
    expect((await fcops('inventory', 'check', '-i', file)).stdout).toBe(`ok  ${file}  3 hosts\n`);
    expect((await fcops('inventory', 'list', '-i', file, '--miner', 'f0494733')).stderr).toContain(
      'leave one of them out',
    );
    expect((await fcops('inventory', 'list', '-i', join(both, 'hosts'))).stderr).toContain(
      `next: give its directory: --inventory ${both}`,
    );
    const which = 'say which: --miner f0494733 or --miner f0730670';
    expect((await fcops('inventory', 'show', 'p1-50', '-i', both)).stderr).toContain(which);
    expect((await fcops('plan', 'p1', '-i', both)).stderr).toContain(which);
    expect((await fcops('plan', 'p1', '-i', both, '--miner', 'f0730670')).stderr).toContain(
      'the machine 192.168.10.50 is in two clusters: it is p1-50 in',
    );
    expect((await fcops('facts', 'p1-99-9', '-i', both)).stderr).toContain(
      `next: fcops inventory list --inventory ${both}\n`,
    );
  });

  it('names a secret that is missing', async () => {
    const { exitCode, stderr } = await run(['inventory', 'check'], { cwd: directory });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('the secret MINER_TOKEN is missing');
    expect((await run(['inventory', 'check', '--no-secrets'], { cwd: directory })).exitCode).toBe(0);
  });

  it('knows what was meant', async () => {
    expect((await fcops('plan', 'p1', '--miner', 'f0494773')).stderr).toContain('did you mean "f0494733"?');
    expect((await fcops('inventory', 'show', 'p1-5')).stderr).toContain('did you mean "p1-50"?');
    expect((await fcops('plan', 'p1', '--tags', 'script')).stderr).toContain('did you mean "scripts"?');
    expect((await fcops('plan', 'p1', '--limit', 'p9-*')).stderr).toContain('--limit p9-* matches no host');
    expect((await fcops('plan', 'p1', '-i', 'nowhere')).stderr).toContain('there is no such directory');
  });
});

describe('fcops schema', () => {
  it.each([
    ['inventory', 'miner'],
    ['profile', 'cpu'],
    ['plan', 'counts'],
    ['events', 'oneOf'],
  ])('prints that of %s', async (what, key) => {
    const { exitCode, stdout } = await fcops('schema', what);
    expect(exitCode).toBe(0);
    expect(JSON.stringify(JSON.parse(stdout))).toContain(`"${key}"`);
  });
});

describe('fcops layout', () => {
  it('draws, and writes the same as a picture', async () => {
    const svg = join(directory, 'layout.svg');
    const { exitCode, stdout, stderr } = await fcops('layout', 'amd-7532', '--svg', svg);
    expect([exitCode, stderr]).toEqual([0, `wrote ${svg}\n`]);
    expect(stdout).toContain('14 tasks × 128 GiB = 1792 huge pages');
    expect(readFileSync(svg, 'utf8')).toMatch(/^<svg /);
    const json = await fcops('layout', 'intel-4216', '--role', 'c2', '--output', 'json');
    expect(JSON.parse(json.stdout).workers).toHaveLength(4);
  });
});

describe('a path that cannot be written to', () => {
  const bad = async (...args: string[]) => {
    const { exitCode, stderr } = await fcops(...args);
    expect(exitCode).toBe(1);
    expect(stderr).not.toMatch(/defect|E[A-Z]{4,}/);
    return stderr;
  };

  it('is told in words: --svg', async () => {
    const inventory = join(directory, 'inventories/f0494733.yaml');
    expect(await bad('layout', 'amd-7532', '--svg', `${inventory}/a.svg`)).toContain(
      'part of the path is a file',
    );
    expect(await bad('layout', 'amd-7532', '--svg', directory)).toContain('this is a directory');
    expect(await bad('layout', 'amd-7532', '--svg', join(directory, 'no/a.svg'))).toContain('mkdir -p');
    expect(existsSync(join(directory, 'no'))).toBe(false);
  });

  it('is told in words: --out', async () => {
    const inventory = join(directory, 'inventories/f0494733.yaml');
    expect(await bad('render', 'p1', '--out', `${inventory}/out`)).toContain('part of the path is a file');
  });
});

describe('fcops render', () => {
  it('says which files hold a secret, and asks for no other', async () => {
    const own = join(directory, 'secrets');
    mkdirSync(own);
    writeFileSync(
      join(own, 'f0494733.yaml'),
      CLUSTER.replace('artifacts:', 'artifacts:\n  user: deploy\n  password: { env: ARTIFACTS_PASSWORD }'),
    );
    const { exitCode, stdout } = await fcops('render', 'p1', '-i', own, '--out', 'out');
    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      'out/*/opt/lotusworker/profile holds a secret as it is (env MINER_TOKEN): keep it out of git\n',
    );
    const none = await run(['render', 'p1', '-i', own, '--out', 'out'], { cwd: directory });
    expect(none.stderr).toContain('the secret MINER_TOKEN is missing');
    expect(none.stderr).not.toContain('ARTIFACTS_PASSWORD');
  });

  it.each([
    ['inventory', 'check'],
    ['plan', 'p1'],
    ['deploy', 'p1', '--yes'],
    ['render', 'p1', '--out', 'never'],
    ['facts', 'p1-50'],
  ])('a secret that its mask would give away is refused: %s %s', async (...args) => {
    for (const MINER_TOKEN of ['lotus', 'two\nlines of it', 'filecoin-parents']) {
      const { exitCode, stdout, stderr } = await run(args, { cwd: directory, env: { MINER_TOKEN } });
      expect([exitCode, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(
        /the secret (env )?MINER_TOKEN (is too short|has several lines|is a text that stands in)/,
      );
    }
  });

  it('writes the files of every host, the same each time', async () => {
    const out = join(directory, 'p1');
    const first = await fcops('render', 'p1', '--out', out);
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    expect(readdirSync(out).toSorted()).toEqual(['.fcops-render', 'p1-50', 'p1-51']);
    const script = join(out, 'p1-50/opt/lotusworker/worker-14p1/start_14p1.sh');
    const text = readFileSync(script, 'utf8');
    expect(statSync(script).mode & 0o777).toBe(0o755);
    const profile = join(out, 'p1-50/opt/lotusworker/profile');
    expect(statSync(profile).mode & 0o777).toBe(0o600);
    expect(readFileSync(profile, 'utf8')).toContain('t0ken-of-the-miner');
    expect((await fcops('render', 'p1', '--out', out)).exitCode).toBe(0);
    expect(readFileSync(script, 'utf8')).toBe(text);
  });

  it('refuses a directory that others made', async () => {
    expect((await fcops('render', 'p1', '--out', join(directory, 'inventories'))).stderr).toContain(
      'was not made by fcops render',
    );
  });

  it('says which fact is missing, and how to get it', async () => {
    const own = join(directory, 'own');
    mkdirSync(join(own, 'inventories'), { recursive: true });
    writeFileSync(join(own, 'inventories/f0494733.yaml'), CLUSTER);
    const { exitCode, stderr } = await run(['render', 'c2', '--out', 'c2'], { env, cwd: own });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('is not known here');
    expect(stderr).toContain('next: fcops facts c2-10 --save');
  });
});
