/** @module-tag needs-namespaces */
import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { planDocumentSchema } from '../../../src/cli/views/plan-document.ts';
import { verifyDocumentSchema } from '../../../src/cli/views/verify-document.ts';
import { workersDocumentSchema } from '../../../src/cli/views/workers-document.ts';
import { type ArtifactServer, startArtifactServer } from '../../support/artifact-server.ts';
import { MINER, type WrittenCluster, writeCluster } from '../../support/cluster.ts';
import { fcops as run } from '../../support/fcops.ts';
import { turn } from '../../support/lotus/knobs.ts';
import { LOTUS_PROGRAMS, publishLotus } from '../../support/lotus/programs.ts';
import { makeMiner } from '../../support/lotus/running-miner.ts';
import { apxMachine, copyPieceInfo, minerMachine } from '../../support/machines.ts';
import {
  type SimulatedHost,
  type SimulatedHosts,
  startSimulatedHosts,
} from '../../support/simulated-hosts.ts';

/** A miner and two workers with a network of SSH (the hosts' addresses) and one of lotus: one test after the other. */

const VERSION = '1.11.1-3079a405a';
const PROFILE = 'source /opt/raid0/profile';
const LISTEN = { 'miner-1': '127.77.0.1', 'apx-5': '127.77.0.5', 'apx-6': '127.77.0.6' } as const;
let hosts: SimulatedHosts;
let miner: SimulatedHost;
let first: SimulatedHost;
let second: SimulatedHost;
let artifacts: ArtifactServer;
let cluster: WrittenCluster;

const fcops = (...more: string[]) => run([...more, '--inventory', cluster.inventory], { env: cluster.env });
/** What is not right, host by host. */
const wrong = async () => {
  const { stdout } = await fcops('verify', '--output', 'json');
  return verifyDocumentSchema
    .parse(JSON.parse(stdout))
    .hosts.flatMap(({ host, checks }) =>
      checks.flatMap(({ name, result }) => (result === 'ok' ? [] : [`${host}: ${result}: ${name}`])),
    );
};
const allWell = () => expect.poll(wrong, { timeout: 30_000 }).toEqual([]);
/** Where the workers of the miner are registered. */
const urls = async () => {
  const said = await miner.sh(`${PROFILE}; lotus-miner sealing workers | grep -v disabled`);
  return [...said.matchAll(/url:http:\/\/([\d.]+):11000/g)].map(([, url]) => url).toSorted();
};
const listening = async (host: string, listen: string | null): Promise<void> => {
  const file = parse(await readFile(cluster.file, 'utf8'));
  for (const one of file.hosts)
    if (one.name === host) {
      if (listen === null) delete one.listen;
      else one.listen = listen;
    }
  await writeFile(cluster.file, stringify(file));
};
const plan = async (host: string, ...more: string[]) => {
  const { stdout } = await fcops('plan', 'apx', '--limit', host, '--output', 'json', ...more);
  const [found] = planDocumentSchema.parse(JSON.parse(stdout)).hosts;
  if (!found) throw new Error(`nothing is planned of ${host}`);
  return found;
};
const PID =
  'grep -lzsxF /opt/lotusworker/worker-apx /proc/[0-9]*/cmdline | grep -v self | cut -d / -f 3 | head -n 1';

beforeAll(async () => {
  hosts = await startSimulatedHosts({
    hosts: [minerMachine('miner-1'), apxMachine('apx-5'), apxMachine('apx-6')],
  });
  [miner, first, second] = hosts.hosts as [SimulatedHost, SimulatedHost, SimulatedHost];
  artifacts = await startArtifactServer({ versions: [] });
  const sha256 = await publishLotus(artifacts, VERSION, LOTUS_PROGRAMS);
  await Promise.all([first, second].map((one) => copyPieceInfo(one)));
  cluster = await writeCluster({
    ...hosts,
    artifacts: { ...artifacts, sha256 },
    more: { api: { from: 'miner' }, versions: { lotus: VERSION, miner: VERSION, apx: VERSION } },
    hosts: [
      {
        ...{ host: first, roles: ['apx'], profile: 'amd-7532' },
        more: { listen: LISTEN['apx-5'] },
      },
      // It gets its own only later.
      { host: second, roles: ['apx'], profile: 'amd-7532' },
      {
        ...{ host: miner, roles: ['miner'], profile: 'amd-7532' },
        more: { checks: 'off', listen: LISTEN['miner-1'] },
      },
    ],
  });
  await fcops('deploy', 'miner', '--yes');
  await writeFile(
    `${miner.root}/usr/local/bin/nvidia-smi`,
    '#!/bin/bash\necho "00000000:21:00.0, NVIDIA GeForce RTX 3090, 98, 10240, 24268, 71"\n',
    { mode: 0o755 },
  );
  await turn(miner, 'workers-format', 'fork-later');
  await makeMiner(miner, MINER);
  await fcops('deploy', 'miner', '--start', '--yes');
  await fcops('deploy', 'miner', '--start', '--yes');
  await fcops('deploy', 'apx', '--start', '--yes');
}, 180_000);

