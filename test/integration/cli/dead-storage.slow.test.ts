/** @module-tag needs-fuse */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { planDocumentSchema } from '../../../src/cli/views/plan-document.ts';
import { CEPH_KEY, type P1WithCeph, startP1WithCeph } from '../../support/p1-with-ceph.ts';

/** A P1 machine whose ceph-fuse answers nothing, over SSH: the mount is there as ceph-fuse would have it. */

let p1: P1WithCeph;

beforeAll(async () => {
  p1 = await startP1WithCeph();
});
afterAll(() => p1?.stop());

const planned = async () => {
  const begun = performance.now();
  const { exitCode, stdout, stderr } = await p1.fcops('plan', 'p1', '--output', 'json');
  expect([exitCode, stderr]).toEqual([0, '']);
  expect(stdout).not.toContain(CEPH_KEY);
  const [host] = planDocumentSchema.parse(JSON.parse(stdout)).hosts;
  const items = host && 'items' in host ? host.items : [];
  const told = items.map((item) => [item.state, item.resource]);
  return { text: stdout, told, seconds: (performance.now() - begun) / 1000 };
};

it('costs the plan five seconds and one line; everything else is planned as before', async () => {
  const before = await planned();
  expect(before.told).toContainEqual(['change', 'file:/etc/ceph/ceph.client.fsuser.keyring']);
  expect(before.told.filter(([, resource]) => `${resource}`.includes('storage'))).toEqual([]);
  await p1.mount.hang();
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
