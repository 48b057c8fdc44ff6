/** @module-tag needs-namespaces */
import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ArtifactServer, startArtifactServer } from '../../support/artifact-server.ts';
import { MINER, type WrittenCluster, writeCluster } from '../../support/cluster.ts';
import { fcops as run, startFcops } from '../../support/fcops.ts';
import { turn } from '../../support/lotus/knobs.ts';
import { publishLotus } from '../../support/lotus/programs.ts';
import { makeMiner, stopMiner } from '../../support/lotus/running-miner.ts';
import { c2Machine, minerMachine } from '../../support/machines.ts';
import { installNvidiaSmi } from '../../support/nvidia-smi.ts';
import {
  type SimulatedHost,
  type SimulatedHosts,
  startSimulatedHosts,
} from '../../support/simulated-hosts.ts';

/** A C2 machine that has lost a GPU, and whether a reboot brings it back. */

const VERSION = '1.11.1-3079a405a';
const C2_VERSION = `${VERSION}-intel`;
let hosts: SimulatedHosts;
let miner: SimulatedHost;
let c2: readonly SimulatedHost[];
let artifacts: ArtifactServer;
let cluster: WrittenCluster;
let state: string;

const env = () => ({ ...cluster.env, XDG_STATE_HOME: state });
const all = (args: readonly string[]) => [...args, '--inventory', cluster.inventory];
const fcops = (...args: string[]) => run(all(args), { env: env() });
/** Whoever recovers a machine at night has no password of the download server. */
const recover = (...args: string[]) => run(all(['recover', ...args]), { env: { XDG_STATE_HOME: state } });
const host = (index: number): SimulatedHost => c2[index] as SimulatedHost;
/** When it was rebooted, seconds since 1970. */
const reboots = async (one: SimulatedHost): Promise<readonly number[]> =>
  (await one.sh('cat /var/log/reboots 2>/dev/null || true')).split('\n').filter(Boolean).map(Number);
const workers = (one: SimulatedHost) =>
  one.sh(
    `for k in 1 2 3 4; do grep -lzsx "/opt/worker-[\${k}]c2" /proc/[0-9]*/cmdline | cut -d / -f 3 | head -n 1; done`,
  );
const allRun = async (one: SimulatedHost) => expect((await workers(one)).split('\n')).toHaveLength(4);
const settled = async () => {
  for (const one of hosts.hosts)
    await one.sh('flock -w 10 /var/lib/fcops/session true; flock -w 10 /var/lib/fcops/lock true');
};
beforeAll(async () => {
  hosts = await startSimulatedHosts({
    hosts: [minerMachine('miner-1'), c2Machine('c2-10')],
  });
  const [first, ...others] = hosts.hosts;
  miner = first as SimulatedHost;
  c2 = others;
  artifacts = await startArtifactServer({ versions: [] });
  const sha256 = {
    ...(await publishLotus(artifacts, VERSION, ['lotus', 'lotus-miner'])),
    ...(await publishLotus(artifacts, C2_VERSION, ['lotus-worker'])),
  };
  state = mkdtempSync(join(hosts.directory, 'state-'));
  cluster = await writeCluster({
    ...hosts,
    artifacts: { ...artifacts, sha256 },
    hosts: [
      { host: miner, roles: ['miner'], profile: 'amd-7532', more: { checks: 'off' } },
      ...c2.map((one) => ({
        host: one,
        roles: ['c2'] as const,
        profile: 'intel-4216',
        more: { checks: 'off' },
      })),
    ],
    more: {
      api: { from: 'miner' },
      versions: { lotus: VERSION, miner: VERSION, c2: C2_VERSION },
      variables: { syncDeadline: 60 },
    },
  });
  const done = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await fcops(...args);
    if (exitCode !== 0) throw new Error(stdout + stderr);
  };
  await done('deploy', 'miner', '--yes');
  await makeMiner(miner, MINER);
  await miner.sh('flock -w 10 /var/lib/fcops/session true; flock -w 10 /var/lib/fcops/lock true');
  await done('deploy', 'all', '--start', '--yes');
  await turn(miner, 'jobs', '');
  await installNvidiaSmi(host(0));
  await host(0).sh('touch /opt/gpu-lost');
  await settled();
}, 240_000);
afterAll(async () => {
  for (const one of c2 ?? []) await one.sh('pkill -KILL -f worker-repo; true').catch(() => {});
  if (miner) await stopMiner(miner).catch(() => {});
  await artifacts?.stop();
  await hosts?.stop();
});

