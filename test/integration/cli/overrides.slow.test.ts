/**
 * @module-tag needs-namespaces
 * @module-tag needs-root
 */
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { planDocumentSchema } from '../../../src/cli/views/plan-document.ts';
import { statusDocumentSchema } from '../../../src/cli/views/status-document.ts';
import { verifyDocumentSchema } from '../../../src/cli/views/verify-document.ts';
import { type ArtifactServer, startArtifactServer } from '../../support/artifact-server.ts';
import { VERSIONS, type WrittenCluster, writeCluster } from '../../support/cluster.ts';
import { fcops as run } from '../../support/fcops.ts';
import { dual7532, HUGEPAGE_BOOT } from '../../support/hardware.ts';
import { copyPieceInfo, p1Machine } from '../../support/machines.ts';
import { type SimulatedHosts, startSimulatedHosts } from '../../support/simulated-hosts.ts';

/** A P1 machine that has lost a module of 64 GiB on NUMA node 5, beside a sound one. */

let hosts: SimulatedHosts;
let artifacts: ArtifactServer;
let cluster: WrittenCluster;

const fcops = (...args: string[]) => run([...args, '--inventory', cluster.inventory], { env: cluster.env });
const REASON = 'module P2-DIMMC1 is gone, ticket 4711';
const lacking = (overrides: Readonly<Record<string, unknown>>) =>
  writeCluster({
    ...hosts,
    artifacts,
    hosts: hosts.hosts.map((host, index) => ({
      ...{ host, roles: ['p1'] as const, profile: 'amd-7532' },
      ...(index === 0 && { more: overrides }),
    })),
  });
const until = (day: string) => ({
  overrides: { p1Tasks: 12, nodes: { 5: 192 }, until: day, reason: REASON },
});

beforeAll(async () => {
  const hardware = dual7532({ kernelArguments: HUGEPAGE_BOOT });
  const nodes = hardware.nodes.map((node, id) =>
    id === 5 ? { ...node, memoryKib: Math.floor((node.memoryKib * 3) / 4) } : node,
  );
  hosts = await startSimulatedHosts({
    hosts: [{ ...p1Machine('p1-50'), hardware: { ...hardware, nodes } }, p1Machine('p1-51')],
  });
  artifacts = await startArtifactServer({ versions: Object.values(VERSIONS) });
  await Promise.all(hosts.hosts.map((host) => copyPieceInfo(host)));
});
afterAll(async () => {
  await artifacts?.stop();
  await hosts?.stop();
});

it('is refused as it is, and runs on with fewer tasks where its overrides say so', {
  timeout: 180_000,
}, async () => {
  cluster = await lacking({});
  const refused = await fcops('plan', 'p1', '--limit', 'p1-50', '--detailed-exitcode');
  expect(refused.exitCode, refused.stdout).toBe(8);
  expect(refused.stdout).toContain('memory of NUMA node 5');

  cluster = await lacking(until('2999-12-31'));
  const planned = await fcops('plan', 'p1', '--limit', 'p1-50');
  expect(planned.exitCode, planned.stdout).toBe(0);
  expect(planned.stdout).toContain(
    `it runs with less (12 P1 tasks, 192 GiB on node 5) until 2999-12-31: ${REASON}`,
  );
  const deployed = await fcops('deploy', 'p1', '--yes');
  expect(deployed.exitCode, deployed.stdout + deployed.stderr).toBe(0);
  const tasks = (index: number) =>
    readdirSync(`${hosts.hosts[index]?.root}/opt/lotusworker`).filter((name) => /^worker-\d+p1$/.test(name))
      .length;
  expect([tasks(0), tasks(1)]).toEqual([12, 14]);
  const again = planDocumentSchema.parse(JSON.parse((await fcops('plan', 'p1', '--output', 'json')).stdout));
  expect(again.counts.changing).toBe(0);

  const status = await fcops('status', '--limit', 'p1-50');
  expect(status.stdout).toContain('it runs with less (12 P1 tasks, 192 GiB on node 5) until 2999-12-31');
  const verified = verifyDocumentSchema.parse(
    JSON.parse((await fcops('verify', '--limit', 'p1-50', '--output', 'json')).stdout),
  );
  const checks = verified.hosts[0]?.checks ?? [];
  expect(checks.filter(({ kind }) => kind === 'process')).toHaveLength(14);
  expect(checks.find(({ kind }) => kind === 'overrides')).toMatchObject({ result: 'ok' });
  expect((await fcops('verify', '--limit', 'p1-50')).stdout).toContain(`* p1-50: it runs with less`);
});

it('is an error of that host alone once its day has passed', { timeout: 180_000 }, async () => {
  cluster = await lacking(until('2020-01-01'));
  const over = 'its overrides (12 P1 tasks, 192 GiB on node 5) were good until 2020-01-01, and are over';
  const planned = await fcops('plan', 'p1');
  expect(planned.exitCode).toBe(1);
  expect(planned.stdout).toContain(over);
  const deployed = await fcops('deploy', 'p1', '--yes', '--limit', 'p1-50');
  expect(deployed.exitCode).toBe(1);
  expect((await fcops('deploy', 'p1', '--yes', '--limit', 'p1-51')).exitCode).toBe(0);
  const status = statusDocumentSchema.parse(JSON.parse((await fcops('status', '--output', 'json')).stdout));
  expect(status.hosts.map(({ overrides }) => overrides?.over)).toEqual([true, undefined]);
  expect(status.hosts[0]?.troubles).toContainEqual(
    expect.objectContaining({ kind: 'overrides', severity: 'bad', message: `${over}: ${REASON}` }),
  );
  expect((await fcops('verify')).stdout).toContain(over);
  const checked = await fcops('inventory', 'check', '--no-secrets');
  expect(checked.exitCode).toBe(1);
  expect(checked.stderr).toMatch(/f0494733\.yaml:\d+:\d+, p1-50: its overrides/);
  // To stop what runs there nothing stands in the way.
  expect((await fcops('stop', 'p1-50', '--yes')).stdout).not.toContain(over);
});
