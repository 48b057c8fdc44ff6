import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ArchiveServer } from '../../support/archive-server.ts';
import { archiveServer } from '../../support/archive-server.ts';
import { fcops as run } from '../../support/fcops.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const PASSWORD = 'a-password-of-the-server';
const ARCHIVES: Readonly<Record<string, string>> = {
  '/files/one.tar.gz': 'one',
  '/files/two.tar.gz': 'two',
  '/files/SHA256SUMS': `${sha256('one')}  one.tar.gz\n${sha256('another')} *./two.tar.gz\n`,
  '/bare/three.tar.gz': 'three',
};

let server: ArchiveServer;
let directory = '';
beforeAll(async () => {
  server = await archiveServer((asked, response, { credentials }) => {
    const path = asked.replace(/\?.*/, '');
    const text = ARCHIVES[path];
    if (path === '/moved.tar.gz') response.writeHead(301, { location: '/bare/three.tar.gz' }).end();
    else if (path === '/broken.tar.gz') {
      response.writeHead(200, { 'content-length': '100' }).write('some');
      setTimeout(() => response.destroy(), 50);
    } else if (text === undefined) return false;
    else if (path.startsWith('/files/') && credentials !== `deploy:${PASSWORD}`)
      response.writeHead(401).end();
    else response.end(text);
    return true;
  });
});
afterAll(() => server.close());
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fcops-artifacts-'));
  mkdirSync(join(directory, 'inventories'));
  writeFileSync(join(directory, FILE), inventory());
});
afterEach(() => rmSync(directory, { recursive: true }));

const FILE = 'inventories/f0494733.yaml';
const read = () => readFileSync(join(directory, FILE), 'utf8');
const fcops = (...args: string[]) => run(args, { cwd: directory, env: { DOWNLOAD: PASSWORD } });
const hash = (...args: string[]) => fcops('artifacts', 'hash', ...args);

/** A cluster whose file lacks the sum of what it wants: that is what the command is for. */
const inventory = () => `miner: f0494733
sectorSize: 64GiB
api: { address: /ip4/192.168.10.1/tcp/2345/http, token: { env: TOKEN } }
versions: { p1: 1.11.1-a }
artifacts: # where from
  url: ${server.url}/files/
  user: deploy
  password: { env: DOWNLOAD }
  sha256:
    # the old ones
    old.tar.gz: '${'0a'.repeat(32)}' # 2021
hosts:
  - { name: p1-50, address: 192.168.10.50, roles: [p1], profile: amd-7532 }
`;

