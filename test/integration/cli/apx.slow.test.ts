/** @module-tag needs-namespaces */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planDocumentSchema } from '../../../src/cli/views/plan-document.ts';
import { type ArtifactServer, startArtifactServer } from '../../support/artifact-server.ts';
import { VERSIONS, type WrittenCluster, writeCluster } from '../../support/cluster.ts';
import { fcops as run } from '../../support/fcops.ts';
import { apxMachine, copyPieceInfo, p1Machine } from '../../support/machines.ts';
import {
  type SimulatedHost,
  type SimulatedHosts,
  startSimulatedHosts,
} from '../../support/simulated-hosts.ts';

/** APx on a machine of its own and beside P1, and its init: one test after the other. */

let hosts: SimulatedHosts;
let artifacts: ArtifactServer;
let cluster: WrittenCluster;
let alone: SimulatedHost;
let beside: SimulatedHost;
const fcops = (...args: string[]) => run([...args, '--inventory', cluster.inventory], { env: cluster.env });

beforeAll(async () => {
  hosts = await startSimulatedHosts({ hosts: [apxMachine('apx-5'), p1Machine('p1-50')] });
  [alone, beside] = hosts.hosts as [SimulatedHost, SimulatedHost];
  artifacts = await startArtifactServer({ versions: [VERSIONS.p1] });
  // The P1 machine lacks the piece: its APx starts, and nothing else.
  await copyPieceInfo(alone);
  cluster = await writeCluster({
    ...hosts,
    artifacts,
    more: { versions: { p1: VERSIONS.p1, apx: VERSIONS.p1 } },
    hosts: [
      { host: alone, roles: ['apx'], profile: 'amd-7532' },
      { host: beside, roles: ['p1'], profile: 'amd-7532' },
    ],
  });
});
afterAll(async () => {
  await artifacts?.stop();
  await hosts?.stop();
});

const REPOSITORY = '/opt/lotusworker/worker-apx';
const CACHE = '/opt/raid0/workercache';
const attempts = (host: SimulatedHost) => host.sh(`grep -c . ${REPOSITORY}/attach.count || true`);
const PID = `grep -lzsxF ${REPOSITORY} /proc/[0-9]*/cmdline | cut -d / -f 3 | head -n 1`;
/** As before its init; APx runs on. */
const withoutInit = (fails = '') =>
  alone.sh(
    `rm -rf ${CACHE} ${REPOSITORY}/storage.json ${REPOSITORY}/attach.*; ${fails && `echo ${fails} >${REPOSITORY}/attach.fails`}`,
  );
const start = async (...more: string[]) => {
  const ended = await fcops('deploy', 'apx', '--start', '--no-preflight', '--yes', ...more);
  // The host lets go of a run half a second after it has ended, and no people are that quick.
  await alone.sh('flock -w 10 /var/lib/fcops/session true');
  return ended;
};

describe('fcops deploy apx', () => {
  it('puts APx in place without GPU, huge pages and the firmware settings of P1, and starts nothing', async () => {
    const { exitCode, stdout, stderr } = await fcops('deploy', 'apx', '--yes');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^1 host: 1 changed, in /m);
    expect(
      await alone.sh(`ls /opt/lotusworker; readlink /opt/lotusworker/lotus-worker; ls ${REPOSITORY}`),
    ).toBe(
      `lotus-worker\nprofile\nstart_apx.sh\nversions\nworker-apx\n/opt/lotusworker/versions/apx/${VERSIONS.p1}/lotus-worker\ninit_apx.sh\nstart_apx.sh`,
    );
    // What does not run lacks no init yet.
    expect((await fcops('plan', 'apx', '--detailed-exitcode')).stdout).toMatch(
      /^apx-5 {2}nothing to change; its process does not run\n/,
    );
  });

  it('renders the very files of the deploy, with no host asked', async () => {
    const out = `${hosts.directory}/rendered`;
    expect(await fcops('render', 'apx', '--out', out)).toMatchObject({ exitCode: 0, stderr: '' });
    const files = readdirSync(`${out}/apx-5`, { recursive: true, withFileTypes: true }).flatMap((entry) =>
      entry.isFile() ? [join(entry.parentPath, entry.name).slice(`${out}/apx-5`.length)] : [],
    );
    expect(files).toContain(`${REPOSITORY}/init_apx.sh`);
    for (const file of files)
      expect([file, readFileSync(`${out}/apx-5${file}`, 'utf8')]).toEqual([
        file,
        (await alone.sh(`cat ${file}; echo .`)).slice(0, -1),
      ]);
  });

  it('plans the init for what it is, after the start', async () => {
    const { stdout } = await fcops('plan', 'apx', '--start', '--no-preflight');
    expect(stdout).toMatch(
      /> APx .*\n +> init of APx {2}cache \/opt\/raid0\/workercache, limit 30 sectors at a time\n/,
    );
  });

  it('starts APx and gives it its cache, once: the second run changes nothing', async () => {
    const first = await start();
    expect([first.exitCode, first.stderr]).toEqual([0, '']);
    expect(first.stdout).toContain('apx-5: 2 changes made and verified');
    expect((await alone.sh(`cat ${REPOSITORY}/attach.argv`)).split('\n')).toEqual(
      ['storage', 'attach', '--init', '--seal', '--maxsealing', '30', '--group'].concat(
        alone.address.split('.').at(-1) ?? '',
        CACHE,
      ),
    );
    const pid = await alone.sh(PID);
    const second = await start();
    expect([second.exitCode, await alone.sh(PID), await attempts(alone)]).toEqual([0, pid, '1']);
    expect((await fcops('plan', 'apx', '--start', '--detailed-exitcode')).exitCode).toBe(0);
  });
});