afterAll(async () => {
  await miner?.sh(`${PROFILE}; lotus-miner stop; lotus daemon stop; true`).catch(() => {});
  await artifacts?.stop();
  await hosts?.stop();
});

describe('hosts that listen on a network of their own', { timeout: 120_000 }, () => {
  it('are logged in to by one address, and known to the miner by the other', async () => {
    await expect.poll(urls, { timeout: 20_000 }).toEqual([LISTEN['apx-5'], second.address].toSorted());
    await allWell();
    expect(await miner.sh(`cat /opt/raid0/lotusminer/api`)).toContain(`/ip4/${LISTEN['miner-1']}/tcp/2345`);
    expect(await first.sh('cat /opt/lotusworker/profile')).toContain(
      `:/ip4/${LISTEN['miner-1']}/tcp/2345/http`,
    );
    const { stdout } = await fcops('workers', '--output', 'json');
    const { hosts: at, strangers } = workersDocumentSchema.parse(JSON.parse(stdout));
    expect(strangers).toEqual([]);
    expect(at.find(({ host }) => host === 'apx-5')).toMatchObject({
      ...{ address: first.address, listen: LISTEN['apx-5'], registered: 1, beside: [] },
    });
    expect(at.find(({ host }) => host === 'apx-6')).not.toHaveProperty('listen');
    const status = await fcops('status', '--limit', LISTEN['apx-5'], '--full');
    expect(status.stdout).toContain(`${first.address}, listens on ${LISTEN['apx-5']}`);
  });

  it('get a change of it as one of their scripts, with a restart owed, and are found at the old one until then', async () => {
    await listening('apx-6', LISTEN['apx-6']);
    const { items } = await plan('apx-6');
    const titles = items.map(({ state, title }) => `${state}: ${title}`);
    expect(titles).toContain('change: file /opt/lotusworker/worker-apx/start_apx.sh');
    expect(titles).toContain('change: hostname f0494733-apx-127-77-0-6');
    expect(items.filter(({ state }) => state === 'restart')).toHaveLength(1);
    expect((await fcops('deploy', 'apx', '--limit', 'apx-6', '--yes')).exitCode).toBe(0);
    expect(await urls()).toContain(second.address);
    expect(await wrong()).toEqual([]);
    const { exitCode, stdout, stderr } = await fcops(
      'restart',
      'apx',
      '--limit',
      'apx-6',
      '--drain',
      '--yes',
    );
    expect([exitCode, stderr, stdout.includes('FAILED')]).toEqual([0, expect.any(String), false]);
    await expect.poll(urls, { timeout: 20_000 }).toEqual([LISTEN['apx-5'], LISTEN['apx-6']]);
    await allWell();
  });

  it('are not stopped for an address that the machine does not have, which is told', async () => {
    await listening('apx-6', '10.99.0.6');
    const about = /^apx-6 has no address 10\.99\.0\.6: nothing starts that is to listen there; it has /;
    const { items } = await plan('apx-6');
    expect(items.filter(({ state }) => state === 'violated')).toMatchObject([
      { title: 'address 10.99.0.6', message: expect.stringMatching(about) },
    ]);
    const preflight = await fcops('preflight', 'apx-6');
    expect([preflight.exitCode, preflight.stdout.replace(/\s+/g, ' ')]).toEqual([
      1,
      expect.stringContaining(
        '! apx-6: apx-6 has no address 10.99.0.6: nothing starts that is to listen there',
      ),
    ]);
    const pid = await second.sh(PID);
    const { exitCode, stdout } = await fcops('restart', 'apx', '--limit', 'apx-6', '--lose-tasks', '--yes');
    expect(exitCode).toBe(1);
    expect(stdout.replace(/\s+/g, ' ')).toContain('nothing was stopped, as it could not be started again');
    expect(await second.sh(PID)).toBe(pid);
    expect(await wrong()).toEqual(['apx-6: off: address 10.99.0.6']);
    await listening('apx-6', LISTEN['apx-6']);
    await allWell();
  });
});