describe('fcops artifacts hash', () => {
  it('prints lines of files that can be pasted, and needs no inventory for them', async () => {
    writeFileSync(join(directory, 'a.tar.gz'), 'a');
    writeFileSync(join(directory, 'odd name'), 'b');
    const ended = await run(['artifacts', 'hash', './a.tar.gz', join(directory, 'odd name')], {
      cwd: directory,
    });
    expect(ended).toEqual({
      exitCode: 0,
      stdout: `a.tar.gz: ${sha256('a')}\n"odd name": ${sha256('b')}\n`,
      stderr: '',
    });
  });

  it('reads an archive at the server of the inventory by its name, with its user and password', async () => {
    expect(await hash('one.tar.gz')).toEqual({
      exitCode: 0,
      stdout: `one.tar.gz: ${sha256('one')}\n`,
      stderr: '',
    });
    expect((await hash(`${server.url}/files/one.tar.gz`)).stdout).toBe(`one.tar.gz: ${sha256('one')}\n`);
  });

  it('says that it was a file of this directory where the server may have one of that name', async () => {
    writeFileSync(join(directory, 'one.tar.gz'), 'here');
    writeFileSync(join(directory, 'four.tar.gz'), 'four');
    const note =
      'read from this directory, and not asked for at artifacts.url: ./one.tar.gz, ./four.tar.gz\n';
    expect(await hash('one.tar.gz', 'four.tar.gz')).toEqual({
      exitCode: 0,
      stdout: `one.tar.gz: ${sha256('here')}\nfour.tar.gz: ${sha256('four')}\n`,
      stderr: note,
    });
    const { stdout } = await hash('one.tar.gz', '--output', 'json');
    expect(JSON.parse(stdout)).toMatchObject({ artifacts: [{ name: 'one.tar.gz', from: './one.tar.gz' }] });
  });

  it('follows redirects, and names an archive as it is asked for', async () => {
    const { exitCode, stdout, stderr } = await hash(`${server.url}/moved.tar.gz`, '--output', 'json');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual({
      artifacts: [
        {
          name: 'moved.tar.gz',
          from: `${server.url}/moved.tar.gz`,
          sha256: sha256('three'),
          bytes: 5,
          list: 'nothing',
        },
      ],
      file: null,
      written: false,
    });
  });

  it('never tells user, password or query of a URL', async () => {
    const { host } = new URL(server.url);
    for (const [rest, code] of [
      ['bare/three.tar.gz?signature=topsecret', 0],
      ['none.tar.gz?signature=topsecret', 1],
      ['files/one.tar.gz?signature=topsecret', 1],
    ] as const) {
      const ended = await hash(`http://someone:some-password@${host}/${rest}`);
      expect(ended.exitCode).toBe(code);
      expect(ended.stdout + ended.stderr).not.toMatch(/someone|some-password|topsecret/);
    }
    const odd = await hash('http://someone:some-password@ho st/x');
    expect(odd).toEqual({ exitCode: 1, stdout: '', stderr: expect.stringContaining('is no URL') });
    expect(odd.stderr).not.toContain('some');
  });

  it('says what is wrong with each, and goes on with the others', async () => {
    const ended = await hash(
      ...['two.tar.gz', `${server.url}/none.tar.gz`, 'no/such', `${server.url}/broken.tar.gz`],
      ...[`${server.url}/bare/`, 'ftp://x/y', 'file:///x', 'inventories', 'one.tar.gz'],
    );
    expect(ended.stdout).toBe(`one.tar.gz: ${sha256('one')}\n`);
    expect(ended.exitCode).toBe(1);
    expect(ended.stderr.split('\n').filter((line) => line.startsWith('error: '))).toEqual([
      `error: ${server.url}/files/two.tar.gz: SHA256SUMS beside it says another sum`,
      `error: ${server.url}/none.tar.gz: the server has no such file (404)`,
      'error: no/such: there is no such file',
      `error: ${server.url}/broken.tar.gz: could not be downloaded`,
      `error: ${server.url}/bare/ is a directory`,
      'error: ftp://x/y: only http and https are read',
      'error: file:///x: only http and https are read',
      'error: ./inventories: cannot be read',
    ]);
    expect(ended.stderr).toContain(`  why:  ${sha256('another')} there, ${sha256('two')} is what was read\n`);
  });

  it('compares a file with the list beside it', async () => {
    writeFileSync(join(directory, 'a.tar.gz'), 'a');
    writeFileSync(join(directory, 'SHA256SUMS'), `${sha256('b')}  a.tar.gz\n`);
    expect(await hash('a.tar.gz')).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringContaining('SHA256SUMS beside it says another sum'),
    });
    writeFileSync(join(directory, 'SHA256SUMS'), 'no list');
    const unread = await hash('a.tar.gz');
    expect(unread).toEqual({
      exitCode: 0,
      stdout: `a.tar.gz: ${sha256('a')}\n`,
      stderr: expect.stringContaining('not compared with SHA256SUMS beside it'),
    });
  });

  it('says that the password of the server is missing', async () => {
    const ended = await run(['artifacts', 'hash', 'one.tar.gz'], { cwd: directory });
    expect(ended).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringContaining('the secret DOWNLOAD is missing: the environment variable is not set'),
    });
  });
});

