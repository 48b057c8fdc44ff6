/** @module-tag needs-namespaces */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HostPlan } from '../../../src/engine/plan.ts';
import { planHost } from '../../../src/engine/plan.ts';
import type { RoleRequest, Sources } from '../../../src/ops/api.ts';
import { roleHosts, roleWork } from '../../../src/ops/api.ts';
import { savedPlan } from '../../../src/ops/saved-plan/make.ts';
import { readSavedPlan } from '../../../src/ops/saved-plan/read.ts';
import { savedText } from '../../../src/ops/saved-plan/write.ts';
import { TOKEN, VERSIONS, writeCluster } from '../../support/cluster.ts';
import { p1Machine } from '../../support/machines.ts';
import { type SimulatedHosts, startSimulatedHosts } from '../../support/simulated-hosts.ts';
import { sessionWith } from '../engine/support.ts';

/** A farm: five hundred P1 hosts before their first deploy, as a real look at one of them says. */

const HOSTS = 500;
const REQUEST: RoleRequest = { role: 'p1', tags: [], start: true };

let hosts: SimulatedHosts;
beforeAll(async () => {
  hosts = await startSimulatedHosts({ hosts: [p1Machine('p1-1000')] });
});
afterAll(() => hosts?.stop());

test('the plan of 500 hosts is a file of less than 5 MB, and is read within a second', {
  timeout: 120_000,
}, async () => {
  const artifacts = {
    url: 'http://artifacts.example.com',
    user: 'deploy',
    password: 'made-up-password',
    sha256: { [`lotus-worker-${VERSIONS.p1}.tar.gz`]: 'a'.repeat(64) },
  };
  const many = Array.from({ length: HOSTS }, (_, index) => ({
    host: { name: `p1-${1000 + index}`, address: `10.20.${index >> 8}.${index & 255}`, port: 22 },
    roles: ['p1' as const],
    profile: 'amd-7532',
  }));
  const { versions: _, ...cluster } = await writeCluster({
    ...{ directory: hosts.directory, privateKey: hosts.privateKey, knownHosts: hosts.knownHosts },
    artifacts,
    hosts: many,
    more: { versions: { p1: VERSIONS.p1 } },
  }).then((written) => ({ ...written, versions: null }));
  const packageRoot = join(import.meta.dirname, '../../..');
  const sources: Sources = {
    inventory: cluster.inventory,
    packageRoot,
    env: cluster.env,
    home: '/nonexistent',
  };
  const chosen = roleHosts(sources, REQUEST);
  const work = await roleWork(chosen, REQUEST);
  const [one] = chosen.hosts;
  if (!one) throw new Error('no host');
  const { session } = sessionWith(hosts, hosts.host);
  const { seen } = await session.look(work.tasksOf(one));
  await session.close();

  const plans = chosen.hosts.map((host) =>
    withItsOwn(planHost(host.name, work.tasksOf(host), seen, chosen.digest)),
  );
  const saved = savedPlan(
    sources,
    chosen,
    REQUEST,
    plans.map((plan) => ({ state: 'planned', plan })),
    { who: 'alice@ops1', version: '0.1.0', valid: 3600 },
    { date: () => new Date('2026-11-22T10:30:00Z') },
  );
  const { text, digest } = savedText(saved);
  const file = join(hosts.directory, 'farm.plan');
  writeFileSync(file, text);
  const bytes = Buffer.byteLength(text);
  const begun = process.cpuUsage();
  const read = readSavedPlan(file);
  // Of this process: others have the machine too.
  const { user, system } = process.cpuUsage(begun);
  const seconds = (user + system) / 1e6;

  expect(plans[0]?.items.length).toBeGreaterThan(50);
  expect(text).not.toContain(TOKEN);
  expect(read).toEqual({ ...saved, digest });
  expect(bytes).toBeLessThan(5_000_000);
  expect(seconds).toBeLessThan(1);
});

/** What no two machines have in common: the file systems in /etc/fstab. */
const withItsOwn = (plan: HostPlan): HostPlan => ({
  ...plan,
  items: plan.items.map((item) =>
    item.state === 'change' && item.resource.includes('fstab')
      ? {
          ...item,
          change: {
            ...item.change,
            details: [{ name: 'disk', before: `UUID=${plan.host}-${Math.random()}`, after: null }],
          },
        }
      : item,
  ),
});
