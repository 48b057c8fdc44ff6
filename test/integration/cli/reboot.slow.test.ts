/** @module-tag needs-namespaces */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WrittenCluster } from '../../support/cluster.ts';
import { fcopsOnTerminal, startFcops } from '../../support/fcops.ts';
import { c2Pids, startC2Workers } from '../../support/lotus/c2-workers.ts';
import { turn, unturn } from '../../support/lotus/knobs.ts';
import type { MinerAndWorkers } from '../../support/lotus/miner-and-workers.ts';
import { settled as settledOn } from '../../support/settled.ts';
import type { SimulatedHost } from '../../support/simulated-hosts.ts';

/** A miner and three C2 machines that are rebooted, one after the other, and what comes in between. */

let lotus: MinerAndWorkers;
let miner: SimulatedHost;
let c2: readonly SimulatedHost[];
let cluster: WrittenCluster;

const all = (args: readonly string[]) => [...args, '--inventory', cluster.inventory];
const fcops = (...args: string[]) => lotus.fcops(...args);
const host = (index: number): SimulatedHost => c2[index] as SimulatedHost;
const bootOf = (one: SimulatedHost) => one.sh('cat /proc/sys/kernel/random/boot_id');
/** When it was rebooted, seconds since 1970. */
const reboots = async (one: SimulatedHost): Promise<readonly number[]> =>
  (await one.sh('cat /var/log/reboots 2>/dev/null || true')).split('\n').filter(Boolean).map(Number);
const allRun = async (one: SimulatedHost) => expect(await c2Pids(one)).not.toContain('-');
const settled = () => settledOn(...lotus.hosts.hosts);
const uuidOf = async (one: SimulatedHost, port: number): Promise<string> => {
  const known = `grep -l ${one.address}:${port}/ /var/lib/simulated-lotus/workers/* | tail -n 1`;
  await expect.poll(() => miner.sh(known), { timeout: 20_000 }).not.toBe('');
  return miner.sh(`cut -f 1 "$(${known})"`);
};

beforeAll(async () => {
  lotus = await startC2Workers({ names: ['c2-10', 'c2-11', 'c2-12'] });
  ({ miner, workers: c2, cluster } = lotus);
}, 240_000);
afterAll(() => lotus?.stop());

