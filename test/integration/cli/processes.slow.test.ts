/** @module-tag needs-namespaces */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { WrittenCluster } from '../../support/cluster.ts';
import { fcopsOnTerminal, fcops as run, startFcops } from '../../support/fcops.ts';
import { c2Pids, startIdleMinerAndC2 } from '../../support/lotus/c2-workers.ts';
import { turn, unturn } from '../../support/lotus/knobs.ts';
import type { MinerAndWorkers } from '../../support/lotus/miner-and-workers.ts';
import { settled as settledOn } from '../../support/settled.ts';
import type { SimulatedHost } from '../../support/simulated-hosts.ts';

/** A miner and a C2 machine whose workers register there: what stops them, and starts them again. */

let lotus: MinerAndWorkers;
let miner: SimulatedHost;
let c2: SimulatedHost;
let cluster: WrittenCluster;

const fcops = (...args: string[]) => lotus.fcops(...args);
const workers = () => c2Pids(c2);
/** Starts what waits for the task of C2-3, and stops it then. */
const startDraining = () =>
  startFcops(['stop', 'c2-10', '--process', 'C2-3', '--drain', '--yes', '--inventory', cluster.inventory], {
    env: cluster.env,
  });
const daemon = (what: string) =>
  miner.sh(
    `for f in /proc/[0-9]*/cmdline; do [[ "$(tr '\\0' ' ' <"$f" 2>/dev/null)" != "/bin/bash /usr/local/bin/${what} " ]] || { f=\${f%/cmdline}; echo "\${f##*/}"; }; done | head -n 1`,
  );
/** What the miner calls the worker at a port. */
const uuidOf = async (port: number): Promise<string> => {
  await expect
    .poll(() => miner.sh(`grep -l :${port}/ /var/lib/simulated-lotus/workers/* | head -n 1`), {
      timeout: 20_000,
    })
    .not.toBe('');
  return miner.sh(`cut -f 1 "$(grep -l :${port}/ /var/lib/simulated-lotus/workers/* | tail -n 1)"`);
};
const job = async (port: number, task: string, sector: number) =>
  `13aa09cd ${sector} ${(await uuidOf(port)).slice(0, 8)} ${await c2.sh('uname -n')} ${task} running 4h12m33.8s\n`;
const settled = () => settledOn(c2);

beforeAll(async () => {
  lotus = await startIdleMinerAndC2({ names: ['c2-10'] });
  ({ miner, cluster } = lotus);
  c2 = lotus.host('c2-10');
}, 90_000);
afterAll(() => lotus?.stop());

describe('fcops start', { timeout: 240_000 }, () => {
  it('starts lotus, then lotus-miner, then the workers, and leaves alone what runs', async () => {
    const first = await fcops('start', 'miner', '--yes');
    expect([first.exitCode, first.stderr]).toEqual([0, '']);
    expect(Number(await daemon('lotus-miner run'))).toBeGreaterThan(Number(await daemon('lotus daemon')));
    const deployed = await fcops('deploy', 'c2', '--yes');
    expect([deployed.exitCode, deployed.stderr, deployed.stdout]).toEqual([0, '', expect.anything()]);
    const one = await fcops('start', 'c2-10', '--process', 'C2-3', '--yes');
    expect([one.exitCode, one.stderr]).toEqual([0, '']);
    const before = await workers();
    expect(before.map((pid) => pid === '-')).toEqual([true, true, false, true]);
    await settled();
    const all = await fcops('start', 'all', '--yes');
    expect([all.exitCode, all.stderr]).toEqual([0, '']);
    const now = await workers();
    expect([now.includes('-'), now[2]]).toEqual([false, before[2]]);
    const again = await fcops('start', 'all', '--yes');
    expect(again.exitCode).toBe(0);
    expect(again.stdout).toContain('2 hosts: 2 unchanged');
    expect(await workers()).toEqual(now);
  });
});

