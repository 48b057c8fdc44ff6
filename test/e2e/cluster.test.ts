import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execDocumentSchema } from '../../src/cli/views/exec-document.ts';
import { jobsDocumentSchema } from '../../src/cli/views/jobs-document.ts';
import { planDocumentSchema } from '../../src/cli/views/plan-document.ts';
import { pledgeDocumentSchema } from '../../src/cli/views/pledge-document.ts';
import { preflightDocumentSchema } from '../../src/cli/views/preflight-document.ts';
import { statusDocumentSchema } from '../../src/cli/views/status-document.ts';
import { verifyDocumentSchema } from '../../src/cli/views/verify-document.ts';
import { workersDocumentSchema } from '../../src/cli/views/workers-document.ts';
import { turn } from '../support/lotus/knobs.ts';
import { leftovers, stateOf } from './support/host-state.ts';
import { type LotusCluster, REGISTERED, startLotusCluster } from './support/lotus-cluster.ts';

let cluster: LotusCluster;
const fcops = (...args: string[]) => cluster.fcops(...args);
/** What fcops prints where it ends well. */
const well = async (...args: string[]): Promise<string> => {
  const { exitCode, stdout, stderr } = await fcops(...args);
  expect([exitCode, stderr], stdout).toEqual([0, '']);
  return stdout;
};
const everywhere = <T>(work: (host: LotusCluster['hosts']['hosts'][number]) => Promise<T>) =>
  Promise.all(cluster.hosts.hosts.map(work));

beforeAll(async () => {
  cluster = await startLotusCluster();
});
afterAll(() => cluster?.stop());

describe('fcops deploy all --start', () => {
  it('brings six machines up, from nothing, with one command', async () => {
    expect(await well('deploy', 'all', '--start', '--yes')).toMatch(/^6 hosts: 6 changed, in /m);
    expect(await cluster.registered()).toEqual(REGISTERED);
    expect(await everywhere(leftovers)).toEqual(Array.from({ length: 6 }, () => ''));
  });

  it('changes nothing the second time', async () => {
    const before = await everywhere(stateOf);
    expect(await well('deploy', 'all', '--start')).toMatch(/^6 hosts: 6 unchanged, in /m);
    expect(await everywhere(stateOf)).toEqual(before);
    const plan = await fcops('plan', 'all', '--start', '--output', 'json');
    const { counts, hosts: planned } = planDocumentSchema.parse(JSON.parse(plan.stdout));
    expect(counts).toMatchObject({ changing: 0, same: 6 });
    // The kernel of this machine has not the cores of the made-up one.
    const owed = planned.flatMap(({ items }) => items.filter(({ state }) => state === 'restart'));
    for (const item of owed)
      expect(item.state === 'restart' && item.reasons).toEqual([expect.stringMatching(/^it runs on CPUs /)]);
  });
});

/** Processes of a host by name, with their numbers; null where one does not run. */
const processesOf = async (name: string): Promise<Readonly<Record<string, number | null>>> => {
  const stdout = await well('status', '--limit', name, '--output', 'json');
  const { hosts } = statusDocumentSchema.parse(JSON.parse(stdout));
  const [host] = hosts;
  if (host?.state !== 'seen') throw new Error(stdout);
  return Object.fromEntries(
    host.processes.map((process) => [process.name, process.instances[0]?.pid ?? null]),
  );
};

describe('fcops status', () => {
  it('finds all of them running', async () => {
    const stdout = await well('status');
    expect(stdout).toMatch(/^f0494733: 6 hosts, 43 of 43 processes run/m);
  });
});

/** A row of lotus-miner sealing jobs, of the worker at a port of p1-90. */
const job = async (port: number, age = '4h12m33.8s'): Promise<string> => {
  const uuid = await cluster
    .host('miner-9')
    .sh(`cut -f 1 "$(grep -l '10.198.77.90:${port}/' /var/lib/simulated-lotus/workers/* | tail -n 1)"`);
  return `13aa09cd 1017 ${uuid.slice(0, 8)} f0494733-p1-10-198-77-90 PC1 running ${age}\n`;
};

describe('fcops stop and start', () => {
  it('a worker with a task is refused, and drains', async () => {
    const before = await processesOf('p1-90');
    await turn(cluster.host('miner-9'), 'jobs', await job(10003));
    const refused = await fcops('stop', 'p1-90', '--process', 'P1-3', '--yes');
    expect(refused.exitCode).toBe(1);
    expect(refused.stdout).toContain('P1-3 is at PC1 of sector 1017 for 4 h 12 min');
    expect(await processesOf('p1-90')).toEqual(before);
    const draining = cluster.start('stop', 'p1-90', '--process', 'P1-3', '--drain', '--yes');
    await expect
      .poll(() => cluster.host('miner-9').sh('ls /var/lib/simulated-lotus/paused'), { timeout: 60_000 })
      .not.toBe('');
    expect(await processesOf('p1-90')).toEqual(before);
    await turn(cluster.host('miner-9'), 'jobs', '');
    const { exitCode, stdout } = await draining;
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('waiting: P1-3 is at PC1')]);
    expect(await processesOf('p1-90')).toEqual({ ...before, 'P1-3': null });
  });

  it('what died is started, and what runs is left alone', async () => {
    const before = await processesOf('p1-90');
    await well('start', 'p1', '--yes');
    const now = await processesOf('p1-90');
    expect(now).toEqual({ ...before, 'P1-3': expect.any(Number) });
    expect(await well('start', 'p1', '--yes')).toMatch(/^2 hosts: 2 unchanged, in /m);
    expect(await cluster.registered()).toEqual(REGISTERED);
  });

  it('a whole machine is stopped, and started again', async () => {
    await well('stop', 'p1-93', '--yes');
    expect(Object.values(await processesOf('p1-93')).filter((pid) => pid !== null)).toEqual([]);
    await well('start', 'p1-93', '--yes');
    expect(Object.values(await processesOf('p1-93')).filter((pid) => pid === null)).toEqual([]);
    expect(await cluster.registered()).toEqual(REGISTERED);
  });
});

