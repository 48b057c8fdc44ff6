import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ArtifactServer, archiveName, startArtifactServer } from '../../support/artifact-server.ts';
import { freePort } from '../../support/free-port.ts';

const VERSION = '1.11.1-3079a405a';
const NAME = archiveName(VERSION);

describe('the artifact server', () => {
  let server: ArtifactServer;
  let directory: string;
  const get = (name: string, login = `${server.user}:${server.password}`) =>
    fetch(`${server.url}/${name}`, {
      headers: { authorization: `Basic ${Buffer.from(login).toString('base64')}` },
    });

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'fcops-artifact-test-'));
    server = await startArtifactServer({ versions: [VERSION, '1.11.1-39c692f52-intel'] });
  });
  afterAll(async () => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it('gives out archives whose digests it tells, to who knows the password', async () => {
    const body = Buffer.from(await (await get(NAME)).arrayBuffer());
    expect(createHash('sha256').update(body).digest('hex')).toBe(server.sha256[NAME]);
    expect(Object.keys(server.sha256)).toHaveLength(2);
    expect((await get(NAME, 'deploy:wrong')).status).toBe(401);
    expect((await get('lotus-worker-9.tar.gz')).status).toBe(404);
    expect(server.requests.map(({ status }) => status)).toEqual([200, 401, 404]);
  });

  it('fails as it is told to', async () => {
    const digestOf = async () => {
      const body = await (await get(NAME)).arrayBuffer();
      return createHash('sha256').update(Buffer.from(body)).digest('hex');
    };
    server.fail(NAME, 'wrong-bytes');
    expect(await digestOf()).not.toBe(server.sha256[NAME]);
    server.fail(NAME, 'truncated');
    await expect(digestOf()).rejects.toThrow();
    server.fail(NAME, 'missing');
    expect((await get(NAME)).status).toBe(404);
    server.fail(NAME, 'server-error');
    expect((await get(NAME)).status).toBe(500);
    server.fail(NAME, undefined);
    expect(await digestOf()).toBe(server.sha256[NAME]);
  });

  it('has a worker that keeps what it was started with, and listens', async () => {
    const archive = Buffer.from(await (await get(NAME)).arrayBuffer());
    await execa({ input: archive })`tar -xzC ${directory}`;
    const program = join(directory, 'lotus-worker');
    expect((await execa(program, ['--version'])).stdout).toBe(
      'lotus-worker version 1.11.1+mainnet+git.3079a405a',
    );
    const port = await freePort();
    const repository = join(directory, 'worker-1p1');
    const parameters = [
      '--worker-repo',
      repository,
      'run',
      '--role',
      'P1',
      '--group',
      'a b',
      '--listen',
      `127.0.0.1:${port}`,
    ];
    const worker = execa(program, parameters, { env: { MINER_API_INFO: 'token:/ip4/1', CPU_LIST: '0,1' } });
    try {
      const answer = await execa('bash', [
        '-c',
        'for i in {1..200}; do (: >"/dev/tcp/127.0.0.1/$0") 2>/dev/null && exit; sleep 0.05; done; exit 1',
        `${port}`,
      ]);
      expect(answer.exitCode).toBe(0);
      expect((await readFile(join(repository, 'argv'), 'utf8')).split('\n').slice(0, -1)).toEqual(parameters);
      expect(await readFile(join(repository, 'environment'), 'utf8')).toContain('CPU_LIST=0,1\n');
    } finally {
      worker.kill('SIGTERM');
      await worker;
    }
    const failed = await execa(program, ['no', 'such'], { env: { LOTUS_WORKER_PATH: repository } });
    expect(failed).toMatchObject({ exitCode: 0, stderr: 'ERROR: unknown command: no such' });
  });
});
