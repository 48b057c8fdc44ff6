/** @module-tag needs-namespaces */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { planDocumentSchema } from '../../../src/cli/views/plan-document.ts';
import { type ArtifactServer, startArtifactServer } from '../../support/artifact-server.ts';
import { VERSIONS, type WrittenCluster, writeCluster } from '../../support/cluster.ts';
import { fcops as run } from '../../support/fcops.ts';
import { c2Machine } from '../../support/machines.ts';
import { type SimulatedHosts, startSimulatedHosts } from '../../support/simulated-hosts.ts';

/** A nightly check: what somebody has changed by hand is told apart from what the inventory wants otherwise by now. */

let hosts: SimulatedHosts;
let artifacts: ArtifactServer;
let cluster: WrittenCluster;

const fcops = (...args: string[]) => run([...args, '--inventory', cluster.inventory], { env: cluster.env });
const write = async (variables: Readonly<Record<string, unknown>>): Promise<void> => {
  cluster = await writeCluster({
    ...hosts,
    artifacts,
    hosts: hosts.hosts.map((host) => ({ host, roles: ['c2'], profile: 'intel-4216' })),
    more: { variables },
  });
};
const drifted = async () => {
  const { exitCode, stdout, stderr } = await fcops(
    ...['plan', 'c2', '--only-drift', '--detailed-exitcode', '--output', 'json'],
  );
  const plan = planDocumentSchema.parse(JSON.parse(stdout));
  const items = plan.hosts.map(({ items: own }) =>
    own.flatMap((item) => (item.state === 'change' ? [`${item.drift} ${item.resource}`] : [item.state])),
  );
  return { exitCode, items, stderr };
};

beforeAll(async () => {
  hosts = await startSimulatedHosts({ hosts: [c2Machine('c2-10'), c2Machine('c2-11')] });
  artifacts = await startArtifactServer({ versions: Object.values(VERSIONS) });
  await write({});
}, 120_000);
afterAll(async () => {
  await artifacts?.stop();
  await hosts?.stop();
});

test('what was changed by hand, and nothing that is only pending', { timeout: 180_000 }, async () => {
  const bare = await drifted();
  expect(bare.items).toEqual([[], []]);
  expect(bare.stderr).toMatch(/left out: \d+ changes on 2 hosts that are pending/);
  expect(await fcops('deploy', 'c2', '--yes')).toMatchObject({ exitCode: 0 });
  expect(await drifted()).toMatchObject({ items: [[], []], stderr: '' });

  await write({ environment: { RUST_LOG: 'trace' } });
  const pending = await drifted();
  expect(pending.items).toEqual([[], []]);
  expect(pending.stderr).toMatch(/left out: \d+ changes? on 2 hosts/);

  await hosts.host.sh("echo '# mine' >>/opt/start_c2.sh; chmod 0640 /opt/profile");
  const hand = await drifted();
  expect((hand.exitCode ?? 0) & 2).toBe(2);
  expect(hand.items).toEqual([
    expect.arrayContaining(['changed file:/opt/start_c2.sh', 'changed file:/opt/profile']),
    [],
  ]);
  const { stdout } = await fcops('plan', 'c2', '--only-drift');
  expect(stdout).toMatch(/changed since r-\d{8}T\d{6}Z-\w{5} left it/);

  await hosts.host.sh('rm -r /var/lib/fcops/runs');
  const forgotten = await drifted();
  expect(forgotten.items[0]).toContain('unknown file:/opt/profile');
});
