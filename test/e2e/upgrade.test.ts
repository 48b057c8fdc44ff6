import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { turn, unturn } from '../support/lotus/knobs.ts';
import { lotusProgram } from '../support/lotus/programs.ts';
import { type LotusCluster, REGISTERED, startLotusCluster } from './support/lotus-cluster.ts';

/** Six booted machines whose programs get another version, one that runs everywhere and one that does not. */

const OLD = '1.11.1-3079a405a';
const NEW = '1.11.1-bbbbbbbbb';
const BROKEN = '1.11.1-ccccccccc';
/** C2 machines have processors of another vendor. */
const FOR_C2 = '1.11.1-bbbbbbbbb-intel';
const NOT_C2 = ['--limit', '!c2-*'];
const PROGRAMS = {
  'miner-9': '/usr/local/bin/lotus-miner',
  'p1-90': '/opt/lotusworker/lotus-worker',
  'p1-93': '/opt/lotusworker/lotus-worker',
  'apx-92': '/opt/lotusworker/lotus-worker',
  'c2-91': '/opt/lotus-worker',
  'c2-94': '/opt/lotus-worker',
} as const;

let cluster: LotusCluster;
const fcops = (...args: string[]) => cluster.fcops(...args);
const upgrade = (role: string, version: string, ...more: string[]) =>
  fcops('upgrade', '--role', role, '--ver', version, '--yes', ...more);
/** The version that a machine's link leads to, by machine. */
const linked = async (): Promise<Readonly<Record<string, string | undefined>>> =>
  Object.fromEntries(
    await Promise.all(
      Object.entries(PROGRAMS).map(async ([name, path]) => [
        name,
        (await cluster.host(name).sh(`readlink ${path}`)).split('/').at(-2),
      ]),
    ),
  );
/** Every process of every machine runs, by the program that is linked there, and is registered. */
const allRun = async (): Promise<void> => {
  const { stdout } = await fcops('status');
  expect(stdout).toMatch(/^f0494733: 6 hosts, 43 of 43 processes run/m);
  expect(stdout).not.toContain('another program');
  expect(await cluster.registered()).toEqual(REGISTERED);
};
const nothingToChange = async (): Promise<void> => {
  const plan = await fcops('plan', 'all', '--start', '--detailed-exitcode');
  // The kernel of this machine has not the cores of the made-up one: a restart is owed for that alone.
  expect([0, 4], plan.stdout).toContain(plan.exitCode);
};

beforeAll(async () => {
  cluster = await startLotusCluster();
  const { exitCode, stdout, stderr } = await fcops('deploy', 'all', '--start', '--yes');
  if (exitCode !== 0) throw new Error(stdout + stderr);
  const sums: string[] = [];
  for (const program of ['lotus', 'lotus-miner', 'lotus-worker'] as const) {
    sums.push(`${await cluster.publish(program, NEW)}  ${program}-${NEW}.tar.gz`);
    // It ends at once on a machine that has this file.
    const text = (await lotusProgram(program, BROKEN)).replace(
      '\n',
      `\n[[ ! -e /root/breaks ]] || { echo illegal instruction >&2; exit 132; }\n`,
    );
    sums.push(`${await cluster.publish(program, BROKEN, text)}  ${program}-${BROKEN}.tar.gz`);
  }
  sums.push(`${await cluster.publish('lotus-worker', FOR_C2)}  lotus-worker-${FOR_C2}.tar.gz`);
  cluster.list(sums);
});
afterAll(() => cluster?.stop());

describe('fcops upgrade', () => {
  it('of lotus is refused while a window opens in two minutes, and stops nothing', async () => {
    const miner = cluster.host('miner-9');
    const before = await miner.sh('pgrep -f "lotus-miner run" | head -n 1');
    // The current deadline is proven; the next one has sectors, and opens in four epochs.
    await turn(miner, 'partitions', '25 2349 0 0\n26 2349 0 0\n');
    await turn(miner, 'proven', '1');
    await turn(miner, 'period-start', String(1_031_537 - 25 * 60 - 56));
    const { exitCode, stdout } = await upgrade('lotus', NEW);
    expect([exitCode, stdout]).toEqual([
      1,
      expect.stringContaining('nothing was stopped: proofs of the miner would be lost'),
    ]);
    expect(await miner.sh('pgrep -f "lotus-miner run" | head -n 1')).toBe(before);
    expect((await linked())['miner-9']).toBe(OLD);
    for (const knob of ['partitions', 'proven', 'period-start'] as const) await unturn(miner, knob);
  });

  it('brings a version to the miner, then to one worker machine after the other', async () => {
    const { exitCode, stdout, stderr } = await upgrade('all', NEW, ...NOT_C2, '--ignore-proving-window');
    expect([exitCode, stdout], stderr).toEqual([0, expect.stringMatching(/^4 hosts: 4 changed, in /m)]);
    expect(await linked()).toMatchObject({ 'miner-9': NEW, 'p1-90': NEW, 'p1-93': NEW, 'apx-92': NEW });
    await allRun();
    await nothingToChange();
  });

  it('that breaks in its second batch ends with every machine on the one version or the other', async () => {
    await cluster.host('p1-93').sh('touch /root/breaks');
    const { exitCode, stdout } = await upgrade('all', BROKEN, ...NOT_C2, '--ignore-proving-window');
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining(`it went back to lotus-worker ${NEW}`)]);
    const now = await linked();
    expect(now).toMatchObject({ 'miner-9': BROKEN, 'p1-90': BROKEN, 'p1-93': NEW, 'apx-92': NEW });
    await allRun();
    await nothingToChange();
    expect(await readFile(cluster.file, 'utf8')).toContain(BROKEN);
  });

  it('brings the C2 machines theirs', async () => {
    const { exitCode, stdout, stderr } = await upgrade('c2', FOR_C2);
    expect([exitCode, stdout], stderr).toEqual([0, expect.stringMatching(/^2 hosts: 2 changed, in /m)]);
    expect(await linked()).toMatchObject({ 'c2-91': FOR_C2, 'c2-94': FOR_C2 });
    await allRun();
    await nothingToChange();
  });
});
