/** @module-tag needs-namespaces */
import type { Socket } from 'node:net';
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PreflightDocument, PreflightFinding } from '../../../src/cli/views/preflight-document.ts';
import { preflightDocumentSchema } from '../../../src/cli/views/preflight-document.ts';
import { type ArtifactServer, archiveName, startArtifactServer } from '../../support/artifact-server.ts';
import { MINER, TOKEN, VERSIONS, type WrittenCluster, writeCluster } from '../../support/cluster.ts';
import { fcops as run, startFcops } from '../../support/fcops.ts';
import { freePort, portOf } from '../../support/free-port.ts';
import { copyPieceInfo, p1Machine } from '../../support/machines.ts';
import { type MinerApi, startMinerApi } from '../../support/miner-api.ts';
import {
  type SimulatedHost,
  type SimulatedHosts,
  startSimulatedHosts,
} from '../../support/simulated-hosts.ts';

/** Two P1 hosts that could be deployed and started, and what may keep them from it. */

let hosts: SimulatedHosts;
let first: SimulatedHost;
let artifacts: ArtifactServer;
let api: MinerApi;
let cluster: WrittenCluster;

const inventoryWith = (more: Readonly<Record<string, unknown>> = {}) =>
  writeCluster({
    ...hosts,
    artifacts,
    more: {
      api: { address: api.multiaddr, token: { env: 'F0494733_TOKEN' } },
      variables: { ntpServer: null },
      ...more,
    },
    hosts: hosts.hosts.map((host) => ({ host, roles: ['p1'] as const, profile: 'amd-7532' })),
  });
const fcops = (...args: string[]) => run([...args, '--inventory', cluster.inventory], { env: cluster.env });
const preflight = async (...args: string[]): Promise<PreflightDocument & { readonly exitCode: number }> => {
  const { exitCode = 0, stdout, stderr } = await fcops('preflight', ...args, '--output', 'json');
  if (stdout === '') throw new Error(stderr);
  return { ...preflightDocumentSchema.parse(JSON.parse(stdout)), exitCode };
};
const found = (document: PreflightDocument, check: PreflightFinding['check'], host = 'p1-50') =>
  (document.hosts.find((one) => one.host === host)?.findings ?? [])
    .filter((one) => one.check === check)
    .map(({ state, message }) => `${state}: ${message}`);
const where = () => `127.0.0.1:${api.port}`;

beforeAll(async () => {
  hosts = await startSimulatedHosts({ hosts: [p1Machine('p1-50'), p1Machine('p1-51')] });
  first = hosts.host;
  artifacts = await startArtifactServer({ versions: Object.values(VERSIONS) });
  api = await startMinerApi(TOKEN);
  await Promise.all(hosts.hosts.map((host) => copyPieceInfo(host)));
  cluster = await inventoryWith();
});
afterEach(async () => {
  api.mood = 'well';
  cluster = await inventoryWith();
});
afterAll(async () => {
  await api?.stop();
  await artifacts?.stop();
  await hosts?.stop();
});

