/** @module-tag needs-namespaces */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WrittenCluster } from '../../support/cluster.ts';
import { fcops as run, startFcops } from '../../support/fcops.ts';
import { c2Pids, startC2Workers } from '../../support/lotus/c2-workers.ts';
import type { MinerAndWorkers } from '../../support/lotus/miner-and-workers.ts';
import { installNvidiaSmi } from '../../support/nvidia-smi.ts';
import { settled as settledOn } from '../../support/settled.ts';
import type { SimulatedHost } from '../../support/simulated-hosts.ts';

/** A C2 machine that has lost a GPU, and whether a reboot brings it back. */

let lotus: MinerAndWorkers;
let host: SimulatedHost;
let cluster: WrittenCluster;

const all = (args: readonly string[]) => [...args, '--inventory', cluster.inventory];
/** Whoever recovers a machine at night has no password of the download server. */
const recover = (...args: string[]) => run(all(['recover', ...args]));
/** When it was rebooted, seconds since 1970. */
const reboots = async (one: SimulatedHost): Promise<readonly number[]> =>
  (await one.sh('cat /var/log/reboots 2>/dev/null || true')).split('\n').filter(Boolean).map(Number);
const allRun = async (one: SimulatedHost) => expect(await c2Pids(one)).not.toContain('-');
const settled = () => settledOn(...lotus.hosts.hosts);

beforeAll(async () => {
  lotus = await startC2Workers({ names: ['c2-10'] });
  host = lotus.host('c2-10');
  cluster = lotus.cluster;
  await installNvidiaSmi(host);
  await host.sh('touch /opt/gpu-lost');
}, 240_000);
afterAll(() => lotus?.stop());

describe('fcops recover', { timeout: 300_000 }, () => {
  it('of a machine whose GPU stays lost starts nothing, and writes the report', async () => {
    const report = join(lotus.hosts.directory, 'c2-10.txt');
    const { exitCode, stdout } = await recover('c2-10', '--yes', '--report', report);
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('its hardware is broken still')]);
    expect(stdout).toMatch(/^c2-10, by what it tells of its hardware:\n {2}! /m);
    expect(await reboots(host)).toHaveLength(1);
    expect(await c2Pids(host)).toEqual(['-', '-', '-', '-']);
    expect(statSync(report).mode & 0o777).toBe(0o600);
    expect(readFileSync(report, 'utf8')).toContain('NVIDIA GeForce RTX 3080');
    await settled();
  });

  it('starts all of it where the reboot has brought the GPU back', async () => {
    await host.sh('rm /opt/gpu-lost');
    const { exitCode, stdout, stderr } = await recover('c2-10', '--yes');
    expect([exitCode, stderr, stdout]).toEqual([0, '', expect.stringContaining('1 host: 1 changed')]);
    expect(await reboots(host)).toHaveLength(2);
    await allRun(host);
    await settled();
  });

  it('says to power a machine that does not answer', async () => {
    host.ssh.refuseLogins();
    const away = await recover('c2-10', '--yes');
    expect([away.exitCode, away.stderr]).toEqual([1, expect.stringContaining('power it by its console')]);
    expect(away.stderr).toContain('fcops recover c2-10 --wait 30m');
    host.ssh.refuseLogins(false);
  });

  it('reboots one that has been up all the while: only its network was gone', async () => {
    const { exitCode, stdout, stderr } = await waitedFor(3 * 3600, 'sleep 8');
    expect(stderr).toMatch(/\d\d:\d\d:\d\d c2-10: .*denied.*; it is waited for 5 min 0 s more\n/);
    expect([exitCode, stdout]).toEqual([0, expect.anything()]);
    expect(stdout).toContain('It was started 3 h 0 min ago: it is rebooted, looked at again');
    expect(await reboots(host)).toHaveLength(3);
    await allRun(host);
    await settled();
  });

  it('goes on without a reboot where the machine has just been started', async () => {
    const { exitCode, stdout } = await waitedFor(75, "sleep 8; pkill -KILL -f 'worker-rep[o]'; true");
    expect([exitCode, stdout]).toEqual([0, expect.anything()]);
    expect(stdout).toContain('It has just been started (1 min 15 s ago)');
    expect(await reboots(host)).toHaveLength(3);
    await allRun(host);
  });
});

/**
 * Recovers the machine, which does not answer while `meanwhile` goes on. `up`: seconds that it says then that it has been
 * up; its kernel is that of all hosts here, and was started when it was.
 */
const waitedFor = async (up: number, meanwhile: string) => {
  await host.sh(`echo '${up}.00 1.00' >/root/uptime; mount --bind /root/uptime /proc/uptime`);
  host.ssh.refuseLogins();
  const waiting = startFcops(all(['recover', 'c2-10', '--yes', '--lose-tasks', '--wait', '5m']));
  let shown = '';
  waiting.stdout.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
  });
  await host.sh(meanwhile);
  host.ssh.refuseLogins(false);
  await expect.poll(() => shown, { timeout: 60_000 }).toContain('by what it tells of its hardware');
  await host.sh('umount /proc/uptime');
  return waiting;
};
