/** @module-tag needs-namespaces */
import { copyFileSync, cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { WrittenCluster } from '../../support/cluster.ts';
import { fcops as run, startFcops } from '../../support/fcops.ts';
import { c2Starts, endC2, startC2Machines } from '../../support/lotus/c2-workers.ts';
import type { MinerAndWorkers } from '../../support/lotus/miner-and-workers.ts';
import type { SimulatedHost } from '../../support/simulated-hosts.ts';

/** A saved plan with --start is applied to two hosts: processes are started at the pace of their cluster, and none twice. */

/** A machine of two cores and two GPUs: whatever runs these tests has as many, so that each worker runs where it is to. */
const SMALL = `description: Two cores, two GPUs; C2
cpu:
  vendor: intel
  model: Silver 4216
  sockets: 1
  coresPerSocket: 2
  threadsPerCore: 1
  numaNodesPerSocket: 1
  l3GroupsPerSocket: 1
memoryGiB: 2048
gpus:
  - numaNode: 0
  - numaNode: 0
c2:
  feedingCores: 1
`;

let lotus: MinerAndWorkers;
let workers: readonly SimulatedHost[];
let cluster: WrittenCluster;
let number = 0;

const ownProfiles = () => join(lotus.hosts.directory, 'profiles');
const words = (args: readonly string[]) => [
  ...args,
  ...['--inventory', cluster.inventory, '--profiles', ownProfiles()],
];
const fcops = (...args: readonly string[]) => run(words(args), { env: cluster.env });

beforeAll(async () => {
  lotus = await startC2Machines({ names: ['c2-10', 'c2-11'], startRate: 12, profile: 'small' });
  ({ workers, cluster } = lotus);
  // In place of the one that only checks its words: this machine has the CPUs that these hosts are to have.
  for (const { root } of workers) copyFileSync('/usr/bin/taskset', join(root, 'usr/bin/taskset'));
  cpSync(join(import.meta.dirname, '../../../profiles'), ownProfiles(), { recursive: true });
  writeFileSync(join(ownProfiles(), 'small.yaml'), SMALL);
}, 120_000);
afterEach(() => endC2(workers));
afterAll(() => lotus?.stop());

const started = () => Promise.all(workers.map(c2Starts));

/** Saves the plan of both hosts, and gives its file. */
const planned = async (): Promise<string> => {
  number += 1;
  const file = join(lotus.hosts.directory, `${number}.plan`);
  const made = await fcops('plan', 'c2', '--start', '--no-preflight', '--out', file);
  expect([made.exitCode, made.stderr], made.stdout).toEqual([0, expect.stringContaining(`saved: ${file}`)]);
  expect((await started()).flat()).toEqual([]);
  return file;
};

const resultsIn = (stdout: string): readonly string[] =>
  JSON.parse(stdout.trim().split('\n').at(-1) ?? '').results.map(
    ({ host, state }: { host: string; state: string }) => `${host} ${state}`,
  );

describe('fcops apply of a plan with --start', { timeout: 240_000 }, () => {
  it('deploys two bare hosts and starts theirs at the pace of the cluster, which is said before', async () => {
    const file = await planned();
    const { exitCode, stdout } = await fcops('apply', file, '--yes');
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toContain('Starts: 4 processes on 2 hosts, at most 12 a minute: about 15 s');
    const byHost = await started();
    expect(byHost.map(({ length }) => length)).toEqual([2, 2]);
    const times = byHost.flat().toSorted((a, b) => a - b);
    for (const [index, time] of times.slice(1).entries())
      expect(time - (times[index] ?? 0)).toBeGreaterThan(3);
    // Neither host waits for the other to be done.
    for (const [first = 0] of byHost) expect(times.indexOf(first)).toBeLessThan(2);

    const again = await fcops('apply', file, '--yes');
    expect([again.exitCode, again.stdout]).toEqual([0, expect.stringContaining('Nothing to do')]);
    expect(await started()).toEqual(byHost);
  });

  it('starts what is left where one runs already', async () => {
    const file = await planned();
    const one = await fcops('start', 'c2-10', '--process', 'C2-1', '--no-preflight', '--yes');
    expect(one.exitCode, one.stdout + one.stderr).toBe(0);
    const before = (await started()).flat();
    const { exitCode, stdout } = await fcops('apply', file, '--yes');
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toContain('Starts: 3 processes on 2 hosts, at most 12 a minute: about 10 s');
    const after = await started();
    expect(after.map(({ length }) => length)).toEqual([2, 2]);
    expect(after.flat()).toEqual(expect.arrayContaining(before));
  });

  it('that was interrupted between two turns is applied again for the rest', async () => {
    const file = await planned();
    const running = startFcops(words(['apply', file, '--yes']), { env: cluster.env });
    await expect.poll(async () => (await started()).flat().length, { timeout: 60_000 }).toBe(1);
    running.kill('SIGINT');
    const { exitCode, stdout } = await running;
    expect(exitCode).toBe(130);
    expect(stdout).toContain('stopped while it waited for its turn, as asked');
    expect((await started()).flat()).toHaveLength(1);
    const before = (await started()).flat();
    const rest = await fcops('apply', file, '--yes', '--output', 'json');
    expect([rest.exitCode, resultsIn(rest.stdout)]).toEqual([0, ['c2-10 changed', 'c2-11 changed']]);
    const after = await started();
    expect(after.map(({ length }) => length)).toEqual([2, 2]);
    expect(after.flat()).toEqual(expect.arrayContaining(before));
  });

  it('starts nothing anywhere where one host was changed while the plan waited', async () => {
    const file = await planned();
    const [, second] = workers;
    await second?.sh("echo '# mine' >>/opt/profile");
    const { exitCode, stdout } = await fcops('apply', file, '--yes', '--output', 'json');
    await second?.sh("sed -i '/^# mine$/d' /opt/profile");
    expect([exitCode, resultsIn(stdout)]).toEqual([1, ['c2-10 stopped', 'c2-11 blocked']]);
    expect((await started()).flat()).toEqual([]);
  });
});