describe('fcops preflight', { timeout: 180_000 }, () => {
  it('says of hosts that are ready that they are, in one line what is fine', async () => {
    const { exitCode, stdout, stderr } = await fcops('preflight');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain('f0494733: all 2 hosts are ready\n');
    expect(stdout).toMatch(/^fine: miner's port, token, archives, .*ports.*: p1-\[50:51\]$/m);
    expect(api.tokens).toContain(TOKEN);
    expect(stdout).not.toContain(TOKEN);
    const document = await preflight('p1-50');
    expect(document.counts).toEqual({ hosts: 1, ready: 1, unsure: 0, off: 0, unseen: 0 });
    expect(found(document, 'artifacts')).toEqual([`ok: ${archiveName(VERSIONS.p1)} can be fetched`]);
    expect(found(document, 'clock')).toEqual([expect.stringMatching(/^ok: its clock is right/)]);
  });

  it('tells a token that is refused, with the hosts as one', async () => {
    cluster = { ...cluster, env: { ...cluster.env, F0494733_TOKEN: `${TOKEN}x` } };
    const { exitCode, stdout } = await fcops('preflight', 'p1');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('f0494733: 0 of 2 hosts are ready, 2 would fail\n');
    expect(stdout).toMatch(/^! p1-\[50:51\]: lotus-miner at \S+ refuses the token \(401\)$/m);
    expect(stdout).toContain('/opt/raid0/lotusminer/token');
    expect(stdout).not.toContain(TOKEN);
  });

  it('tells a closed port from a server that is something else, or too slow', async () => {
    const port = await freePort();
    cluster = await inventoryWith({
      api: { address: `/ip4/127.0.0.1/tcp/${port}/http`, token: { env: 'F0494733_TOKEN' } },
    });
    const { stdout } = await fcops('preflight', 'p1-50');
    expect(stdout).toContain(
      `! p1-50: nothing listens at 127.0.0.1:${port}, where workers register at lotus-miner`,
    );
    expect(stdout).toContain(`fcops status --role miner --miner ${MINER}`);
    cluster = await inventoryWith();
    api.mood = 'page';
    expect(found(await preflight('p1-50'), 'api')).toEqual([
      `off: something else than lotus-miner answers at ${where()}`,
    ]);
    api.mood = 'silent';
    expect(found(await preflight('p1-50'), 'api')).toEqual([
      `off: what listens at ${where()} does not answer within 8 s; workers register there`,
    ]);
    api.mood = 'well';
    api.allows = ['read'];
    expect(found(await preflight('p1-50'), 'token')).toEqual([
      `off: the token allows too little at ${where()}: a worker has to have admin`,
    ]);
    api.allows = ['read', 'write', 'sign', 'admin'];
  });

  it('tells a password that is refused from a version that is not there, and who is not found', async () => {
    const archive = archiveName(VERSIONS.p1);
    cluster = { ...cluster, env: { ...cluster.env, ARTIFACTS_PASSWORD: 'another password' } };
    expect(found(await preflight('p1-50'), 'artifacts')).toEqual([
      `off: ${artifacts.url}/${archive}: the artifact server refuses the user and password (401)`,
    ]);
    cluster = await inventoryWith();
    artifacts.fail(archive, 'missing');
    expect(found(await preflight('p1-50'), 'artifacts')).toEqual([
      `off: ${artifacts.url}/${archive}: the artifact server has no such file (404)`,
    ]);
    artifacts.fail(archive, undefined);
    cluster = await clusterWithout('http://artifacts.invalid/filecoin');
    const document = await preflight('p1-50');
    expect(found(document, 'names')).toEqual([
      'off: the host does not find the name artifacts.invalid (artifact server)',
    ]);
    expect(found(document, 'artifacts')).toEqual([
      'unknown: artifacts.invalid could not be asked: its name is not found',
    ]);
    // Only the cause is told.
    expect((await fcops('preflight', 'p1-50')).stdout).not.toContain('could not be asked');
  });

  it('waits no longer than its seconds for a server that does not answer', async () => {
    const dead = createServer((socket) => void taken.add(socket));
    const taken = new Set<Socket>();
    await new Promise<void>((resolve) => dead.listen(0, '127.0.0.1', resolve));
    cluster = await clusterWithout(`http://127.0.0.1:${portOf(dead)}/filecoin`);
    const begun = Date.now();
    expect(found(await preflight('p1-50'), 'artifacts')).toEqual([
      expect.stringContaining('the artifact server does not answer within 8 s'),
    ]);
    expect(Date.now() - begun).toBeLessThan(25_000);
    for (const socket of taken) socket.destroy();
    await new Promise((resolve) => dead.close(resolve));
    expect(found(await preflight('p1-50'), 'artifacts')).toEqual([
      expect.stringContaining('the artifact server refuses the connection'),
    ]);
  });

  it('names who has a port', async () => {
    await first.sh(`nohup perl -e 'use IO::Socket::INET;
      my $s = IO::Socket::INET->new(LocalAddr => "${first.address}", LocalPort => 10001, Listen => 1) or die; sleep 600' -- --key=pl4nted >/dev/null 2>&1 </dev/null & echo $! >/opt/taker`);
    const document = await preflight();
    expect(document.exitCode).toBe(1);
    expect(found(document, 'ports')).toEqual([
      expect.stringMatching(/^off: port 10001 of P1-1 is taken by process \d+ \(perl -e use IO/),
    ]);
    expect(found(document, 'ports', 'p1-51')).toEqual(['ok: all 16 ports are free']);
    expect(JSON.stringify(document)).not.toContain('pl4nted');
    await first.sh('kill $(cat /opt/taker)');
  });

  it('asks as well where the host has only wget, or neither', async () => {
    await first.sh('rm -f /usr/bin/curl /usr/local/bin/curl');
    const archive = archiveName(VERSIONS.p1);
    const fine = [`ok: ${archive} can be fetched`];
    const refused = [
      `off: ${artifacts.url}/${archive}: the artifact server refuses the user and password (401)`,
    ];
    const wrong = { ...cluster, env: { ...cluster.env, ARTIFACTS_PASSWORD: 'another password' } };
    for (const hidden of ['/usr/bin/nothing', '/usr/bin/wget']) {
      await first.sh(`rm -f ${hidden}`);
      cluster = await inventoryWith();
      expect(found(await preflight('p1-50'), 'artifacts')).toEqual(fine);
      cluster = wrong;
      expect(found(await preflight('p1-50'), 'artifacts')).toEqual(refused);
    }
    expect(await first.sh('ls /dev/shm /tmp')).not.toContain('tmp.');
  });

  it('ends at Ctrl-C, and leaves nothing behind on the host', async () => {
    api.mood = 'silent';
    const asked = api.tokens.length;
    const running = startFcops(['preflight', '--inventory', cluster.inventory], { env: cluster.env });
    await expect.poll(() => api.tokens.length, { timeout: 30_000 }).toBeGreaterThan(asked);
    running.kill('SIGINT');
    expect((await running).exitCode).toBe(130);
    await expect
      .poll(() => first.sh("grep -lazs '[f]cops_' /proc/[0-9]*/cmdline | grep -c . || true"), {
        timeout: 40_000,
      })
      .toBe('0');
  });

  it('is of a host that cannot be reached that host alone, and ends with 1', async () => {
    cluster = await writeCluster({
      ...hosts,
      artifacts,
      more: {
        api: { address: api.multiaddr, token: { env: 'F0494733_TOKEN' } },
        variables: { ntpServer: null },
      },
      hosts: [
        { host: first, roles: ['p1'], profile: 'amd-7532' },
        { host: { name: 'p1-51', address: first.address, port: 1 }, roles: ['p1'], profile: 'amd-7532' },
      ],
    });
    const { exitCode, stdout } = await fcops('preflight');
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^f0494733: 1 of 2 hosts is ready, 1 could not be asked$/m);
    expect(stdout).toMatch(/^NOT ASKED p1-51$/m);
    const { stdout: xml } = await fcops('preflight', '--output', 'junit');
    expect(xml).toMatch(/<testcase classname="p1-51" name="asked">\s*<failure/);
    expect(xml).toContain('<testcase classname="p1-50" name="token"/>');
  });
});

describe('what a deploy would start', { timeout: 180_000 }, () => {
  const nothingThere = () => first.sh('ls -d /opt/lotusworker /etc/hugepages.sh 2>/dev/null || true');

  it('keeps a host from its first change where the token is refused, and says why', async () => {
    cluster = { ...cluster, env: { ...cluster.env, F0494733_TOKEN: `${TOKEN}x` } };
    const planned = await fcops('plan', 'p1', '--start', '--limit', 'p1-50');
    expect(planned.exitCode).toBe(1);
    expect(planned.stdout).toContain('refuses the token (401)');
    const { exitCode, stdout } = await fcops('deploy', 'p1', '--start', '--yes', '--limit', 'p1-50');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('refuses the token (401)');
    expect(stdout).toMatch(/^1 host: 1 blocked/m);
    expect(await nothingThere()).toBe('');
  });

  it('is not asked where nothing is started, nor with --no-preflight', async () => {
    cluster = { ...cluster, env: { ...cluster.env, F0494733_TOKEN: `${TOKEN}x` } };
    for (const more of [[], ['--start', '--no-preflight']]) {
      const { exitCode, stdout } = await fcops('plan', 'p1', ...more, '--limit', 'p1-50');
      expect([exitCode, stdout]).toEqual([0, expect.not.stringContaining('refuses the token')]);
    }
  });
});

const clusterWithout = (url: string) =>
  writeCluster({
    ...hosts,
    artifacts: { ...artifacts, url },
    more: {
      api: { address: api.multiaddr, token: { env: 'F0494733_TOKEN' } },
      variables: { ntpServer: null },
    },
    hosts: [{ host: first, roles: ['p1'], profile: 'amd-7532' }],
  });