describe('fcops stop', { timeout: 180_000 }, () => {
  beforeEach(async () => {
    await settled();
    await miner.sh('rm -f /var/lib/simulated-lotus/paused/*');
    await turn(miner, 'jobs', '');
    await fcops('start', 'c2', '--yes');
    await settled();
    for (const port of [20010, 20020, 20030, 20040]) await uuidOf(port);
  });

  it('refuses what is at a task, and says which and for how long; --yes is no answer to that', async () => {
    await turn(miner, 'jobs', await job(20030, 'C2', 1017));
    const before = await workers();
    for (const args of [['--yes'], ['--yes', '--process', 'C2-1,C2-3']]) {
      const { exitCode, stdout, stderr } = await fcops('stop', 'c2-10', ...args);
      expect(exitCode).toBe(1);
      expect(stdout + stderr).toContain('nothing was stopped: 1 process is at a task');
      expect(stdout).toContain('C2-3 is at C2 of sector 1017 for 4 h 12 min');
      expect(stdout).toContain('--drain');
    }
    expect(await workers()).toEqual(before);
    const json = await fcops('stop', 'c2-10', '--yes', '--output', 'json');
    const planned = json.stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
      .find(({ type }) => type === 'planned');
    expect(
      planned.plan.items.find(({ resource }: { resource: string }) => resource === 'stop:C2-3'),
    ).toMatchObject({
      kind: 'stop',
      atWork: { type: 'tasks', tasks: [{ task: 'C2', sector: 1017 }] },
    });
    const other = await fcops('stop', 'c2-10', '--yes', '--process', 'C2-1');
    expect([other.exitCode, other.stderr]).toEqual([0, '']);
    expect(await workers()).toEqual(['-', ...before.slice(1)]);
  });

  it('refuses where nobody can tell: the miner does not answer', async () => {
    await turn(miner, 'call-breaks');
    try {
      const { exitCode, stdout } = await fcops('stop', 'c2-10', '--yes');
      expect(exitCode).toBe(1);
      expect(stdout).toContain('nothing was stopped: 4 processes may be at a task');
      expect(await workers()).not.toContain('-');
    } finally {
      await unturn(miner, 'call-breaks');
    }
  });

  it('loses tasks where that is said, and is nothing to do the second time', async () => {
    await turn(miner, 'jobs', await job(20030, 'C2', 1017));
    const { exitCode, stderr, stdout } = await fcops('stop', 'c2-10', '--yes', '--lose-tasks');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain('C2 of sector 1017');
    expect(await workers()).toEqual(['-', '-', '-', '-']);
    await settled();
    const again = await fcops('stop', 'c2-10', '--yes');
    expect([again.exitCode, again.stdout]).toEqual([0, expect.stringContaining('1 unchanged')]);
  });

  it('asks on a terminal what it costs, and does nothing where that is declined', async () => {
    await turn(miner, 'jobs', await job(20030, 'C2', 1017));
    const before = await workers();
    const { exitCode, stdout } = await fcopsOnTerminal(
      ['stop', 'c2-10', '--lose-tasks', '--inventory', cluster.inventory],
      { after: '[y/N]', keys: 'n\n' },
      { env: cluster.env },
    );
    expect(stdout).toContain('Stop these processes of 1 host of f0494733, and lose the work of 1 task?');
    expect(stdout).toContain('Nothing was changed.');
    expect([exitCode, await workers()]).toEqual([1, before]);
  });

  it('waits for tasks with --drain: paused at the miner, their end, then stopped', async () => {
    const uuid = await uuidOf(20030);
    await turn(miner, 'jobs', await job(20030, 'C2', 1017));
    const running = startDraining();
    await expect.poll(() => miner.sh(`ls /var/lib/simulated-lotus/paused`), { timeout: 20_000 }).toBe(uuid);
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    expect(await workers()).not.toContain('-');
    await turn(miner, 'jobs', '');
    const { exitCode, stdout } = await running;
    expect(exitCode).toBe(0);
    expect(stdout).toContain('waiting: C2-3 is at C2 of sector 1017');
    const now = await workers();
    expect([now[2], now.filter((pid) => pid === '-')]).toEqual(['-', ['-']]);
  });

  it('says at Ctrl-C what stays paused, and what resumes it', async () => {
    const uuid = await uuidOf(20030);
    await turn(miner, 'jobs', await job(20030, 'C2', 1017));
    const running = startDraining();
    await expect.poll(() => miner.sh(`ls /var/lib/simulated-lotus/paused`), { timeout: 20_000 }).toBe(uuid);
    running.kill('SIGINT');
    const { exitCode, stdout } = await running;
    expect(exitCode).toBe(130);
    expect(stdout).toContain('C2-3 stays paused at the miner');
    expect(stdout).toContain(`lotus-miner worker-resume --uuid ${uuid}`);
    expect(await workers()).not.toContain('-');
    await miner.sh(`rm -f /var/lib/simulated-lotus/paused/*`);
  });

  it('gives up after --drain-timeout, and lets workers have tasks again', async () => {
    await turn(miner, 'jobs', await job(20030, 'C2', 1017));
    const { exitCode, stdout } = await fcops(
      ...['stop', 'c2-10', '--process', 'C2-3', '--drain', '--drain-timeout', '3s', '--yes'],
    );
    expect(exitCode).toBe(1);
    expect(stdout).toContain('tasks had not ended within 3.0 s (--drain-timeout)');
    expect(await miner.sh('ls /var/lib/simulated-lotus/paused')).toBe('');
    expect(await workers()).not.toContain('-');
  });

  it('says what stays paused where a worker does not end', async () => {
    const uuid = await uuidOf(20030);
    const pid = (await workers())[2] ?? '';
    // It takes no signal but SIGKILL.
    await c2.sh(`kill -STOP ${pid}`);
    const { exitCode, stdout } = await fcops('stop', 'c2-10', '--process', 'C2-3', '--drain', '--yes');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('C2-3 was asked to end and has not within 60 s');
    expect(stdout).toContain('C2-3 stays paused at the miner');
    expect(stdout).toContain(`lotus-miner worker-resume --uuid ${uuid}`);
    await c2.sh(`kill -CONT ${pid}`);
    await miner.sh(`rm -f /var/lib/simulated-lotus/paused/*`);
  });

  it('is taken up where its controller was killed while it waited, and paused once', async () => {
    const uuid = await uuidOf(20030);
    await turn(miner, 'jobs', await job(20030, 'C2', 1017));
    const running = startDraining();
    await expect.poll(() => miner.sh(`ls /var/lib/simulated-lotus/paused`), { timeout: 20_000 }).toBe(uuid);
    running.kill('SIGKILL');
    await running.catch(() => {});
    // Nobody remembers: what is paused is seen at the miner.
    await turn(miner, 'workers-format', 'fork-later');
    const seen = await fcops('status', '--limit', 'c2-10');
    expect(seen.stdout).toMatch(/C2-3: paused at the miner/);
    await unturn(miner, 'workers-format');
    await settled();
    const resumed = run(['resume', 'last'], { env: cluster.env });
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    expect(await workers()).not.toContain('-');
    await turn(miner, 'jobs', '');
    const { exitCode, stderr, stdout } = await resumed;
    expect([exitCode, stderr], stdout).toEqual([0, expect.stringMatching(/^taking up .*\n$/)]);
    expect((await workers()).map((one) => one === '-')).toEqual([false, false, true, false]);
  });

  it('waits for FinalizeSector alone with --drain finalize: other tasks are lost', async () => {
    await turn(miner, 'jobs', (await job(20030, 'C2', 1017)) + (await job(20020, 'FIN', 1018)));
    const running = startFcops(
      [
        'stop',
        'c2-10',
        '--process',
        'C2-2,C2-3',
        '--drain',
        'finalize',
        '--yes',
        '--inventory',
        cluster.inventory,
      ],
      { env: cluster.env },
    );
    await new Promise((resolve) => setTimeout(resolve, 9_000));
    expect(await workers()).not.toContain('-');
    await turn(miner, 'jobs', await job(20030, 'C2', 1017));
    const { exitCode, stdout } = await running;
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('FIN of sector 1018')]);
    expect((await workers()).map((pid) => pid === '-')).toEqual([false, true, true, false]);
  });
});

