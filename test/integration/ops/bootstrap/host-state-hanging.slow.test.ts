/** @module-tag needs-fuse */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hostStateQuery } from '../../../../src/ops/bootstrap/host-state.ts';
import { type HangingMount, mountHanging } from '../../../support/hanging-mount.ts';
import { type SimulatedHosts, startSimulatedHosts } from '../../../support/simulated-hosts.ts';
import { setupOf } from '../../../unit/ops/bootstrap/support.ts';

let hosts: SimulatedHosts;
let mount: HangingMount;

beforeAll(async () => {
  hosts = await startSimulatedHosts({ hosts: 1 });
  mount = await mountHanging(hosts.host, '/ceph');
});
afterAll(async () => {
  await mount?.stop();
  await hosts?.stop();
});

it('a set-up looks past storage and proof parameters on a mount that hangs', async () => {
  const { host } = hosts;
  await host.sh(
    "mkdir -p /opt/raid0/lotusminer/keystore && printf 'export FIL_PROOFS_PARAMETER_CACHE=/ceph/parameters\\n' >/opt/raid0/profile",
  );
  const storage = {
    name: 'ceph',
    type: 'nfs' as const,
    source: '192.168.51.110:/export',
    path: '/ceph',
    options: [],
    on: ['miner' as const],
    sectors: true,
  };
  const query = hostStateQuery(setupOf({}, { storage: [storage] }));
  await mount.hang();
  const begun = performance.now();
  const read = query.parse(await host.sh(query.script));
  expect((performance.now() - begun) / 1000).toBeLessThan(45);
  expect(read).toMatchObject({ ok: true, value: { parameters: '/ceph/parameters' } });
}, 90_000);
