/** @module-tag needs-namespaces */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import * as z from 'zod';
import { rotateDocumentSchema } from '../../../src/cli/views/rotate-document.ts';
import type { WrittenCluster } from '../../support/cluster.ts';
import { fcops as run, startFcops } from '../../support/fcops.ts';
import { startC2Workers, c2Pids as workers } from '../../support/lotus/c2-workers.ts';
import { turn, unturn } from '../../support/lotus/knobs.ts';
import type { MinerAndWorkers } from '../../support/lotus/miner-and-workers.ts';
import { settled as settledOn } from '../../support/settled.ts';
import type { SimulatedHost } from '../../support/simulated-hosts.ts';

/** A miner and two C2 machines whose workers run with a token of before. */

const PORTS = [20010, 20020, 20030, 20040];
let lotus: MinerAndWorkers;
let miner: SimulatedHost;
let first: SimulatedHost;
let second: SimulatedHost;
let cluster: WrittenCluster;

const env = () => ({ ...cluster.env, XDG_STATE_HOME: mkdtempSync(join(lotus.hosts.directory, 'state-')) });
const fcops = (...args: string[]) => run([...args, '--inventory', cluster.inventory], { env: env() });
const rotate = () =>
  startFcops(['rotate', 'token', '--yes', '--inventory', cluster.inventory], { env: env() });

/** What the workers of a host were started with, `?` for one that does not run. */
const tokens = async (host: SimulatedHost): Promise<readonly string[]> =>
  (
    await host.sh(
      `for p in ${(await workers(host)).join(' ')}; do t=$(tr '\\0' '\\n' <"/proc/$p/environ" 2>/dev/null | sed -n 's/^MINER_API_INFO=//p'); t=\${t%%:/*}; echo "\${t:-?}"; done`,
    )
  ).split('\n');
const uuidOf = async (host: SimulatedHost, port: number): Promise<string> => {
  const files = `grep -lF 'http://${host.address}:${port}/' /var/lib/simulated-lotus/workers/*`;
  await expect.poll(() => miner.sh(`${files} | tail -n 1`), { timeout: 30_000 }).not.toBe('');
  return miner.sh(`cut -f 1 "$(${files} | tail -n 1)"`);
};
const job = async (host: SimulatedHost, port: number, sector: number) =>
  `13aa09cd ${sector} ${(await uuidOf(host, port)).slice(0, 8)} ${await host.sh('uname -n')} C2 running 4m12s\n`;
const settled = () => settledOn(first, second);
/** Another token that is signed with the same key: the one of before goes on to be good. */
const newToken = async (word: string): Promise<string> => {
  const payload = Buffer.from(JSON.stringify({ Allow: ['read', 'write', 'sign', 'admin'], word }));
  await miner.sh(
    `cd /opt/raid0/lotusminer && t=$(cat token) && printf 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.%s.%s' ${payload.toString('base64url')} "\${t##*.}" >token`,
  );
  return miner.sh('cat /opt/raid0/lotusminer/token');
};

beforeAll(async () => {
  lotus = await startC2Workers({ names: ['c2-10', 'c2-11'], startRate: 600 });
  ({ miner, cluster } = lotus);
  first = lotus.host('c2-10');
  second = lotus.host('c2-11');
}, 240_000);
afterAll(() => lotus?.stop());

