import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installNvidiaSmi } from '../support/nvidia-smi.ts';
import { type LotusCluster, startLotusCluster } from './support/lotus-cluster.ts';
import type { BootedHost } from './support/nspawn.ts';
import { type Scene, startScene } from './support/scene.ts';

/** Machines that are really started anew: one after the other with their workers, and new ones on their way to a start. */

const WORKERS = ['c2-91', 'c2-94', 'apx-92'] as const;

/** When its kernel was started, seconds since 1970, and its boot id. */
const bootOf = async (host: BootedHost) => {
  const [started, id] = (await host.sh(`stat -c %Y /proc/1; cat /proc/sys/kernel/random/boot_id`)).split(
    '\n',
  );
  return { started: Number(started), id };
};

describe('fcops reboot', () => {
  let cluster: LotusCluster;
  beforeAll(async () => {
    cluster = await startLotusCluster({ names: ['miner-9', ...WORKERS] });
    const { exitCode, stdout, stderr } = await cluster.fcops('deploy', 'all', '--start', '--yes');
    expect([exitCode, stderr], stdout).toEqual([0, '']);
    for (const name of WORKERS) await installNvidiaSmi(cluster.host(name));
  });
  afterAll(() => cluster?.stop());

  it('of three hosts goes one at a time, and all of them are registered again', async () => {
    const before = await cluster.registered();
    const all = WORKERS.map((name) => cluster.host(name));
    const boots = await Promise.all(all.map(bootOf));
    const { exitCode, stdout, stderr } = await cluster.fcops('reboot', ...WORKERS, '--drain', '--yes');
    expect([exitCode, stderr], stdout).toEqual([0, expect.anything()]);
    expect(stdout).toMatch(/^3 hosts: 3 changed, in /m);
    const now = await Promise.all(all.map(bootOf));
    for (const [index, { started }] of now.entries()) {
      expect(started).toBeGreaterThan(boots[index]?.started ?? 0);
      // The next one went down after the one before had come up.
      expect(started).toBeGreaterThan(now[index - 1]?.started ?? 0);
    }
    expect(await cluster.registered()).toEqual(before);
  });
});

describe('fcops deploy p1 --reboot', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await startScene([
      { role: 'p1', number: 50 },
      { role: 'p1', number: 51 },
    ]);
    for (const host of scene.hosts.hosts) await installNvidiaSmi(host);
  });
  afterAll(() => scene?.stop());

  it('takes new machines to where they owe nothing, and reboots them no second time', async () => {
    const { exitCode, stdout } = await scene.fcops(['deploy', 'p1', '--reboot', '--yes']);
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^2 hosts: 2 changed, in /m)]);
    const boots = await Promise.all(scene.hosts.hosts.map(bootOf));
    const again = await scene.fcops(['deploy', 'p1', '--reboot', '--yes']);
    expect([again.exitCode, again.stdout]).toEqual([0, expect.stringMatching(/^2 hosts: 2 unchanged, in /m)]);
    expect(await Promise.all(scene.hosts.hosts.map(bootOf))).toEqual(boots);
  });
});

describe('fcops deploy p1 --reboot --start', () => {
  let cluster: LotusCluster;
  beforeAll(async () => {
    cluster = await startLotusCluster({ names: ['miner-9', 'p1-90'], fresh: ['p1-90'] });
    const { exitCode, stdout, stderr } = await cluster.fcops('deploy', 'miner', '--start', '--yes');
    expect([exitCode, stderr], stdout).toEqual([0, '']);
    await installNvidiaSmi(cluster.host('p1-90'));
  });
  afterAll(() => cluster?.stop());

  it('takes a new machine to workers that the miner has: huge pages and GPUs are seen before the start', async () => {
    const host = cluster.host('p1-90');
    const before = await bootOf(host);
    const pages =
      'cat /sys/devices/system/node/node*/hugepages/hugepages-1048576kB/nr_hugepages | paste -sd " "';
    const { exitCode, stdout, stderr } = await cluster.fcops('deploy', 'p1', '--reboot', '--start', '--yes');
    expect([exitCode, stderr], stdout).toEqual([0, expect.anything()]);
    expect(stdout).toMatch(/^1 host: 1 changed, in /m);
    const now = await bootOf(host);
    expect(now.started).toBeGreaterThan(before.started);
    expect(await host.sh(pages)).toBe('252 252 252 28 252 252 252 252');
    // APx, P2 and fourteen P1 tasks, beside the miner's own.
    expect(Object.values(await cluster.registered()).toSorted((a, b) => a - b)).toEqual([1, 16]);
    const verified = await cluster.fcops('verify', '--role', 'p1', '--wait', '1m');
    expect([verified.exitCode, verified.stderr], verified.stdout).toEqual([0, expect.anything()]);
    const again = await cluster.fcops('deploy', 'p1', '--reboot', '--start', '--yes');
    expect([again.exitCode, again.stdout]).toEqual([0, expect.stringMatching(/^1 host: 1 unchanged, in /m)]);
    expect(await bootOf(host)).toEqual(now);
  });

  it('starts nothing on a machine whose GPU is not back after its reboot', async () => {
    const host = cluster.host('p1-90');
    const stopped = await cluster.fcops('stop', 'p1', '--lose-tasks', '--yes');
    expect([stopped.exitCode, stopped.stderr], stopped.stdout).toEqual([0, expect.anything()]);
    await host.sh(
      `touch /opt/gpu-lost; sed -i 's/ default_hugepagesz=1G hugepagesz=1G//' /etc/default/grub; update-grub 2>/dev/null`,
    );
    await host.reboot();
    const before = await bootOf(host);
    const { exitCode, stdout } = await cluster.fcops('deploy', 'p1', '--reboot', '--start', '--yes');
    expect([exitCode, stdout]).toEqual([1, expect.stringMatching(/GPU/)]);
    expect((await bootOf(host)).started).toBeGreaterThan(before.started);
    expect(await host.sh(`pgrep -fc -- '[-]-worker-repo' || true`)).toBe('0');
  });
});
