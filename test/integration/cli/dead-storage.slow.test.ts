/** @module-tag needs-fuse */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { planDocumentSchema } from '../../../src/cli/views/plan-document.ts';
import { type ArtifactServer, startArtifactServer } from '../../support/artifact-server.ts';
import { VERSIONS, type WrittenCluster, writeCluster } from '../../support/cluster.ts';
import { fcops as run } from '../../support/fcops.ts';
import { type HangingMount, mountHanging } from '../../support/hanging-mount.ts';
import { copyPieceInfo, p1Machine } from '../../support/machines.ts';
import { type SimulatedHosts, startSimulatedHosts } from '../../support/simulated-hosts.ts';

/** A P1 machine whose ceph-fuse answers nothing, over SSH: the mount is there as ceph-fuse would have it. */

const KEY = 'AQBnotARealKeyOfCephAAAAAAAAAAAAAAAAAA==';
let hosts: SimulatedHosts;
let artifacts: ArtifactServer;
let cluster: WrittenCluster;
let mount: HangingMount | undefined;

const fcops = (...args: string[]) =>
  run([...args, '--inventory', cluster.inventory], { env: { ...cluster.env, CEPH_KEY: KEY } });

beforeAll(async () => {
  hosts = await startSimulatedHosts({ hosts: [p1Machine('p1-50')] });
  artifacts = await startArtifactServer({ versions: Object.values(VERSIONS) });
  await copyPieceInfo(hosts.host);
  const ceph = { type: 'ceph', monitors: ['192.168.51.101'], user: 'fsuser', key: { env: 'CEPH_KEY' } };
  cluster = await writeCluster({
    ...hosts,
    artifacts,
    hosts: [{ host: hosts.host, roles: ['p1'], profile: 'amd-7532' }],
    more: { storage: [{ name: 'ceph', path: '/ceph', ...ceph }] },
  });
  mount = await mountHanging(hosts.host, '/ceph');
});
afterAll(async () => {
  await mount?.stop();
  await artifacts?.stop();
  await hosts?.stop();
});

const planned = async () => {
  const begun = performance.now();
  const { exitCode, stdout, stderr } = await fcops('plan', 'p1', '--output', 'json');
  expect([exitCode, stderr]).toEqual([0, '']);
  expect(stdout).not.toContain(KEY);
  const [host] = planDocumentSchema.parse(JSON.parse(stdout)).hosts;
  const items = host && 'items' in host ? host.items : [];
  const told = items.map((item) => [item.state, item.resource]);
  return { text: stdout, told, seconds: (performance.now() - begun) / 1000 };
};

it('costs the plan five seconds and one line; everything else is planned as before', async () => {
  const before = await planned();
  expect(before.told).toContainEqual(['change', 'file:/etc/ceph/ceph.client.fsuser.keyring']);
  expect(before.told.filter(([, resource]) => `${resource}`.includes('storage'))).toEqual([]);
  await mount?.hang();
  const after = await planned();
  // Two that wait one after the other would take ten.
  expect(after.seconds - before.seconds).toBeLessThan(9.9);
  expect(after.told.filter(([state]) => state === 'unknown')).toEqual([]);
  expect(after.told.filter(([state]) => state === 'change')).toEqual(
    before.told.filter(([state]) => state === 'change'),
  );
  expect(after.told).toContainEqual(['violated', 'storage:/ceph']);
  expect(after.text).toContain(
    'storage ceph (192.168.51.101:6789:/) is mounted at /ceph and did not answer within 5 s',
  );
});
