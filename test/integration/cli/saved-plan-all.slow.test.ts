/** @module-tag needs-namespaces */
import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ArtifactServer, startArtifactServer } from '../../support/artifact-server.ts';
import { type WrittenCluster, writeCluster } from '../../support/cluster.ts';
import { fcops as run } from '../../support/fcops.ts';
import { publishLotus } from '../../support/lotus/programs.ts';
import { apxMachine, copyPieceInfo, minerMachine } from '../../support/machines.ts';
import {
  type SimulatedHost,
  type SimulatedHosts,
  startSimulatedHosts,
} from '../../support/simulated-hosts.ts';

/** A saved plan of a whole cluster: the miner is not touched before its workers have been compared. */

const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJBbGxvdyI6WyJyZWFkIl19.c2F2ZWQtcGxhbi10b2tlbg';
const VERSION = '1.11.1-3079a405a';
const REPOSITORY = '/opt/raid0/lotusminer';

let hosts: SimulatedHosts;
let artifacts: ArtifactServer;
let cluster: WrittenCluster;
let state: string;

const fcops = (...args: string[]) =>
  run([...args, '--inventory', cluster.inventory], { env: { ...cluster.env, XDG_STATE_HOME: state } });
const hostOf = (name: string): SimulatedHost => {
  const found = hosts.hosts.find((host) => host.name === name);
  if (!found) throw new Error(`there is no ${name}`);
  return found;
};
const resultsIn = (stdout: string): readonly (readonly [string, string])[] => {
  const { results } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  return results.map(({ host, state: end }: { host: string; state: string }) => [host, end]);
};

beforeAll(async () => {
  hosts = await startSimulatedHosts({
    hosts: [minerMachine('miner-1'), apxMachine('apx-5'), apxMachine('apx-6')],
  });
  artifacts = await startArtifactServer({ versions: [VERSION] });
  const sha256 = {
    ...artifacts.sha256,
    ...(await publishLotus(artifacts, VERSION, ['lotus', 'lotus-miner'])),
  };
  await Promise.all(['apx-5', 'apx-6'].map((name) => copyPieceInfo(hostOf(name))));
  await hostOf('miner-1').sh(
    `mkdir -p ${REPOSITORY}/keystore && printf %s ${TOKEN} >${REPOSITORY}/token && printf %s /ip4/192.168.10.1/tcp/2345/http >${REPOSITORY}/api`,
  );
  state = mkdtempSync(join(hosts.directory, 'state-'));
  cluster = await writeCluster({
    ...hosts,
    artifacts: { ...artifacts, sha256 },
    more: { api: { from: 'miner' }, versions: { lotus: VERSION, miner: VERSION, apx: VERSION } },
    hosts: hosts.hosts.map((host) => ({
      host,
      roles: host.name === 'miner-1' ? (['miner'] as const) : (['apx'] as const),
      profile: 'amd-7532',
    })),
  });
}, 120_000);
afterAll(async () => {
  await artifacts?.stop();
  await hosts?.stop();
});

test('of all roles is refused as a whole before the miner is touched, and goes on with --partial', {
  timeout: 240_000,
}, async () => {
  const file = join(hosts.directory, 'all.plan');
  const planned = await fcops('plan', 'all', '--out', file);
  expect([planned.exitCode, planned.stdout]).toEqual([0, expect.stringContaining('Plan: 3 hosts: ')]);
  expect(readFileSync(file, 'utf8')).not.toContain(TOKEN);

  const worker = hostOf('apx-6');
  await worker.sh("mkdir -p /opt/lotusworker && echo '# mine' >/opt/lotusworker/profile");
  const refused = await fcops('apply', file, '--yes', '--output', 'json');
  expect([refused.exitCode, resultsIn(refused.stdout)]).toEqual([
    1,
    [
      ['miner-1', 'stopped'],
      ['apx-5', 'stopped'],
      ['apx-6', 'blocked'],
    ],
  ]);
  expect(await hostOf('miner-1').sh('ls /opt/lotus /var/lib/fcops 2>/dev/null || true')).toBe('');

  const partial = await fcops('apply', file, '--yes', '--partial', '--output', 'json');
  expect([partial.exitCode, resultsIn(partial.stdout)]).toEqual([
    1,
    [
      ['miner-1', 'changed'],
      ['apx-5', 'changed'],
      ['apx-6', 'blocked'],
    ],
  ]);

  const taken = await fcops('resume', 'last');
  expect(taken.stderr).toContain('applied a saved plan: what is left of it is done by applying it again');
  expect(taken.stderr).toContain(`fcops apply ${file}`);
  await worker.sh('rm -r /opt/lotusworker');
  const rest = await fcops('apply', file, '--yes', '--output', 'json');
  expect([rest.exitCode, resultsIn(rest.stdout)]).toEqual([
    0,
    [
      ['miner-1', 'same'],
      ['apx-5', 'same'],
      ['apx-6', 'changed'],
    ],
  ]);
  expect((await fcops('resume', 'last')).stderr).toMatch(/nothing of r-\S+ is left to do/);
});