describe('fcops restart', { timeout: 120_000 }, () => {
  beforeEach(async () => {
    await settled();
    await turn(miner, 'jobs', '');
    await fcops('start', 'c2', '--yes');
    await settled();
    for (const port of [20010, 20020, 20030, 20040]) await uuidOf(port);
  });

  it('of a single process starts that one anew, and no other', async () => {
    const before = await workers();
    const { exitCode, stderr } = await fcops('restart', 'c2-10', '--process', 'C2-3', '--yes');
    expect([exitCode, stderr]).toEqual([0, '']);
    const now = await workers();
    expect(now[2]).toMatch(/^\d+$/);
    expect(now[2]).not.toBe(before[2]);
    expect(now.toSpliced(2, 1)).toEqual(before.toSpliced(2, 1));
  });

  it('with --drain has workers at the miner again, which get tasks', async () => {
    const { exitCode, stderr } = await fcops('restart', 'c2-10', '--process', 'C2-3', '--drain', '--yes');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(await workers()).not.toContain('-');
    expect(
      await miner.sh(`[ -e "/var/lib/simulated-lotus/paused/${await uuidOf(20030)}" ] || echo resumed`),
    ).toBe('resumed');
  });

  it('stops nothing that could not be started again', async () => {
    const before = await workers();
    await c2.sh('mv /opt/worker-3c2/start_3c2.sh /opt/kept.sh');
    const { exitCode, stdout } = await fcops('restart', 'c2-10', '--process', 'C2-3', '--yes');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('nothing was stopped, as it could not be started again');
    expect(await workers()).toEqual(before);
    await c2.sh('mv /opt/kept.sh /opt/worker-3c2/start_3c2.sh');
  });

  it('of the miner ends lotus-miner before lotus, and starts lotus first', async () => {
    const before = [await daemon('lotus daemon'), await daemon('lotus-miner run')];
    const alone = await fcops('restart', 'miner', '--process', 'lotus', '--yes');
    expect([alone.exitCode, alone.stdout]).toEqual([
      1,
      expect.stringContaining('stop both: --process lotus-miner,lotus'),
    ]);
    const { exitCode, stderr, stdout } = await fcops('restart', 'miner', '--yes', '--verbose');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/stop: lotus-miner.*stop: lotus\n.*processes: lotus\n.*processes: lotus-miner/s);
    const now = [await daemon('lotus daemon'), await daemon('lotus-miner run')];
    expect(now[0]).not.toBe(before[0]);
    expect(Number(now[1])).toBeGreaterThan(Number(now[0]));
    const own = await fcops('restart', 'miner', '--process', 'lotus-miner', '--yes');
    expect([own.exitCode, own.stdout]).toEqual([0, expect.stringContaining('1 host: 1 changed')]);
    expect(await daemon('lotus daemon')).toBe(now[0]);
    expect(Number(await daemon('lotus-miner run'))).toBeGreaterThan(Number(now[1]));
  });
});

describe('fcops stop miner', { timeout: 120_000 }, () => {
  it('that does not end in its time is told, and is killed only where that was asked for', async () => {
    await turn(miner, 'stop-hangs');
    const { exitCode, stderr } = await fcops('stop', 'miner', '--kill-after', '2s', '--yes');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect([await daemon('lotus daemon'), await daemon('lotus-miner run')]).toEqual(['', '']);
    await unturn(miner, 'stop-hangs');
  });

  it('keeps workers from a start of their own, and not from one that brings the miner', async () => {
    await fcops('stop', 'c2', '--lose-tasks', '--kill-after', '2s', '--yes');
    const alone = await fcops('plan', 'c2', '--start');
    expect([alone.exitCode, alone.stdout]).toEqual([1, expect.stringContaining('nothing listens at')]);
    const { exitCode, stdout } = await fcops('plan', 'all', '--start');
    expect([exitCode, stdout]).toEqual([0, expect.not.stringContaining('nothing listens at')]);
    expect(stdout).toContain('C2-');
  });
});
