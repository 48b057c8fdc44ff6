/** @module-tag needs-namespaces */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ArtifactServer, startArtifactServer } from '../../support/artifact-server.ts';
import { MINER, type WrittenCluster, writeCluster } from '../../support/cluster.ts';
import { fcops as run } from '../../support/fcops.ts';
import { turn, unturn } from '../../support/lotus/knobs.ts';
import { publishLotus } from '../../support/lotus/programs.ts';
import { makeMiner } from '../../support/lotus/running-miner.ts';
import { minerMachine } from '../../support/machines.ts';
import {
  type SimulatedHost,
  type SimulatedHosts,
  startSimulatedHosts,
} from '../../support/simulated-hosts.ts';

/** lotus and lotus-miner on a host, from the first start to what they owe: one test after the other. */

const VERSION = '1.11.1-3079a405a';
const NEXT_VERSION = '1.11.2-aaaaaaaaa';
let hosts: SimulatedHosts;
let host: SimulatedHost;
let artifacts: ArtifactServer;
const sha256: Record<string, string> = {};
let cluster: WrittenCluster;

const fcops = (...args: string[]) => run([...args, '--inventory', cluster.inventory], { env: cluster.env });
const start = () => fcops('deploy', 'miner', '--start', '--yes');
const profile = 'source /opt/raid0/profile';

const inventoryWith = ({
  version = VERSION,
  syncDeadline = 120,
  more = {},
}: {
  version?: string;
  syncDeadline?: number;
  more?: object;
}) =>
  writeCluster({
    ...hosts,
    artifacts: { ...artifacts, sha256 },
    // What the programs stand on besides is none of theirs here, and has tests of its own.
    hosts: [{ host, roles: ['miner'], profile: 'amd-7532', more: { checks: 'off' } }],
    more: {
      api: { address: `/ip4/${host.address}/tcp/2345/http`, token: { env: 'F0494733_TOKEN' } },
      versions: { lotus: version, miner: version },
      variables: { syncDeadline },
      ...more,
    },
  });

/** Numbers of the processes by their words: `lotus daemon`. */
const pidOf = (what: string) =>
  host.sh(
    `for f in /proc/[0-9]*/cmdline; do [[ "$(tr '\\0' ' ' <"$f" 2>/dev/null)" != "/bin/bash /usr/local/bin/${what} " ]] || { f=\${f%/cmdline}; p=$(cut -d ' ' -f 4 /proc/\${f##*/}/stat); [[ "$(tr '\\0' ' ' <"/proc/$p/cmdline" 2>/dev/null)" == "/bin/bash /usr/local/bin/${what} " ]] || echo "\${f##*/}"; }; done`,
  );
const kill = async (what: string): Promise<void> => {
  await host.sh(`kill -KILL ${await pidOf(what)}`);
  await expect.poll(() => pidOf(what)).toBe('');
};

beforeAll(async () => {
  hosts = await startSimulatedHosts({ hosts: [minerMachine('miner-1')] });
  const [first] = hosts.hosts;
  if (!first) throw new Error('a host was asked for');
  host = first;
  artifacts = await startArtifactServer({ versions: [] });
  for (const version of [VERSION, NEXT_VERSION])
    Object.assign(sha256, await publishLotus(artifacts, version, ['lotus', 'lotus-miner']));
  cluster = await inventoryWith({ syncDeadline: 8 });
});

afterAll(async () => {
  await host?.sh(`${profile}; lotus-miner stop; lotus daemon stop; true`).catch(() => {});
  await artifacts?.stop();
  await hosts?.stop();
});

