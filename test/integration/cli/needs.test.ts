/** @module-tag needs-namespaces */
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planDocumentSchema } from '../../../src/cli/views/plan-document.ts';
import { type ArtifactServer, startArtifactServer } from '../../support/artifact-server.ts';
import { VERSIONS, type WrittenCluster, writeCluster } from '../../support/cluster.ts';
import { fcops as run } from '../../support/fcops.ts';
import { dual4216 } from '../../support/hardware.ts';
import { c2Machine } from '../../support/machines.ts';
import {
  type SimulatedHost,
  type SimulatedHosts,
  startSimulatedHosts,
} from '../../support/simulated-hosts.ts';

/** A machine that is not yet what its processes stand on, and one that is not what its profile says. */

let hosts: SimulatedHosts;
let artifacts: ArtifactServer;
let cluster: WrittenCluster;
let bare: SimulatedHost;
let small: SimulatedHost;
let parameters: Readonly<Record<string, number>>;
const fcops = (...args: string[]) => run([...args, '--inventory', cluster.inventory], { env: cluster.env });

beforeAll(async () => {
  const { sparse = {}, ...machine } = c2Machine('c2-10');
  parameters = sparse;
  hosts = await startSimulatedHosts({
    hosts: [machine, { ...c2Machine('c2-11'), hardware: dual4216({ memoryGiB: 64 }) }],
  });
  [bare, small] = hosts.hosts as [SimulatedHost, SimulatedHost];
  artifacts = await startArtifactServer({ versions: Object.values(VERSIONS) });
  cluster = await writeCluster({
    ...hosts,
    artifacts,
    hosts: hosts.hosts.map((host) => ({ host, roles: ['c2'], profile: 'intel-4216' })),
  });
});
afterAll(async () => {
  await artifacts?.stop();
  await hosts?.stop();
});

const WORKERS =
  "cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n' | grep -cx '/opt/worker-[1-4]c2' || true";

describe('a machine whose data is missing', () => {
  it('is deployed all the same, and the plan says who waits for what', async () => {
    const { exitCode, stdout } = await fcops('deploy', 'c2', '--yes', '--limit', 'c2-10');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /= \/opt\/filecoin-proof-parameters\/v28-fil-inner-product-v1\.srs is not there; C2-\[1:4\]\s+wait\s+for it/,
    );
    const plan = await fcops('plan', 'c2', '--limit', 'c2-10', '--output', 'json');
    const [host] = planDocumentSchema.parse(JSON.parse(plan.stdout)).hosts;
    expect(host?.state).toBe('same');
    const waiting =
      host?.items.filter((item) => item.state === 'violated' && item.severity === 'start') ?? [];
    expect(waiting).toHaveLength(7);
    expect(waiting[0]).toMatchObject({ processes: ['C2-1', 'C2-2', 'C2-3', 'C2-4'] });
  });

  it('starts nothing that stands on it, and says so', async () => {
    const { exitCode, stdout, stderr } = await fcops('deploy', 'c2', '--yes', '--start', '--limit', 'c2-10');
    expect(exitCode).toBe(1);
    expect(`${stdout}${stderr}`).toContain('4 processes not started: /opt/filecoin-proof-parameters/');
    expect(await bare.sh(WORKERS)).toBe('0');
  });

  it('starts them once it is there', async () => {
    for (const [path, bytes] of Object.entries(parameters))
      await bare.sh(`mkdir -p /opt/filecoin-proof-parameters; truncate -s ${bytes} ${path}`);
    // Nobody has a miner here.
    const { exitCode } = await fcops(
      ...['deploy', 'c2', '--yes', '--start', '--no-preflight', '--limit', 'c2-10'],
    );
    expect(exitCode).toBe(0);
    expect(await bare.sh(WORKERS)).toBe('4');
    expect((await fcops('plan', 'c2', '--limit', 'c2-10')).stdout).toContain('nothing to change');
  });
});

describe('a machine whose stat answers nonsense', () => {
  it('is told with one reason, and not touched', async () => {
    await bare.sh(
      "printf '#!/bin/bash\\necho nonsense\\n' >/usr/local/bin/stat; chmod 755 /usr/local/bin/stat",
    );
    const { exitCode, stdout, stderr } = await fcops('deploy', 'c2', '--yes', '--limit', 'c2-10');
    await bare.sh('rm /usr/local/bin/stat');
    expect(exitCode).toBe(1);
    const said = `${stdout}${stderr}`.replace(/\s+/g, ' ');
    expect(said).toMatch(/\d+ resources could not be seen: .* and \d+ more/);
    expect(said).toContain('why: the host gave no answer about any path that can be understood');
    expect(said.match(/could not be seen:/g)?.length).toBeLessThan(3);
  });
});

describe('a machine that is not what its profile says', () => {
  it('gets no scripts for another one, whatever tags are asked for', async () => {
    const { exitCode, stdout, stderr } = await fcops(
      'deploy',
      'c2',
      '--yes',
      '--tags',
      'scripts',
      '--limit',
      'c2-11',
    );
    expect(exitCode).toBe(1);
    expect(`${stdout}${stderr}`).toContain('memory: the machine has');
    expect(existsSync(`${small.root}/opt/start_c2.sh`)).toBe(false);
  });
});