describe('fcops recover', { timeout: 300_000 }, () => {
  it('of a machine whose GPU stays lost starts nothing, and writes the report', async () => {
    const report = join(hosts.directory, 'c2-10.txt');
    const { exitCode, stdout } = await recover('c2-10', '--yes', '--report', report);
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('its hardware is broken still')]);
    expect(stdout).toMatch(/^c2-10, by what it tells of its hardware:\n {2}! /m);
    expect(await reboots(host(0))).toHaveLength(1);
    expect(await workers(host(0))).toBe('');
    expect(statSync(report).mode & 0o777).toBe(0o600);
    expect(readFileSync(report, 'utf8')).toContain('NVIDIA GeForce RTX 3080');
    await settled();
  });

  it('starts all of it where the reboot has brought the GPU back', async () => {
    await host(0).sh('rm /opt/gpu-lost');
    const { exitCode, stdout, stderr } = await recover('c2-10', '--yes');
    expect([exitCode, stderr, stdout]).toEqual([0, '', expect.stringContaining('1 host: 1 changed')]);
    expect(await reboots(host(0))).toHaveLength(2);
    await allRun(host(0));
    await settled();
  });

  it('says to power a machine that does not answer', async () => {
    host(0).ssh.refuseLogins();
    const away = await recover('c2-10', '--yes');
    expect([away.exitCode, away.stderr]).toEqual([1, expect.stringContaining('power it by its console')]);
    expect(away.stderr).toContain('fcops recover c2-10 --wait 30m');
    host(0).ssh.refuseLogins(false);
  });

  it('reboots one that has been up all the while: only its network was gone', async () => {
    const { exitCode, stdout, stderr } = await waitedFor(3 * 3600, 'sleep 8');
    expect(stderr).toMatch(/\d\d:\d\d:\d\d c2-10: .*denied.*; it is waited for 5 min 0 s more\n/);
    expect([exitCode, stdout]).toEqual([0, expect.anything()]);
    expect(stdout).toContain('It was started 3 h 0 min ago: it is rebooted, looked at again');
    expect(await reboots(host(0))).toHaveLength(3);
    await allRun(host(0));
    await settled();
  });

  it('goes on without a reboot where the machine has just been started', async () => {
    const { exitCode, stdout } = await waitedFor(75, "sleep 8; pkill -KILL -f 'worker-rep[o]'; true");
    expect([exitCode, stdout]).toEqual([0, expect.anything()]);
    expect(stdout).toContain('It has just been started (1 min 15 s ago)');
    expect(await reboots(host(0))).toHaveLength(3);
    await allRun(host(0));
  });
});

/**
 * Recovers the machine, which does not answer while `meanwhile` goes on. `up`: seconds that it says then that it has been
 * up; its kernel is that of all hosts here, and was started when it was.
 */
const waitedFor = async (up: number, meanwhile: string) => {
  const one = host(0);
  await one.sh(`echo '${up}.00 1.00' >/root/uptime; mount --bind /root/uptime /proc/uptime`);
  one.ssh.refuseLogins();
  const waiting = startFcops(all(['recover', 'c2-10', '--yes', '--lose-tasks', '--wait', '5m']), {
    env: { XDG_STATE_HOME: state },
  });
  let shown = '';
  waiting.stdout.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
  });
  await one.sh(meanwhile);
  one.ssh.refuseLogins(false);
  await expect.poll(() => shown, { timeout: 60_000 }).toContain('by what it tells of its hardware');
  await one.sh('umount /proc/uptime');
  return waiting;
};