describe('fcops rotate token', { timeout: 240_000 }, () => {
  beforeEach(async () => {
    await settled();
    await turn(miner, 'jobs', '');
    for (const host of [first, second]) for (const port of PORTS) await uuidOf(host, port);
  });

  it('shows who has another token, what each is at and how long it will take, and touches nothing', async () => {
    const none = await fcops('rotate', 'token', '--dry-run');
    expect([none.exitCode, none.stderr, none.stdout]).toEqual([
      0,
      '',
      expect.stringContaining('no worker that was seen runs with another token'),
    ]);
    const before = [await workers(first), await workers(second)];
    const token = await newToken('one');
    await turn(miner, 'jobs', (await job(first, 20030, 1017)) + (await job(second, 20010, 1018)));
    const { exitCode, stdout } = await fcops('rotate', 'token', '--dry-run');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('8 workers at 2 hosts run with another token');
    expect(stdout).toMatch(/C2-3 +C2 of sector 1017 +4 min 12 s +7 min 48 s/);
    expect(stdout).toContain('the last of them is idle in about 7 min 48 s');
    expect(stdout).toMatch(/c2-10 +C2-\[1:2\], C2-4 +nothing/);
    expect(stdout).toContain('the profile of c2-[10:11] changes before that');
    const json = await fcops('rotate', 'token', '--dry-run', '--output', 'json', '--limit', 'c2-10');
    const document = rotateDocumentSchema.parse(JSON.parse(json.stdout));
    expect(document.workers.map(({ process, tasks }) => [process, tasks.length])).toEqual([
      ['C2-1', 0],
      ['C2-2', 0],
      ['C2-4', 0],
      ['C2-3', 1],
    ]);
    expect(`${stdout}${json.stdout}`).not.toContain(token.slice(-20));
    expect([await workers(first), await workers(second)]).toEqual(before);
    expect(await first.sh('cat /opt/profile')).not.toContain(token);
  });

  it('restarts workers in the order in which they fall idle, and goes on where it was left', async () => {
    const token = await newToken('two');
    const before = { first: await workers(first), second: await workers(second) };
    const [late, later] = [await job(second, 20010, 1018), await job(first, 20030, 1017)];
    await turn(miner, 'jobs', late + later);
    const running = rotate();
    // Those that are idle come at once, and the others go on.
    await expect
      .poll(async () => [...(await tokens(first)), ...(await tokens(second))].map((one) => one === token), {
        timeout: 120_000,
        interval: 2_000,
      })
      .toEqual([true, true, false, true, false, true, true, true]);
    expect((await workers(first))[2]).toBe(before.first[2]);
    expect((await workers(second))[0]).toBe(before.second[0]);
    // The first of those that were at a task is idle: the host that comes first in the file is not.
    await turn(miner, 'jobs', later);
    await expect
      .poll(async () => (await tokens(second))[0], { timeout: 60_000, interval: 2_000 })
      .toBe(token);
    expect((await workers(first))[2]).toBe(before.first[2]);
    running.kill('SIGINT');
    const left = await running;
    expect(left.exitCode, left.stdout).toBe(130);
    expect(left.stdout).toContain('C2-3 stays paused at the miner');
    expect(left.stdout).not.toContain(token);
    await settled();

    const kept = await workers(second);
    const again = rotate();
    await new Promise((resolve) => setTimeout(resolve, 12_000));
    expect((await workers(first))[2]).toBe(before.first[2]);
    await turn(miner, 'jobs', '');
    const { exitCode, stdout } = await again;
    expect(exitCode, stdout).toBe(0);
    expect(new Set([...(await tokens(first)), ...(await tokens(second))])).toEqual(new Set([token]));
    expect(await workers(second)).toEqual(kept);
    for (const host of [first, second])
      for (const port of PORTS)
        expect(
          await miner.sh(`[ -e "/var/lib/simulated-lotus/paused/${await uuidOf(host, port)}" ] || echo free`),
        ).toBe('free');

    const nothing = await fcops('rotate', 'token', '--yes');
    expect(nothing.exitCode, nothing.stdout).toBe(0);
    expect(await workers(second)).toEqual(kept);
  });

  it('pauses who is left again where lotus-miner is restarted in its midst, and waits for who is not back yet', async () => {
    const token = await newToken('anew');
    // It is back within a second, and need not be seen to have been away; whom it has paused it does not tell.
    const [later, late] = [await job(first, 20030, 1017), await job(second, 20010, 1018)];
    await turn(miner, 'jobs', later + late);
    const ids = async () => [
      ...(await Promise.all(PORTS.map((port) => uuidOf(first, port)))),
      ...(await Promise.all(PORTS.map((port) => uuidOf(second, port)))),
    ];
    const before = await ids();
    const running = rotate();
    let shown = '';
    running.stdout.on('data', (chunk: Buffer) => {
      shown += chunk.toString();
    });
    // All but these two have been restarted, and the miner has them again.
    await expect
      .poll(async () => (await ids()).map((id) => !before.includes(id)), {
        timeout: 120_000,
        interval: 2_000,
      })
      .toEqual([true, true, false, true, false, true, true, true]);
    await expect.poll(() => shown, { timeout: 90_000 }).toMatch(/c2-10: waiting: .*c2-11: waiting: .*/s);
    await turn(first, 'worker-busy');
    const words = ['restart', 'miner', '--process', 'lotus-miner', '--ignore-proving-window', '--yes'];
    const restarted = await fcops(...words);
    expect(restarted.exitCode, restarted.stdout).toBe(0);
    // One that is started anew knows of no pause.
    await miner.sh('rm -f /var/lib/simulated-lotus/paused/*');
    const paused = async () =>
      (await miner.sh('ls /var/lib/simulated-lotus/paused')).split('\n').filter(Boolean);
    await expect.poll(paused, { timeout: 30_000 }).toEqual([await uuidOf(second, 20010)]);
    // It is told again after a minute.
    const waits = /c2-10: waiting: C2-3 may be at a task: the miner does not list it/g;
    await expect.poll(() => shown.match(waits)?.length ?? shown, { timeout: 120_000 }).toBe(2);
    await unturn(first, 'worker-busy');
    const both = [await uuidOf(second, 20010), await uuidOf(first, 20030)].toSorted();
    await expect.poll(async () => (await paused()).toSorted(), { timeout: 30_000 }).toEqual(both);
    await turn(miner, 'jobs', '');
    const { exitCode, stdout } = await running;
    expect(exitCode, stdout).toBe(0);
    expect(new Set([...(await tokens(first)), ...(await tokens(second))])).toEqual(new Set([token]));
  });

  it('restarts nobody whose profile did not get the token, nor whom the miner does not tell of', async () => {
    const token = await newToken('three');
    const before = [await workers(first), await workers(second)];
    await first.sh('mv /opt/profile /opt/profile.kept && mkdir /opt/profile');
    await turn(miner, 'call-breaks');
    try {
      const { exitCode, stdout } = await fcops('rotate', 'token', '--yes', '--no-preflight');
      expect(exitCode).toBe(1);
      expect(stdout).toMatch(/it cannot be told when 4 processes are at rest/);
      expect([await workers(first), await workers(second)]).toEqual(before);
    } finally {
      await unturn(miner, 'call-breaks');
      await first.sh('rmdir /opt/profile && mv /opt/profile.kept /opt/profile');
    }
    await settled();
    // What does not run by then is started with it.
    await first.sh(`kill -KILL ${before[0]?.[1]}`);
    for (const port of [20010, 20030, 20040]) await uuidOf(first, port);
    const { exitCode, stdout } = await fcops('rotate', 'token', '--yes');
    expect(exitCode, stdout).toBe(0);
    expect(new Set([...(await tokens(first)), ...(await tokens(second))])).toEqual(new Set([token]));
  });

  it('is taken up where its controller was killed while workers ended', async () => {
    const token = await newToken('four');
    await turn(first, 'stop-seconds', '8');
    const state = env();
    const words = ['rotate', 'token', '--yes', '--inventory', cluster.inventory];
    const running = startFcops(words, { env: state });
    const at = () => first.sh('cat /var/lib/fcops/runs/r-*e[0-9]*/step 2>/dev/null || true');
    await expect.poll(at, { timeout: 90_000, interval: 100 }).not.toBe('');
    running.kill('SIGKILL');
    await running;
    const again = ['resume', 'last', '--yes', '--inventory', cluster.inventory];
    const { exitCode, stdout } = await run(again, { env: state });
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/follows the steps that r-\S+ has begun/)]);
    expect(new Set([...(await tokens(first)), ...(await tokens(second))])).toEqual(new Set([token]));
    for (const host of [first, second])
      for (const port of PORTS)
        expect(
          await miner.sh(`[ -e "/var/lib/simulated-lotus/paused/${await uuidOf(host, port)}" ] || echo free`),
        ).toBe('free');
  });

  it('restarts workers of a cluster file without the miner host once their tasks are given up, and says which', async () => {
    const token = await newToken('five');
    const directory = mkdtempSync(join(lotus.hosts.directory, 'no-miner-'));
    const { hosts, versions, ...rest } = z
      .looseObject({
        hosts: z.array(z.looseObject({ roles: z.array(z.string()) })),
        versions: z.looseObject({ c2: z.string() }),
      })
      .parse(parse(readFileSync(cluster.file, 'utf8')));
    const own = {
      ...{
        ...rest,
        versions: { c2: versions.c2 },
        hosts: hosts.filter(({ roles }) => !roles.includes('miner')),
      },
      api: { address: `/ip4/${miner.address}/tcp/2345/http`, token: { env: 'F0494733_TOKEN' } },
    };
    writeFileSync(join(directory, basename(cluster.file)), stringify(own));
    const rotated = (...more: readonly string[]) =>
      run(['rotate', 'token', '--yes', '--no-preflight', ...more, '--inventory', directory], {
        env: { ...env(), F0494733_TOKEN: token },
      });
    const before = [await workers(first), await workers(second)];
    const refused = await rotated();
    expect(refused.exitCode).toBe(1);
    expect(refused.stdout).toMatch(/it cannot be told when 4 processes are at rest/);
    expect(refused.stdout).toMatch(/--lose-tasks stops them all the same/);
    expect([await workers(first), await workers(second)]).toEqual(before);
    const { exitCode, stdout } = await rotated('--lose-tasks');
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toMatch(/C2-\[1:4\] {2}\(4 alike\)\n.*\n +may be at a task: no host of the cluster file/);
    expect(new Set([...(await tokens(first)), ...(await tokens(second))])).toEqual(new Set([token]));
  });
});
