import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planDocumentSchema } from '../../src/cli/views/plan-document.ts';
import { statusDocumentSchema } from '../../src/cli/views/status-document.ts';
import { turn } from '../support/lotus/knobs.ts';
import { leftovers, stateOf } from './support/host-state.ts';
import { type LotusCluster, startLotusCluster } from './support/lotus-cluster.ts';

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

const ALL = {
  // lotus-miner itself.
  'f0494733-miner-10-198-77-9': 1,
  'f0494733-p1-10-198-77-90': 16,
  'f0494733-p1-10-198-77-93': 16,
  'f0494733-c2-10-198-77-91': 4,
  'f0494733-c2-10-198-77-94': 4,
  'f0494733-apx-10-198-77-92': 1,
};

describe('fcops deploy all --start', () => {
  it('brings six machines up, from nothing, with one command', async () => {
    expect(await well('deploy', 'all', '--start', '--yes')).toMatch(/^6 hosts: 6 changed, in /m);
    expect(await cluster.registered()).toEqual(ALL);
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

describe('fcops stop and start', () => {
  /** A row of lotus-miner sealing jobs, of the worker at a port of p1-90. */
  const job = async (port: number): Promise<string> => {
    const uuid = await cluster
      .host('miner-9')
      .sh(`cut -f 1 "$(grep -l '10.198.77.90:${port}/' /var/lib/simulated-lotus/workers/* | tail -n 1)"`);
    return `13aa09cd 1017 ${uuid.slice(0, 8)} f0494733-p1-10-198-77-90 PC1 running 4h12m33.8s\n`;
  };

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
    expect(await cluster.registered()).toEqual(ALL);
  });

  it('a whole machine is stopped, and started again', async () => {
    await well('stop', 'p1-93', '--yes');
    expect(Object.values(await processesOf('p1-93')).filter((pid) => pid !== null)).toEqual([]);
    await well('start', 'p1-93', '--yes');
    expect(Object.values(await processesOf('p1-93')).filter((pid) => pid === null)).toEqual([]);
    expect(await cluster.registered()).toEqual(ALL);
  });
});