describe('fcops reboot', { timeout: 300_000 }, () => {
  it('is refused where a task would be lost, whatever --yes says', async () => {
    const uuid = (await uuidOf(host(0), 20030)).slice(0, 8);
    await turn(
      miner,
      'jobs',
      `13aa09cd 1017 ${uuid} ${await host(0).sh('uname -n')} C2 running 4h12m33.8s\n`,
    );
    const { exitCode, stdout } = await fcops('reboot', 'c2-10', '--yes');
    expect([exitCode, stdout]).toEqual([
      1,
      expect.stringContaining('C2-3 is at C2 of sector 1017 for 4 h 12 min'),
    ]);
    expect(await reboots(host(0))).toEqual([]);
    await allRun(host(0));
    await turn(miner, 'jobs', '');
    await settled();
  });

  it('is refused where a worker runs that is not in the cluster file, waited for or not', async () => {
    await host(0).sh(
      'cd /opt && source /opt/profile && (setsid /opt/lotus-worker --worker-repo /opt/worker-9c2 run --role C2 --listen 127.0.0.1:20090 >/dev/null 2>&1 </dev/null &)',
    );
    const pid = () =>
      host(0).sh('grep -lzsx /opt/worker-9c2 /proc/[0-9]*/cmdline | cut -d / -f 3 | head -n 1');
    await expect.poll(pid).not.toBe('');
    for (const words of [['--yes'], ['--drain', '--yes']]) {
      const { exitCode, stdout } = await fcops('reboot', 'c2-10', ...words);
      expect([exitCode, stdout]).toEqual([
        1,
        expect.stringMatching(
          /the machine may be at a task: the worker of \/opt\/worker-9c2, process \d+: the cluster/,
        ),
      ]);
    }
    expect(await reboots(host(0))).toEqual([]);
    await host(0).sh(`kill -KILL ${await pid()}`);
    await allRun(host(0));
    await settled();
  });

  it('shows what ends and that the machine reboots, and asks', async () => {
    const asked = await fcopsOnTerminal(
      all(['reboot', 'c2-10']),
      { after: 'start what runs there?', keys: 'n\r' },
      { env: cluster.env },
    );
    expect([asked.exitCode, asked.stdout]).toEqual([1, expect.stringContaining('Reboot 1 host of f0494733')]);
    expect(asked.stdout).toMatch(/the machine.*rebooted/);
    expect(await reboots(host(0))).toEqual([]);
    await settled();
  });

  it('goes one machine at a time, each of which runs and is registered before the next one goes down', async () => {
    const before = await Promise.all(c2.map(bootOf));
    const { exitCode, stdout, stderr } = await fcops('reboot', 'c2', '--yes');
    expect([exitCode, stderr, stdout]).toEqual([0, '', expect.stringContaining('3 hosts: 3 changed')]);
    const times = await Promise.all(c2.map(reboots));
    expect(times.map(({ length }) => length)).toEqual([1, 1, 1]);
    for (const [index, one] of c2.entries()) {
      expect(await bootOf(one)).not.toBe(before[index]);
      await allRun(one);
    }
    // The workers of each were started before the machine after it went down.
    const starts = await Promise.all(
      c2.map((one) => one.sh('stat -c %Y /proc/$(pgrep -f worker-4c2 | head -n 1)')),
    );
    for (const index of [0, 1]) expect(Number(starts[index])).toBeLessThanOrEqual(times[index + 1]?.[0] ?? 0);
    await settled();
  });

  it('of a machine that does not come back ends the run, and says what is known of it', async () => {
    await host(0).sh('touch /opt/never-goes-down');
    const { exitCode, stdout } = await fcops('reboot', 'c2', '--yes', '--reboot-timeout', '12s');
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('did not come back within 12 s')]);
    expect(stdout).toContain('it answers under the boot of before');
    expect(stdout).toMatch(/when it is up, go on with the rest\S*\s+fcops resume r-\S+/);
    expect(stdout).toMatch(/STOPPED c2-\[11:12\]/);
    expect(await Promise.all(c2.slice(1).map(reboots))).toEqual([[expect.anything()], [expect.anything()]]);
    await host(0).sh('rm /opt/never-goes-down');
    await settled();
  });

  it('is taken up where it was, and reboots no machine that has been', async () => {
    // The one that has not gone down is rebooted now, the others as well.
    const { exitCode, stdout, stderr } = await fcops('resume', 'last', '--yes');
    expect([exitCode, stdout, stderr]).toEqual([0, expect.stringContaining('3 changed'), expect.anything()]);
    expect((await Promise.all(c2.map(reboots))).map(({ length }) => length)).toEqual([2, 2, 2]);
    await settled();
    const boot = await bootOf(host(0));
    const killed = startFcops(all(['reboot', 'c2-10', '--yes']), { env: cluster.env });
    await expect.poll(() => bootOf(host(0)), { timeout: 60_000, interval: 100 }).not.toBe(boot);
    killed.kill('SIGKILL');
    await killed.catch(() => {});
    const after = await bootOf(host(0));
    const again = await fcops('resume', 'last');
    expect([again.exitCode, again.stdout]).toEqual([0, expect.anything()]);
    expect(await bootOf(host(0))).toBe(after);
    await allRun(host(0));
    await settled();
  });

  it('of the miner starts lotus, then lotus-miner', async () => {
    const { exitCode, stdout, stderr } = await fcops(
      'reboot',
      'miner',
      '--ignore-proving-window',
      '--yes',
      '--verbose',
    );
    expect([exitCode, stderr, stdout]).toEqual([0, expect.anything(), expect.stringContaining('1 changed')]);
    expect(stdout).toMatch(/stop: lotus-miner.*stop: lotus\n.*processes: lotus\n.*processes: lotus-miner/s);
    expect(await reboots(miner)).toHaveLength(1);
  });

  it('of all waits for workers that the miner does not list when it is back: their tasks have begun before', async () => {
    const [rebooted, before] = [await reboots(miner), await reboots(host(0))];
    await uuidOf(host(0), 20030);
    await turn(host(0), 'worker-busy');
    const words = [
      'reboot',
      'all',
      '--drain',
      '--limit',
      'miner-1,c2-10',
      '--ignore-proving-window',
      '--yes',
    ];
    const running = startFcops(all(words), { env: cluster.env });
    let shown = '';
    running.stdout.on('data', (chunk: Buffer) => {
      shown += chunk.toString();
    });
    const waits = /c2-10: waiting: C2-\d(, C2-\d)* may be at a task: the miner does not list it/;
    await expect.poll(() => shown, { timeout: 200_000, interval: 500 }).toMatch(waits);
    expect(await reboots(host(0))).toEqual(before);
    await unturn(host(0), 'worker-busy');
    const { exitCode, stdout } = await running;
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('2 hosts: 2 changed')]);
    expect(await reboots(miner)).toHaveLength(rebooted.length + 1);
    expect(await reboots(host(0))).toHaveLength(before.length + 1);
    await allRun(host(0));
    await settled();
  });
});
