/** @module-tag needs-namespaces */
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planDocumentSchema } from '../../../src/cli/views/plan-document.ts';
import { type ArtifactServer, startArtifactServer } from '../../support/artifact-server.ts';
import { TOKEN as OTHERS, type WrittenCluster, writeCluster } from '../../support/cluster.ts';
import { fcops as run } from '../../support/fcops.ts';
import { publishLotus } from '../../support/lotus/programs.ts';
import { apxMachine, copyPieceInfo, minerMachine } from '../../support/machines.ts';
import {
  type SimulatedHost,
  type SimulatedHosts,
  startSimulatedHosts,
} from '../../support/simulated-hosts.ts';

/** A miner and two workers that take its API from it: one test after the other. */

/** Its own: a test beside this one looks for the other in all arguments of this machine, those of tests too. */
const TOKEN = `${OTHERS.replace(/[^.]*$/, '')}bWluZXItaG9zdC10b2tlbg`;
const VERSION = '1.11.1-3079a405a';
const REPOSITORY = '/opt/raid0/lotusminer';
const PROFILE = '/opt/lotusworker/profile';
let hosts: SimulatedHosts;
let miner: SimulatedHost;
let workers: readonly SimulatedHost[];
let artifacts: ArtifactServer;
let sha256: Readonly<Record<string, string>>;
let cluster: WrittenCluster;
let state: string;

const fcops = (...args: string[]) =>
  run([...args, '--inventory', cluster.inventory], { env: { ...cluster.env, XDG_STATE_HOME: state } });
const planOf = async (...args: string[]) => {
  const { stdout } = await fcops('plan', ...args, '--output', 'json');
  return planDocumentSchema.parse(JSON.parse(stdout));
};
const inventoryWith = (more: object, ofMiner: Readonly<Record<string, unknown>> = {}) =>
  writeCluster({
    ...hosts,
    artifacts: { ...artifacts, sha256 },
    more: { api: { from: 'miner' }, versions: { lotus: VERSION, miner: VERSION, apx: VERSION }, ...more },
    hosts: [
      ...workers.map((host) => ({ host, roles: ['apx'] as const, profile: 'amd-7532' })),
      { host: miner, roles: ['miner'], profile: 'amd-7532', more: ofMiner },
    ],
  });
