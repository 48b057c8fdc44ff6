/** @module-tag needs-namespaces */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ArtifactServer, startArtifactServer } from '../../support/artifact-server.ts';
import { MINER, type WrittenCluster, writeCluster } from '../../support/cluster.ts';
import { fcops as run, startFcops } from '../../support/fcops.ts';
import { publishLotus } from '../../support/lotus/programs.ts';
import { runMiner, stopMiner } from '../../support/lotus/running-miner.ts';
import { c2Machine, minerMachine } from '../../support/machines.ts';
import {
  type SimulatedHost,
  type SimulatedHosts,
  startSimulatedHosts,
} from '../../support/simulated-hosts.ts';

/** Starts of several hosts at the rate of their cluster. */

const VERSION = '1.11.1-39c692f52';
const C2_VERSION = `${VERSION}-intel`;
let hosts: SimulatedHosts;
let workers: readonly SimulatedHost[];
let miner: SimulatedHost;
let artifacts: ArtifactServer;
let cluster: WrittenCluster;
const fcops = (...args: string[]) => run([...args, '--inventory', cluster.inventory], { env: cluster.env });

beforeAll(async () => {
  hosts = await startSimulatedHosts({
    hosts: [...['c2-10', 'c2-11', 'c2-12'].map(c2Machine), minerMachine('miner-1')],
  });
  workers = hosts.hosts.slice(0, 3);
  miner = hosts.hosts[3] as SimulatedHost;
  await runMiner(miner, MINER);
  artifacts = await startArtifactServer({ versions: [] });
  const sha256 = {
    ...(await publishLotus(artifacts, VERSION, ['lotus', 'lotus-miner'])),
    ...(await publishLotus(artifacts, C2_VERSION, ['lotus-worker'])),
  };
  cluster = await writeCluster({
    ...hosts,
    artifacts: { ...artifacts, sha256 },
    more: {
      api: { from: 'miner' },
      versions: { c2: C2_VERSION, lotus: VERSION, miner: VERSION },
      startRate: 30,
      checks: 'off',
      variables: { ntpServer: null },
    },
    hosts: [
      ...workers.map((host) => ({ host, roles: ['c2'] as const, profile: 'intel-4216' })),
      { host: miner, roles: ['miner'], profile: 'amd-7532' },
    ],
  });
  const made = await fcops('deploy', 'c2', '--yes');
  if (made.exitCode !== 0) throw new Error(made.stdout + made.stderr);
}, 120_000);
afterEach(async () => {
  for (const host of workers) {
    await host.sh('pkill -TERM -f "[w]orker-repo"; sleep 1');
    await host.sh('flock -w 10 /var/lib/fcops/session true; flock -w 10 /var/lib/fcops/lock true');
  }
});
afterAll(async () => {
  if (miner) await stopMiner(miner).catch(() => {});
  await artifacts?.stop();
  await hosts?.stop();
});

/** When the workers of a host were started, in seconds since the boot of this machine, which is that of all hosts. */
const startedOn = async (host: SimulatedHost): Promise<readonly number[]> => {
  const ticks = await host.sh(
    `for k in 1 2 3 4; do p=$(grep -lzsx "/opt/worker-[\${k}]c2" /proc/[0-9]*/cmdline | head -n 1); [[ -z $p ]] || sed 's/.*) //' "\${p%/cmdline}/stat" | cut -d ' ' -f 20; done`,
  );
  return ticks
    .split('\n')
    .filter(Boolean)
    .map((one) => Number(one) / 100);
};
const started = async () => Promise.all(workers.map(startedOn));
const rate = (perMinute: number) =>
  writeFileSync(
    cluster.file,
    readFileSync(cluster.file, 'utf8').replace(/^startRate: .*$/m, `startRate: ${perMinute}`),
  );

describe('fcops start of several hosts', { timeout: 180_000 }, () => {
  it('starts no more in a minute than the cluster says, over all hosts, and says before how long that takes', async () => {
    const { exitCode, stdout, stderr } = await fcops('start', 'c2', '--no-preflight', '--yes');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain('Starts: 12 processes on 3 hosts, at most 30 a minute: about 22 s');
    const times = (await started()).flat().toSorted((a, b) => a - b);
    expect(times).toHaveLength(12);
    for (const [index, time] of times.slice(1).entries())
      expect(time - (times[index] ?? 0)).toBeGreaterThan(0.7);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(20);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeLessThan(60);
  });

  it('leaves what has not had its turn when somebody interrupts, and says so', async () => {
    rate(6);
    const running = startFcops(['start', 'c2', '--no-preflight', '--yes', '--inventory', cluster.inventory], {
      env: cluster.env,
    });
    await expect.poll(async () => (await started()).flat().length, { timeout: 60_000 }).toBe(1);
    running.kill('SIGINT');
    const { exitCode, stdout } = await running;
    expect(exitCode).toBe(130);
    expect(stdout).toContain('stopped while it waited for its turn, as asked: 4 processes not started');
    expect(stdout).toContain('stopped between two steps, as asked');
    expect((await started()).map(({ length }) => length).toSorted()).toEqual([0, 0, 1]);
  });

  it('gives the turns of a host that fails to the next one', async () => {
    rate(60);
    const [first, second, third] = workers;
    await first?.sh(
      'mv /opt/lotus-worker /opt/lotus-worker.away; printf "#!/bin/bash\\nexit 1\\n" >/opt/lotus-worker; chmod +x /opt/lotus-worker',
    );
    const { exitCode, stdout } = await fcops('start', 'c2', '--no-preflight', '--yes');
    await first?.sh('mv /opt/lotus-worker.away /opt/lotus-worker');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('C2-1 does not run');
    expect(await Promise.all([second, third].map((host) => host && startedOn(host)))).toMatchObject([
      { length: 4 },
      { length: 4 },
    ]);
  });
});
