/** @module-tag needs-namespaces */
import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { type ArtifactServer, packProgram } from '../../support/artifact-server.ts';
import type { WrittenCluster } from '../../support/cluster.ts';
import { startFcops } from '../../support/fcops.ts';
import { c2Pids as pids, startC2Workers } from '../../support/lotus/c2-workers.ts';
import { LOTUS_STATE as STATE, turn, unturn } from '../../support/lotus/knobs.ts';
import type { MinerAndWorkers } from '../../support/lotus/miner-and-workers.ts';
import { lotusProgram, publishLotus } from '../../support/lotus/programs.ts';
import { settled as settledOn } from '../../support/settled.ts';
import type { SimulatedHost } from '../../support/simulated-hosts.ts';

/** A miner and three C2 machines, whose workers get other versions while they run. */

const version = (commit: string) => `1.11.1-${commit}-intel`;
const FIRST = version('aaaaaaaaa');
const SECOND = version('bbbbbbbbb');
const BROKEN = version('ccccccccc');
const GHOST = version('ddddddddd');
const STUCK = version('eeeeeeeee');
const LISTED = version('fffffffff');
/** Of machines with AMD. */
const AMD = ['1.11.1-aaaaaaaaa', '1.11.1-bbbbbbbbb'] as const;
/** How often a controller is killed: more of them take longer, and find more. */
const KILLS = Number(process.env.FCOPS_UPGRADE_KILLS ?? 1);
let lotus: MinerAndWorkers;
let miner: SimulatedHost;
let c2: readonly SimulatedHost[];
let artifacts: ArtifactServer;
let cluster: WrittenCluster;

const fcops = (...args: string[]) => lotus.fcops(...args);
const upgrade = (to: string, ...more: string[]) =>
  fcops('upgrade', '--role', 'c2', '--ver', to, '--yes', ...more);
/** The version that a host is linked to. */
const linked = async (host: SimulatedHost) => (await host.sh('readlink /opt/lotus-worker')).split('/').at(-2);
/** Workers that the miner lists and has not lost, by their urls. */
const registered = async () =>
  (await miner.sh('source /opt/raid0/profile; lotus-miner sealing workers'))
    .split('\n')
    .flatMap((line) => /url: (\S+:200\d0\b\S*)/.exec(line)?.[1] ?? [])
    .toSorted();
const allRun = async () => {
  for (const host of c2) expect(await pids(host)).not.toContain('-');
  await expect.poll(async () => (await registered()).length, { timeout: 30_000 }).toBe(12);
};
const settled = () => settledOn(...c2);

/** The programs of the workers, besides that of the first version. */
const publishWorkers = async (server: ArtifactServer): Promise<Readonly<Record<string, string>>> => {
  const program = await lotusProgram('lotus-worker', SECOND);
  const texts = {
    [SECOND]: program,
    // It ends at once wherever it was not tried first.
    [BROKEN]: program.replace('\n', '\n[[ -e /opt/tried-first ]] || { echo "no such CPU"; exit 1; }\n'),
    // The first worker ends at once, the others take their time to.
    [STUCK]: program
      .replace('\n', '\n[[ "$*" != *worker-1c2* ]] || exit 1\n')
      .replace("trap 'worker_stops'", () => 'trap \'{ sleep 8; worker_gone; kill -9 "$$"; } &\''),
    [GHOST]: program.replace('! has worker-ghost || return 0', 'return 0'),
  };
  const sums = Object.entries(texts).map(async ([name, text]) => {
    const archive = `lotus-worker-${name}.tar.gz`;
    return [archive, server.publish(archive, await packProgram('lotus-worker', text))] as const;
  });
  return Object.fromEntries(await Promise.all(sums));
};

beforeAll(async () => {
  lotus = await startC2Workers({
    names: ['c2-10', 'c2-11', 'c2-12'],
    version: FIRST,
    publish: async (server) => ({
      ...(await publishWorkers(server)),
      ...(await publishLotus(server, AMD[0], ['lotus-worker'])),
      ...(await publishLotus(server, AMD[1], ['lotus', 'lotus-miner', 'lotus-worker'])),
    }),
  });
  ({ miner, workers: c2, artifacts, cluster } = lotus);
}, 240_000);
afterAll(() => lotus?.stop());