describe('the init of APx', () => {
  it('that is missing where APx runs is told, and done alone', async () => {
    await withoutInit();
    const plan = await fcops('plan', 'apx', '--detailed-exitcode');
    expect(plan.exitCode).toBe(8);
    expect(plan.stdout).toContain(
      `* init of APx: APx runs without its cache ${CACHE}: its init has not been done`,
    );
    expect(plan.stdout).toContain('next: to do it: fcops deploy apx --start --limit apx-5');
    const pid = await alone.sh(PID);
    expect((await start()).stdout).toContain('apx-5: 1 change made and verified');
    expect([await alone.sh(PID), await attempts(alone)]).toEqual([pid, '1']);
  });

  it('that fails with exit code 0 is found to have failed, and can be done again', async () => {
    await withoutInit('before');
    const failed = await start();
    expect(failed.exitCode).toBe(1);
    expect(failed.stdout).toContain('ERROR: must specify at least one of --store or --seal');
    expect(failed.stdout).toContain(
      `the init of APx ran, and ${REPOSITORY}/storage.json does not name ${CACHE}`,
    );
    await alone.sh(`rm ${REPOSITORY}/attach.fails`);
    expect(await start()).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('1 change made') });
  });

  it('that broke off half way is never done again by fcops: it says what finishes it', async () => {
    await withoutInit('half');
    expect((await start()).exitCode).toBe(1);
    await alone.sh(`rm ${REPOSITORY}/attach.fails`);
    const again = await start('--output', 'json');
    expect([again.exitCode, await attempts(alone)]).toEqual([1, '1']);
    const { stdout } = await fcops('plan', 'apx', '--start', '--output', 'json');
    const [item] = planDocumentSchema.parse(JSON.parse(stdout)).hosts[0]?.items ?? [];
    if (item?.state !== 'violated') throw new Error(`it is ${item?.state}`);
    expect(item).toMatchObject({ kind: 'init', severity: 'start', processes: ['init of APx'] });
    expect(item.message).toContain(`sectorstore.json is there, and ${REPOSITORY}/storage.json does not name`);
    const [, command = ''] = /(source .*)$/.exec(item.next ?? '') ?? [];
    await alone.sh(command);
    expect((await start()).exitCode).toBe(0);
    expect((await fcops('plan', 'apx', '--detailed-exitcode')).exitCode).toBe(0);
  });

  it('is not done anew where the disk of the cache is gone', async () => {
    await alone.sh(`mv ${CACHE} ${CACHE}.away`);
    const { exitCode, stdout } = await start();
    expect(exitCode).toBe(1);
    expect(stdout).toContain(`${CACHE}/sectorstore.json is not there: its disk is not mounted`);
    await alone.sh(`mv ${CACHE}.away ${CACHE}`);
    expect((await start()).exitCode).toBe(0);
  });
});

describe('fcops deploy p1 --start', () => {
  it('does the init of the APx there, whatever else waits', async () => {
    const { exitCode, stdout } = await fcops('deploy', 'p1', '--start', '--no-preflight', '--yes');
    // P2 and the tasks wait for their data.
    expect(exitCode).toBe(1);
    expect(stdout).toContain('/opt/raid0/piecetemplate/piece-info.json is not there');
    expect(await attempts(beside)).toBe('1');
    const { stdout: plan } = await fcops('plan', 'p1', '--start', '--output', 'json');
    const changes = planDocumentSchema
      .parse(JSON.parse(plan))
      .hosts.flatMap(({ items }) => items.filter(({ state }) => state === 'change'));
    expect(changes).toEqual([]);
    expect(await attempts(beside)).toBe('1');
  });
});
