/** @module-tag needs-namespaces */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { WrittenCluster } from '../../support/cluster.ts';
import { startFcops } from '../../support/fcops.ts';
import { c2Starts, endC2, startC2Machines } from '../../support/lotus/c2-workers.ts';
import type { MinerAndWorkers } from '../../support/lotus/miner-and-workers.ts';
import type { SimulatedHost } from '../../support/simulated-hosts.ts';

/** Starts of several hosts at the rate of their cluster. */

let lotus: MinerAndWorkers;
let workers: readonly SimulatedHost[];
let cluster: WrittenCluster;
const fcops = (...args: string[]) => lotus.fcops(...args);

beforeAll(async () => {
  lotus = await startC2Machines({ names: ['c2-10', 'c2-11', 'c2-12'], startRate: 30 });
  ({ workers, cluster } = lotus);
  await lotus.well('deploy', 'c2', '--yes');
}, 120_000);
afterEach(() => endC2(workers));
afterAll(() => lotus?.stop());

const started = async () => Promise.all(workers.map(c2Starts));
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
    expect(await Promise.all([second, third].map((host) => host && c2Starts(host)))).toMatchObject([
      { length: 4 },
      { length: 4 },
    ]);
  });
});
