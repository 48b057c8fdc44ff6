import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../../../src/core/secret.ts';
import type { Cluster } from '../../../../src/inventory/cluster.ts';
import {
  type Published,
  parsePublished,
  publishedQuery,
} from '../../../../src/ops/artifacts/published-sums.ts';
import { type ArtifactServer, startArtifactServer } from '../../../support/artifact-server.ts';
import { needs } from '../../../support/needs.ts';
import { clusterFile, clusterOf } from '../../inventory/support.ts';

const source = fileURLToPath(new URL('../../../../src/ops/artifacts/published-sums.sh', import.meta.url));
const SUM = 'a'.repeat(64);

it('passes shellcheck', { tags: needs('shellcheck') }, () => {
  const options = ['-s', 'bash', '-f', 'gcc', source];
  expect(spawnSync('shellcheck', options, { encoding: 'utf8' }).stdout).toBe('');
});

/** A PATH with one of the two programs that can ask, or none. */
let programs: string;
const pathWith = (name: string): string => join(programs, name);
let server: ArtifactServer;
beforeAll(async () => {
  server = await startArtifactServer({ versions: [] });
  programs = mkdtempSync(join(tmpdir(), 'fcops-sums-'));
  const tools = ['bash', 'base64', 'cat', 'head', 'mktemp', 'rm', 'rmdir', 'sed', 'tail', 'timeout'];
  for (const [name, own] of [
    ['curl', ['curl']],
    ['wget', ['wget']],
    ['none', []],
  ] as const) {
    spawnSync('mkdir', [pathWith(name)]);
    for (const tool of [...tools, ...own]) {
      const { stdout } = spawnSync('bash', ['-c', `type -P ${tool}`], { encoding: 'utf8' });
      if (stdout !== '') symlinkSync(stdout.trim(), join(pathWith(name), tool));
    }
  }
});
afterAll(async () => {
  await server.stop();
  rmSync(programs, { recursive: true, force: true });
});

const clusterAt = (url: string, password: string): Pick<Cluster, 'artifacts'> => ({
  artifacts: { url, user: server.user, password: new Secret('env PASSWORD', () => password), sha256: {} },
});
const [host] = clusterOf(clusterFile()).hosts;

const ask = async (way: string, url = server.url, password = server.password): Promise<Published> => {
  if (!host) throw new Error('no host');
  const query = publishedQuery(
    clusterAt(url, password),
    host,
    () => password,
    (text) => text.replaceAll(password, '***'),
  );
  const child = spawn('bash', ['-c', query.script], { env: { PATH: pathWith(way) } });
  child.stdin.end(query.input?.());
  const parts: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  await new Promise((resolve) => child.once('close', resolve));
  const answer = query.parse(Buffer.concat(parts).toString());
  if (!answer.ok) throw new Error(answer.error);
  return answer.value;
};

describe.each(['curl', 'wget'] as const)('asked by %s', (way) => {
  const has = { tags: needs(way) };

  it('the server gives its list to who has the password, and nothing is left behind', has, async () => {
    const before = readdirSync('/dev/shm');
    server.publish('SHA256SUMS', Buffer.from(`${SUM}  lotus-worker-1.tar.gz\n`));
    expect(await ask(way)).toEqual({ type: 'sums', sums: new Map([['lotus-worker-1.tar.gz', SUM]]) });
    expect(await ask(way, server.url, 'another one')).toEqual({
      type: 'unknown',
      why: 'the server refuses it (401): see artifacts.user and artifacts.password',
    });
    expect(
      readdirSync('/dev/shm').filter((name) => name.startsWith('tmp.') && !before.includes(name)),
    ).toEqual([]);
  });

  it('it has none, or breaks, or is not there', has, async () => {
    server.fail('SHA256SUMS', 'missing');
    expect(await ask(way)).toEqual({ type: 'none' });
    server.fail('SHA256SUMS', 'server-error');
    expect(await ask(way)).toEqual({ type: 'unknown', why: 'the server answers with an error (500)' });
    server.fail('SHA256SUMS', undefined);
    server.publish('SHA256SUMS', Buffer.from('<html>hello</html>'));
    expect(await ask(way)).toEqual({ type: 'unknown', why: 'there is no line of sha256sum in it' });
    expect(await ask(way, 'http://127.0.0.1:1/x')).toMatchObject({
      type: 'unknown',
      why: expect.stringMatching(/refused|connect/i),
    });
  });
});

it('a host with neither says so', async () => {
  expect(await ask('none')).toEqual({ type: 'unknown', why: 'the host has neither curl nor wget yet' });
});

it('an answer that broke off is not used', () => {
  const same = (text: string) => text;
  expect(parsePublished('sums\tcurl\t0\t200\t\tYWJj\n', same)).toMatchObject({ ok: false });
  expect(parsePublished('', same)).toMatchObject({ ok: false });
  expect(parsePublished('sums\tcurl\t28\t000\t\t\nover\n', same)).toMatchObject({
    value: { type: 'unknown', why: 'it ended with 28' },
  });
});