describe('fcops artifacts hash --write', () => {
  it('puts the sums behind those that are there, and all other lines stay', async () => {
    const before = read();
    writeFileSync(join(directory, 'lotus-worker-1.11.1-a.tar.gz'), 'worker');
    const words = ['one.tar.gz', 'lotus-worker-1.11.1-a.tar.gz', '--write'];
    expect(await hash(...words)).toEqual({
      exitCode: 0,
      stdout: `one.tar.gz: ${sha256('one')}\nlotus-worker-1.11.1-a.tar.gz: ${sha256('worker')}\n`,
      stderr: `read from this directory, and not asked for at artifacts.url: ./lotus-worker-1.11.1-a.tar.gz
wrote 2 sums under artifacts.sha256 of ${FILE}\n`,
    });
    const last = `# 2021\n`;
    expect(read()).toBe(
      before.replace(
        last,
        `${last}    one.tar.gz: '${sha256('one')}'\n    lotus-worker-1.11.1-a.tar.gz: '${sha256('worker')}'\n`,
      ),
    );
    expect((await fcops('inventory', 'check', '--no-secrets')).exitCode).toBe(0);
    const again = await hash(...words);
    expect(again.stderr).toContain(`nothing was changed: ${FILE} has 2 sums already\n`);
  });

  it('leaves one that is there with another value, unless it is to be replaced', async () => {
    const before = read();
    writeFileSync(join(directory, 'old.tar.gz'), 'new');
    const refused = await hash('old.tar.gz', '--write');
    expect([refused.exitCode, refused.stderr]).toEqual([
      1,
      expect.stringContaining(`${'0a'.repeat(32)} there, ${sha256('new')} is what was read`),
    ]);
    expect(refused.stderr).toContain(`${FILE}:11`);
    expect(read()).toBe(before);
    expect((await hash('old.tar.gz', '--write', '--replace')).exitCode).toBe(0);
    expect(read()).toBe(before.replace('0a'.repeat(32), sha256('new')));
  });

  it('writes nothing where one of them cannot be had', async () => {
    const before = read();
    const { exitCode, stderr } = await hash('one.tar.gz', 'none.tar.gz', '--write');
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringContaining('nothing was written into the inventory'),
    ]);
    expect(read()).toBe(before);
  });

  it('fills a file in whose other marks are still there, and says which of them it needs', async () => {
    rmSync(join(directory, FILE));
    await fcops('init', 'f0494733');
    const before = read();
    const refused = await hash('one.tar.gz', '--write');
    expect([refused.exitCode, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toMatch(
      /f0494733\.yaml:24:8: there is no file one\.tar\.gz, and no server that may have it: `artifacts\.url` is not filled in\n {2}why: {2}nothing was written/,
    );
    expect(read()).toBe(before);
    writeFileSync(join(directory, 'one.tar.gz'), 'one');
    expect(await hash('one.tar.gz', '--write')).toMatchObject({ exitCode: 0 });
    expect(read()).toBe(before.replace('sha256: {}', `sha256:\n    one.tar.gz: ${sha256('one')}`));
  });

  it('says before it reads anything that a file which is no YAML stays as it is', async () => {
    writeFileSync(join(directory, FILE), `${read()}  odd: [\n`);
    const before = read();
    const { exitCode, stdout, stderr } = await hash('one.tar.gz', '--write');
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain('nothing was written into the inventory');
    expect(read()).toBe(before);
  });

  it('asks which inventory is meant before it reads anything', async () => {
    writeFileSync(join(directory, 'inventories/f0999.yaml'), inventory().replace('f0494733', 'f0999'));
    const { exitCode, stdout, stderr } = await hash('one.tar.gz', '--write');
    expect([exitCode, stdout, stderr]).toEqual([
      1,
      '',
      expect.stringContaining('say which: --miner f0494733 or --miner f0999'),
    ]);
    expect((await hash('one.tar.gz', '--write', '--miner', 'f0999')).exitCode).toBe(0);
  });
});