describe('fcops upgrade', { timeout: 300_000 }, () => {
  it('brings a version to one host, then to the others, and writes it into the inventory', async () => {
    await allRun();
    const before = await Promise.all(c2.map(pids));
    const { exitCode, stdout, stderr } = await upgrade(SECOND);
    expect([exitCode, stderr, stdout]).toEqual([
      0,
      expect.anything(),
      expect.stringContaining('3 hosts: 3 changed'),
    ]);
    for (const [index, host] of c2.entries()) {
      expect(await linked(host)).toBe(SECOND);
      for (const [k, pid] of (await pids(host)).entries()) expect(pid).not.toBe(before[index]?.[k]);
    }
    await allRun();
    expect(
      await miner.sh(
        `cd ${STATE}/workers; for one in *; do cut -f 1 "$one"; done | while read -r id; do ls ../paused/"$id" 2>/dev/null; done; true`,
      ),
    ).toBe('');
    expect(await readFile(cluster.file, 'utf8')).toContain(`c2: ${SECOND}`);
    await settled();
    const plan = await fcops('plan', 'c2', '--detailed-exitcode');
    // Simulated machines have other CPUs than their profile.
    expect([plan.exitCode, plan.stdout]).toEqual([4, expect.stringMatching(/0 to change|restart owed/)]);
    const again = await upgrade(SECOND);
    expect([again.exitCode, again.stdout]).toEqual([0, expect.stringContaining('3 hosts: 3 unchanged')]);
  });

  it('goes back where the version does not run, and begins no other host', async () => {
    const before = await pids(c2[2] as SimulatedHost);
    await c2[0]?.sh('touch /opt/tried-first');
    const { exitCode, stdout } = await upgrade(BROKEN);
    expect([exitCode, stdout]).toEqual([
      1,
      expect.stringContaining(`it went back to lotus-worker ${SECOND}`),
    ]);
    expect(await Promise.all(c2.map(linked))).toEqual([BROKEN, SECOND, SECOND]);
    expect(await pids(c2[2] as SimulatedHost)).toEqual(before);
    await allRun();
    const text = await readFile(cluster.file, 'utf8');
    expect(text).toContain(`c2: ${SECOND}`);
    expect(text).toContain(BROKEN);
    await settled();
    expect((await fcops('plan', 'c2', '--detailed-exitcode')).exitCode).toBe(4);
  });

  it('is taken back by fcops rollback: links as before, nothing is stopped, and what is owed is told', async () => {
    const before = await Promise.all(c2.map(pids));
    const { exitCode, stdout } = await fcops('rollback', '--yes');
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^3 hosts: 1 changed, 2 unchanged/m)]);
    expect(await Promise.all(c2.map(linked))).toEqual([SECOND, SECOND, SECOND]);
    expect(await Promise.all(c2.map(pids))).toEqual(before);
    expect(stdout).toContain('C2-[1:4]: it runs another program than /opt/lotus-worker is now');
  });

  it('is refused before anything is stopped: another platform, no checksum, an inventory that cannot say it', async () => {
    const before = await Promise.all(c2.map(pids));
    const refused = async (words: readonly string[], why: RegExp) => {
      const { exitCode, stderr } = await fcops('upgrade', '--yes', ...words);
      expect([exitCode, stderr]).toEqual([1, expect.stringMatching(why)]);
    };
    await refused(['--role', 'c2', '--ver', '1.11.1-bbbbbbbbb'], /is built for AMD/);
    await refused(
      ['--role', 'c2', '--ver', '1.11.1-000000000-intel'],
      /no sha256 of lotus-worker-1.11.1-000000000/,
    );
    await refused(['--role', 'c2', '--ver', 'new version'], /is no version/);
    await refused(['--ver', SECOND], /whose program is to be upgraded is not said/);
    await refused(['--role', 'c2', '--ver', SECOND, '--sha256', 'f'.repeat(64)], /is another sum/);
    expect(await Promise.all(c2.map(pids))).toEqual(before);
  });

  it('takes the checksum from the list beside the archive, and the inventory has it then', async () => {
    const sum = artifacts.publish(
      `lotus-worker-${LISTED}.tar.gz`,
      await packProgram('lotus-worker', await lotusProgram('lotus-worker', LISTED)),
    );
    artifacts.publish('SHA256SUMS', Buffer.from(`${sum}  lotus-worker-${LISTED}.tar.gz\n`));
    const { exitCode, stderr, stdout } = await upgrade(LISTED, '--limit', 'c2-12');
    expect([exitCode, stdout, stderr]).toEqual([0, expect.anything(), expect.stringContaining('SHA256SUMS')]);
    const text = await readFile(cluster.file, 'utf8');
    expect(text).toContain(`lotus-worker-${LISTED}.tar.gz: ${sum}`);
    expect(await Promise.all(c2.map(linked))).toContain(LISTED);
    await allRun();
    await settled();
    expect((await fcops('plan', 'c2', '--limit', 'c2-12', '--detailed-exitcode')).exitCode).toBe(4);
  });

  it('goes back where the miner does not register what runs', async () => {
    const was = await linked(c2[2] as SimulatedHost);
    const { exitCode, stdout } = await upgrade(GHOST, '--limit', 'c2-12');
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('the miner has not registered')]);
    expect(stdout).toContain(`it went back to lotus-worker ${was}`);
    await allRun();
    await settled();
  });

  it('goes back too where its controller was killed before that was found out, and it is taken up at once', async () => {
    const one = c2[2] as SimulatedHost;
    const was = await linked(one);
    const words = ['upgrade', '--role', 'c2', '--ver', GHOST, '--yes', '--limit', 'c2-12'];
    const before = await pids(one);
    const running = startFcops([...words, '--inventory', cluster.inventory], { env: cluster.env });
    const areAnew = async () => {
      const now = await pids(one);
      return now.every((pid) => pid !== '-' && !before.includes(pid)) && (await linked(one)) === GHOST;
    };
    await expect.poll(areAnew, { timeout: 90_000, interval: 200 }).toBe(true);
    running.kill('SIGKILL');
    await running;
    const { exitCode, stdout } = await fcops('resume', 'last', '--yes');
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('the miner has not registered')]);
    expect(stdout).toContain(`it went back to lotus-worker ${was}`);
    await allRun();
    await settled();
  });

  it('is taken up where its controller was killed while a host went back', async () => {
    const was = await linked(c2[2] as SimulatedHost);
    const words = ['upgrade', '--role', 'c2', '--ver', STUCK, '--yes', '--limit', 'c2-12'];
    const running = startFcops([...words, '--inventory', cluster.inventory], { env: cluster.env });
    // The five letters of a run's own name may end with a b by chance.
    const back = () => c2[2]?.sh('cat /var/lib/fcops/runs/r-*-?????b/step 2>/dev/null || true');
    await expect.poll(back, { timeout: 60_000, interval: 100 }).not.toBe('');
    running.kill('SIGKILL');
    await running;
    const { exitCode, stdout } = await fcops('resume', 'last', '--yes');
    expect([exitCode, stdout]).toEqual([1, expect.stringMatching(/follows the steps that r-\S+ has begun/)]);
    expect(stdout).not.toContain('another run');
    expect(stdout).toContain(`it went back to lotus-worker ${was}`);
    expect(await linked(c2[2] as SimulatedHost)).toBe(was);
    await allRun();
    await settled();
  });

  it(
    'is taken up wherever its controller was killed',
    async () => {
      const begun = performance.now();
      expect((await upgrade(FIRST)).exitCode).toBe(0);
      const whole = performance.now() - begun;
      await settled();
      for (let kill = 0; kill < KILLS; kill += 1) {
        const to = kill % 2 === 0 ? SECOND : FIRST;
        const words = ['upgrade', '--role', 'c2', '--ver', to, '--yes', '--inventory', cluster.inventory];
        const running = startFcops(words, { env: cluster.env });
        const after = Math.random() * whole;
        await new Promise((resolve) => setTimeout(resolve, after));
        running.kill('SIGKILL');
        await running;
        const said: string[] = [`killed after ${Math.round(after)} ms`];
        for (let tried = 0; tried < 4; tried += 1) {
          const { exitCode, stdout, stderr } = await fcops('resume', 'last', '--yes');
          said.push(stdout + stderr);
          // It was killed before it had begun, or after it had ended.
          if (/is left to do|there is no run|was taken up by/.test(stderr))
            said.push((await upgrade(to)).stdout);
          else if (exitCode !== 0) continue;
          break;
        }
        expect(await Promise.all(c2.map(linked)), said.join('\n')).toEqual([to, to, to]);
        expect(await readFile(cluster.file, 'utf8'), said.join('\n')).toContain(`c2: ${to}`);
        await allRun();
        await settled();
      }
    },
    120_000 * (KILLS + 1),
  );

  it('brings each machine the version that is built for it, Intel and AMD in one run', async () => {
    const text = await readFile(cluster.file, 'utf8');
    const mixed = parse(text);
    mixed.hosts.at(-1).profile = 'amd-7371';
    mixed.hosts.at(-1).versions = { c2: AMD[0] };
    mixed.versions.c2 = FIRST;
    await writeFile(cluster.file, stringify(mixed));
    const deployed = await fcops('deploy', 'c2', '--limit', 'c2-12', '--yes');
    expect([deployed.exitCode, deployed.stderr]).toEqual([0, expect.anything()]);
    const first = await fcops('upgrade', '--role', 'c2', '--yes');
    expect([first.exitCode, first.stdout]).toEqual([0, expect.anything()]);
    await settled();
    const { exitCode, stdout, stderr } = await upgrade(SECOND, '--ver', AMD[1]);
    expect([exitCode, stdout, stderr]).toEqual([
      0,
      expect.stringMatching(
        new RegExp(`lotus-worker ${SECOND}: c2-\\[10:11\\]\\n +lotus-worker ${AMD[1]}: c2-12`),
      ),
      expect.stringContaining(`c2 ${AMD[1]}: c2-12`),
    ]);
    expect(await Promise.all(c2.map(linked))).toEqual([SECOND, SECOND, AMD[1]]);
    await allRun();
    const now = parse(await readFile(cluster.file, 'utf8'));
    expect([now.versions.c2, now.hosts.at(-1).versions.c2]).toEqual([SECOND, AMD[1]]);
    await settled();
  });

  it('of all waits for workers that the miner does not list once it was started anew: their tasks have begun before', async () => {
    const one = c2[0] as SimulatedHost;
    const to = (await linked(one)) === FIRST ? SECOND : FIRST;
    await miner.sh(`rm -f ${STATE}/paused/*`);
    await turn(one, 'worker-busy');
    const words = ['upgrade', '--role', 'all', '--limit', 'miner-1,c2-10', '--ver', to, '--ver', AMD[1]];
    const running = startFcops(
      [...words, '--ignore-proving-window', '--yes', '--inventory', cluster.inventory],
      { env: cluster.env },
    );
    let shown = '';
    running.stdout.on('data', (chunk: Buffer) => {
      shown += chunk.toString();
    });
    const waits = /c2-10: waiting: C2-\d(, C2-\d)* may be at a task: the miner does not list it/g;
    // It is told again after a minute.
    await expect.poll(() => shown.match(waits)?.length ?? shown, { timeout: 200_000, interval: 500 }).toBe(2);
    await unturn(one, 'worker-busy');
    const { exitCode, stdout } = await running;
    expect([exitCode, stdout]).toEqual([0, expect.anything()]);
    expect(await linked(one)).toBe(to);
    await allRun();
    // They were paused when they had come back; their sessions have ended with them.
    expect((await miner.sh(`ls ${STATE}/paused`)).split('\n')).toHaveLength(4);
    await settled();
  });
});