/** All that the controller keeps of its runs. */
const kept = () =>
  readdirSync(state, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');
const apiFile = (address: string) => miner.sh(`printf %s ${address} >${REPOSITORY}/api`);

beforeAll(async () => {
  hosts = await startSimulatedHosts({
    hosts: [minerMachine('miner-1'), apxMachine('apx-5'), apxMachine('apx-6')],
  });
  const [first, ...others] = hosts.hosts;
  if (!first) throw new Error('hosts were asked for');
  miner = first;
  workers = others;
  artifacts = await startArtifactServer({ versions: [VERSION] });
  sha256 = { ...artifacts.sha256, ...(await publishLotus(artifacts, VERSION, ['lotus', 'lotus-miner'])) };
  await Promise.all(workers.map((host) => copyPieceInfo(host)));
  state = mkdtempSync(join(hosts.directory, 'state-'));
  cluster = await inventoryWith({});
});
afterAll(async () => {
  await artifacts?.stop();
  await hosts?.stop();
});

describe('workers whose API is that of the miner host', () => {
  it('wait where there is none yet: each command says what makes it, and nothing is touched', async () => {
    const { exitCode, stdout } = await fcops('plan', 'apx');
    expect(exitCode).toBe(1);
    expect(stdout).toContain(
      'the API of lotus-miner on miner-1 is not there yet: /opt/raid0/lotusminer has not been initialised',
    );
    expect(stdout).toContain('fcops bootstrap miner --miner f0494733');
    const deployed = await fcops('deploy', 'apx', '--yes');
    expect([deployed.exitCode, deployed.stdout]).toEqual([
      1,
      expect.stringContaining('fcops bootstrap miner'),
    ]);
    expect(await workers[0]?.sh('ls /opt/lotusworker 2>/dev/null || true')).toBe('');
  });

  it('are planned and deployed without it where nothing of it is in question', async () => {
    const plan = await planOf('apx', '--tags', 'packages');
    expect(plan.hosts.map(({ state }) => state)).not.toContain('blocked');
  });

  it('come after the miner, and not where there is no API by then', async () => {
    const { exitCode, stdout } = await fcops('deploy', 'all', '--yes');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('\nThen apx-[5:6]: planned and shown when this is done.\n');
    expect(stdout).toMatch(/^miner-1: \d+ changes made and verified/m);
    expect(stdout).toMatch(/apx-\[5:6\].* is not there yet/s);
    expect(stdout).toMatch(/^3 hosts: 1 changed, 2 blocked/m);
  });

  it('say of an API that only its own machine reaches what sets it right', async () => {
    await miner.sh(
      `mkdir -p ${REPOSITORY}/keystore && printf %s ${TOKEN} >${REPOSITORY}/token && echo '[API]' >${REPOSITORY}/config.toml`,
    );
    expect((await fcops('plan', 'apx')).stdout).toContain('lotus-miner has not been started');
    await apiFile('/ip4/127.0.0.1/tcp/2345/http');
    expect((await fcops('plan', 'apx')).stdout).toContain('it listens for its own machine alone');
  });

  it('get address and token from the repository, in one run with the miner', async () => {
    await apiFile('/ip4/0.0.0.0/tcp/2345/http');
    const { exitCode, stdout, stderr } = await fcops('deploy', 'all', '--yes', '--verbose');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^3 hosts: 3 changed/m);
    for (const host of workers) {
      expect(await host.sh(`stat -c %a ${PROFILE}; grep MINER_API_INFO ${PROFILE}`)).toBe(
        `600\nexport MINER_API_INFO=${TOKEN}:/ip4/${miner.address}/tcp/2345/http`,
      );
    }
    expect(stdout).not.toContain(TOKEN);
    expect(kept()).not.toContain(TOKEN);
    expect(kept()).toContain('"role": "all"');
  });

  it('have nothing to change the second time, whoever looks', async () => {
    const again = await fcops('deploy', 'all');
    expect([again.exitCode, again.stderr]).toEqual([0, '']);
    expect(again.stdout).toContain('3 hosts: 3 unchanged');
    const plan = await planOf('all');
    expect(plan.role).toBe('all');
    expect(plan.hosts.map(({ host, state }) => [host, state])).toEqual([
      ['miner-1', 'same'],
      ['apx-5', 'same'],
      ['apx-6', 'same'],
    ]);
    expect(plan.counts.changing).toBe(0);
  });

  it('take what its configuration says while lotus-miner is stopped', async () => {
    await miner.sh(
      `rm ${REPOSITORY}/api; sed -i 's|ListenAddress = .*|ListenAddress = "/ip4/${miner.address}/tcp/2345/http"|' ${REPOSITORY}/config.toml`,
    );
    expect((await planOf('apx')).counts.changing).toBe(0);
  });

  it('show a token that has changed as such, and neither the old nor the new one', async () => {
    const other = TOKEN.replace(/.$/, 'x');
    await miner.sh(`printf %s ${other} >${REPOSITORY}/token`);
    const { stdout } = await fcops('plan', 'apx', '--full');
    expect(stdout).toContain(PROFILE);
    expect(stdout).not.toContain(other.slice(-20));
    expect(stdout).not.toContain(TOKEN.slice(-20));
    await miner.sh(`printf %s ${TOKEN} >${REPOSITORY}/token`);
  });

  it('are left as they are where the miner host failed, unless it may', async () => {
    cluster = await inventoryWith({ variables: { minerRaidMinGiB: 900_000 } });
    await workers[0]?.sh(`rm ${PROFILE}`);
    const { exitCode, stdout } = await fcops('deploy', 'all', '--yes');
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/apx-\[5:6\].*not begun; nothing was done to it/s);
    const forced = await fcops('deploy', 'all', '--yes', '--max-fail', '1');
    expect(forced.exitCode).toBe(1);
    expect(forced.stdout).toMatch(/^3 hosts: 1 changed, 1 unchanged, 1 blocked/m);
    cluster = await inventoryWith({});
  });

  it('are rendered with what stands for both', async () => {
    const out = join(hosts.directory, 'rendered');
    const { stdout } = await fcops('render', 'apx', '--out', out);
    expect(stdout).toContain('in the place of what a deploy reads from the miner');
    expect(readFileSync(`${out}/apx-5${PROFILE}`, 'utf8')).toContain(
      "MINER_API_INFO='<API token of f0494733>':'<API address of f0494733>'",
    );
  });

  it('say of a file of it that is none what is wrong, and never what stands there', async () => {
    await miner.sh(`printf 'pl4nted words' >${REPOSITORY}/token`);
    const { exitCode, stdout, stderr } = await fcops('plan', 'apx');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('the file token: it holds more than one word');
    expect(stdout + stderr).not.toContain('pl4nted');
  });

  it('name the miner host where it cannot be reached', async () => {
    cluster = await inventoryWith({}, { ssh: { port: 1 } });
    const { exitCode, stdout } = await fcops('plan', 'apx');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('miner-1 could not be asked for the API of lotus-miner: ');
    expect(stdout).toMatch(/refused/);
  });
});
