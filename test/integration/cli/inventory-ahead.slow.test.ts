/** @module-tag needs-namespaces */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ArtifactServer, startArtifactServer } from '../../support/artifact-server.ts';
import { type WrittenCluster, writeCluster } from '../../support/cluster.ts';
import { fcops as run } from '../../support/fcops.ts';
import { publishLotus } from '../../support/lotus/programs.ts';
import { c2Machine } from '../../support/machines.ts';
import { type SimulatedHosts, startSimulatedHosts } from '../../support/simulated-hosts.ts';

/** An inventory that says something which no deploy has brought to the host yet, whose workers run. */

const VERSION = '1.11.1-3079a405a-intel';
let hosts: SimulatedHosts;
let artifacts: ArtifactServer;
let sha256: Readonly<Record<string, string>>;
let cluster: WrittenCluster;
let state: string;

const write = async (environment: Readonly<Record<string, string>>): Promise<void> => {
  cluster = await writeCluster({
    ...hosts,
    artifacts: { ...artifacts, sha256 },
    hosts: [{ host: hosts.host, roles: ['c2'], profile: 'intel-4216', more: { checks: 'off' } }],
    more: { versions: { c2: VERSION }, variables: { environment } },
  });
};
const fcops = async (...args: string[]): Promise<string> => {
  const { exitCode, stdout, stderr } = await run([...args, '--inventory', cluster.inventory], {
    env: { ...cluster.env, XDG_STATE_HOME: state },
  });
  expect([exitCode, stderr, exitCode === 0 || stdout]).toEqual([0, '', true]);
  // The host lets go of a run half a second after it has ended, and no people are that quick.
  await hosts.host.sh('flock -w 10 /var/lib/fcops/session true; flock -w 10 /var/lib/fcops/lock true');
  return stdout;
};

beforeAll(async () => {
  hosts = await startSimulatedHosts({ hosts: [c2Machine('c2-10')] });
  artifacts = await startArtifactServer({ versions: [] });
  sha256 = await publishLotus(artifacts, VERSION, ['lotus-worker']);
  state = mkdtempSync(join(hosts.directory, 'state-'));
  await write({});
  await fcops('deploy', 'c2', '--yes', '--start', '--no-preflight');
}, 90_000);
afterAll(async () => {
  await hosts?.host.sh('pkill -KILL -f worker-repo; true').catch(() => {});
  await artifacts?.stop();
  await hosts?.stop();
});

/** The processes that are to be started anew for the variable, as the cluster's status has it. */
const owing = async (): Promise<readonly string[]> =>
  [...(await fcops('status')).matchAll(/(C2-\d): restart owed: .*FOO_X/g)].map(([, name = '']) => name);
const restart = () =>
  fcops('restart', 'c2-10', '--process', 'C2-2', '--lose-tasks', '--no-preflight', '--yes');

it('owes no restart, which would not bring it either; once it is deployed, a restart is owed and pays it', async () => {
  await write({ FOO_X: '1' });
  expect(await owing()).toEqual([]);
  expect(await fcops('plan', 'c2')).toContain('/opt/profile changes in this run');
  expect(await restart()).not.toContain('FOO_X');
  await fcops('deploy', 'c2', '--yes');
  expect(await owing()).toEqual(['C2-1', 'C2-2', 'C2-3', 'C2-4']);
  await restart();
  expect(await owing()).toEqual(['C2-1', 'C2-3', 'C2-4']);
});