describe('fcops verify', () => {
  /** What is not right, by host; the machines have no GPUs, and the disks of the one below. */
  const wrong = async (...more: string[]): Promise<readonly string[]> => {
    const { stdout } = await fcops('verify', ...more, '--output', 'json');
    const { hosts } = verifyDocumentSchema.parse(JSON.parse(stdout));
    return hosts.flatMap(({ host, checks }) =>
      checks.flatMap(({ kind, name, result }) =>
        result === 'ok' || kind === 'gpu' ? [] : [`${host}: ${name} ${result}`],
      ),
    );
  };

  it('names a worker that was killed, and since when; a start heals it', async () => {
    const before = await wrong();
    const pid = (await processesOf('p1-90'))['P1-3'];
    await cluster.host('p1-90').sh(`kill -KILL ${pid}`);
    expect((await wrong()).filter((one) => !before.includes(one))).toEqual(['p1-90: P1-3 runs off']);
    const { exitCode, stdout } = await fcops('verify', '--limit', 'p1-90');
    expect([exitCode, stdout]).toEqual([
      1,
      expect.stringMatching(/P1-3: does not run \(log last written .* ago\)/),
    ]);
    await well('start', 'p1-90', '--process', 'P1-3', '--yes');
    await expect.poll(() => wrong(), { timeout: 60_000, interval: 2_000 }).toEqual(before);
  });
});

describe('what the miner has given out', () => {
  it('is shown by fcops jobs, the late first', async () => {
    await turn(cluster.host('miner-9'), 'jobs', await job(10003, '9h12m33.8s'));
    expect(await well('jobs')).toMatch(/PC1 of sector 1017 at p1-90 P1-3: 9 h 12 min, expected/);
    const { counts, jobs } = jobsDocumentSchema.parse(JSON.parse(await well('jobs', '--output', 'json')));
    expect(counts).toMatchObject({ running: 1, late: 1 });
    expect(jobs).toMatchObject([{ host: 'p1-90', process: 'P1-3', sector: 1017 }]);
    await turn(cluster.host('miner-9'), 'jobs', '');
  });

  it('and registered, by fcops workers', async () => {
    const { hosts, troubles } = workersDocumentSchema.parse(
      JSON.parse(await well('workers', '--output', 'json')),
    );
    expect(hosts.map(({ host, registered }) => [host, registered])).toEqual([
      ['miner-9', 1],
      ['p1-90', 16],
      ['p1-93', 16],
      ['c2-91', 4],
      ['c2-94', 4],
      ['apx-92', 1],
    ]);
    expect(troubles).toEqual([]);
    expect(await well('workers')).toMatch(/^p1-90, p1-93 +16 of 16$/m);
  });

  it('and where sectors would go, by fcops pledge --dry-run', async () => {
    expect(await well('pledge', '6', '--dry-run')).toContain('apx-92');
    const { places } = pledgeDocumentSchema.parse(
      JSON.parse(await well('pledge', '6', '--dry-run', '--output', 'json')),
    );
    expect(places.map(({ host }) => host).toSorted()).toEqual(['apx-92', 'p1-90', 'p1-93']);
  });
});

describe('fcops exec and fcops logs', () => {
  it('run a command with the variables of each role, and show the same result once', async () => {
    const command = ['--', 'echo "$FIL_PROOFS_PARAMETER_CACHE"'];
    const { counts, hosts } = execDocumentSchema.parse(
      JSON.parse(await well('exec', 'all', '--yes', '--output', 'json', ...command)),
    );
    expect(counts).toMatchObject({ hosts: 6, well: 6 });
    expect(hosts.map(({ profileLoaded }) => profileLoaded)).toEqual(Array(6).fill(true));
    const { exitCode, stdout } = await fcops('exec', 'p1', '--yes', '--', 'exit 3');
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('exit 3 (2 hosts)')]);
  });

  it('show the end of what processes have logged, with host and process in front', async () => {
    const stdout = await well('logs', 'p1', '--process', 'P1-3', '-n', '2');
    expect(stdout.split('\n').filter(Boolean)).toEqual([
      ...Array(2).fill(expect.stringMatching(/^p1-9[03] P1-3 \| /)),
      ...Array(2).fill(expect.stringMatching(/^p1-9[03] P1-3 \| /)),
    ]);
    const lines = (await well('logs', 'c2-91', '--process', 'C2-1', '-n', '1', '--output', 'json'))
      .split('\n')
      .filter(Boolean);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ host: 'c2-91', process: 'C2-1' });
  });
});

describe('fcops preflight', () => {
  it('finds all hosts ready', async () => {
    const { counts } = preflightDocumentSchema.parse(JSON.parse(await well('preflight', '--output', 'json')));
    expect(counts).toMatchObject({ hosts: 6, ready: 6, off: 0 });
    expect(await well('preflight')).toContain('all 6 hosts are ready');
  });
});
