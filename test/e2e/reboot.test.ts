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