// Each test starts programs, and waits for what they say.
describe('lotus and lotus-miner', { timeout: 120_000 }, () => {
  it('are not started without their repositories: what makes them is told', async () => {
    const plan = await fcops('plan', 'miner');
    expect(plan.stdout).toContain('/opt/raid0/lotus is no repository of lotus yet; lotus waits for it');
    const { exitCode, stdout, stderr } = await start();
    expect(exitCode).toBe(1);
    const said = stdout + stderr;
    expect(said).toContain('lotus not started: /opt/raid0/lotus is no repository of lotus yet');
    expect(said).toContain(
      'lotus-miner not started: /opt/raid0/lotusminer is no repository of lotus-miner yet',
    );
    expect(said).toContain('bootstrap miner --miner f0494733');
    expect([await pidOf('lotus daemon'), await pidOf('lotus-miner run')]).toEqual(['', '']);
  });

  it('where lotus does not get in sync, lotus runs and lotus-miner is not started: that is told once', async () => {
    // What makes a miner once; in the end neither of them runs.
    await makeMiner(host, MINER);
    await turn(host, 'sync', 'behind');
    const { exitCode, stdout, stderr } = await start();
    const said = stdout + stderr;
    expect(exitCode).toBe(1);
    expect(said).toContain('lotus is not in sync after 8 s');
    expect(said).toContain('State: message sync; Current Epoch: 1031390; Todo: 147');
    expect(said).toContain('when lotus sync wait prints Done! on the host');
    expect(said.match(/^ {2}process: lotus is not in sync/gm)).toHaveLength(1);
    expect(await pidOf('lotus daemon')).toMatch(/^\d+$/);
    expect(await pidOf('lotus-miner run')).toBe('');
  });

  it('nor where lotus runs already, and says nothing at all of a sync', async () => {
    await turn(host, 'sync', 'silent');
    const { exitCode, stdout, stderr } = await start();
    expect(exitCode).toBe(1);
    expect(stdout + stderr).toContain('lotus has no peers, or no chain was imported');
    expect(await pidOf('lotus-miner run')).toBe('');
  });

  it('are started where that is over: lotus-miner alone, which answers as the miner of the inventory', async () => {
    await unturn(host, 'sync');
    cluster = await inventoryWith({});
    const before = await pidOf('lotus daemon');
    const { exitCode, stdout, stderr } = await start();
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain('1 changed');
    expect(await pidOf('lotus daemon')).toBe(before);
    expect(await pidOf('lotus-miner run')).toMatch(/^\d+$/);
    expect(await host.sh(`${profile}; lotus-miner info | grep -o 'Miner: f0[0-9]*'`)).toBe(`Miner: ${MINER}`);
  });

  it('are as they shall be then', async () => {
    const { exitCode, stdout } = await start();
    expect(exitCode).toBe(0);
    expect(stdout).toContain('nothing to change');
    expect((await fcops('plan', 'miner', '--detailed-exitcode')).exitCode).toBe(0);
  });

  it('are started one after the other, both in one run', async () => {
    await kill('lotus-miner run');
    await kill('lotus daemon');
    const { exitCode, stderr } = await start();
    expect([exitCode, stderr]).toEqual([0, '']);
    const [lotus, lotusMiner] = [await pidOf('lotus daemon'), await pidOf('lotus-miner run')].map(Number);
    expect(lotus).toBeGreaterThan(0);
    expect(lotusMiner).toBeGreaterThan(lotus ?? 0);
  });

  it('are told by name where one is dead beside the other', async () => {
    await kill('lotus-miner run');
    const { stdout } = await fcops('plan', 'miner');
    expect(stdout).toContain('lotus-miner does not run, though the other process of this host does');
    expect(stdout).toContain('/opt/raid0/lotusminer/logs');
  });

  it('that end at once are no success: the end of the log says why', async () => {
    await turn(host, 'miner-fails', 'opening path /ceph: reading storage metadata for /ceph');
    const { exitCode, stdout, stderr } = await start();
    expect(exitCode).toBe(1);
    expect(stdout + stderr).toContain('reading storage metadata for /ceph');
    await unturn(host, 'miner-fails');
  });

  it('nor is lotus, without which lotus-miner is not begun', async () => {
    await kill('lotus daemon');
    await turn(host, 'daemon-fails', 'opening datastore: lock is held');
    const dead = await start();
    expect(dead.exitCode).toBe(1);
    expect(dead.stdout + dead.stderr).toContain('opening datastore: lock is held');
    expect(await pidOf('lotus-miner run')).toBe('');
    await unturn(host, 'daemon-fails');
    expect((await start()).exitCode).toBe(0);
  });

  it('are not the miner of another inventory: that is told, and nothing is stopped', async () => {
    await kill('lotus-miner run');
    await host.sh('printf f0777 >/opt/raid0/lotusminer/datastore/actor');
    const { exitCode, stdout, stderr } = await start();
    expect(exitCode).toBe(1);
    expect(stdout + stderr).toContain(`lotus-miner answers as miner f0777, and is to be ${MINER}`);
    expect(await pidOf('lotus-miner run')).toMatch(/^\d+$/);
    await host.sh(`printf ${MINER} >/opt/raid0/lotusminer/datastore/actor`);
  });

  it('owe a restart for another configuration and another version, and are not given one', async () => {
    const before = [await pidOf('lotus daemon'), await pidOf('lotus-miner run')];
    await host.sh('sleep 2.2');
    const config = { miner: { Sealing: { MaxSealingSectors: 7 } } };
    cluster = await inventoryWith({ more: { config } });
    const planned = await fcops('plan', 'miner', '--full');
    expect(planned.stdout).toContain('/opt/raid0/lotusminer/config.toml changes in this run');
    expect((await start()).exitCode).toBe(0);
    const owed = await fcops('plan', 'miner', '--full', '--detailed-exitcode');
    expect(owed.exitCode).toBe(4);
    expect(owed.stdout).toContain('/opt/raid0/lotusminer/config.toml is newer than it');
    expect(owed.stdout).not.toContain('/opt/raid0/lotus/config.toml');
    cluster = await inventoryWith({ version: NEXT_VERSION, more: { config } });
    expect((await start()).exitCode).toBe(0);
    const { stdout } = await fcops('plan', 'miner', '--full');
    expect(stdout).toContain('it runs another program than /usr/local/bin/lotus is now');
    expect(stdout).toContain('it runs another program than /usr/local/bin/lotus-miner is now');
    expect([await pidOf('lotus daemon'), await pidOf('lotus-miner run')]).toEqual(before);
  });
});
