/** @module-tag needs-namespaces */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobsDocument } from '../../../src/cli/views/jobs-document.ts';
import { jobsDocumentSchema } from '../../../src/cli/views/jobs-document.ts';
import type { PledgeDocument } from '../../../src/cli/views/pledge-document.ts';
import { pledgeDocumentSchema } from '../../../src/cli/views/pledge-document.ts';
import type { WorkersDocument } from '../../../src/cli/views/workers-document.ts';
import { workersDocumentSchema } from '../../../src/cli/views/workers-document.ts';
import { MINER, TOKEN, type WrittenCluster } from '../../support/cluster.ts';
import { type Ended, fcopsOnTerminal, startFcops, startFcopsOnTerminal } from '../../support/fcops.ts';
import { type ApxWorkers, endApx, startApxWorkers } from '../../support/lotus/apx-workers.ts';
import { turn, unturn } from '../../support/lotus/knobs.ts';
import { endLotusMiner } from '../../support/lotus/running-miner.ts';
import type { SimulatedHost } from '../../support/simulated-hosts.ts';

/** A miner and two workers that run: one test after the other. */

let lotus: ApxWorkers;
let miner: SimulatedHost;
let first: SimulatedHost;
let second: SimulatedHost;
let cluster: WrittenCluster;

const args = (words: readonly string[]) => [...words, '--inventory', cluster.inventory];
const fcops = (...words: string[]): Promise<Ended> => lotus.fcops(...words);
const json = async ({ exitCode, stdout, stderr }: Ended): Promise<unknown> => {
  if (stdout === '') throw new Error(`${exitCode}: ${stderr}`);
  return JSON.parse(stdout);
};
const jobs = async (...words: string[]): Promise<JobsDocument> =>
  jobsDocumentSchema.parse(await json(await fcops('jobs', ...words, '--output', 'json')));
const workers = async (...words: string[]): Promise<WorkersDocument> =>
  workersDocumentSchema.parse(await json(await fcops('workers', ...words, '--output', 'json')));
const pledged = async (...words: string[]): Promise<PledgeDocument & { exitCode: number | undefined }> => {
  const ended = await fcops('pledge', ...words, '--output', 'json');
  return { ...pledgeDocumentSchema.parse(await json(ended)), exitCode: ended.exitCode };
};
/** Sectors that there are. */
const sectors = async () => Number(await miner.sh('grep -c . /var/lib/simulated-lotus/sectors || true'));
const registered = () => lotus.registered();
const storage = (used: string) =>
  [
    ['a1f3c0de-0d5e-4a6f-9c55-6a0b0a7a2f11', used, 9, 'Store', `http://${miner.address}:2345/remote`],
    [
      '7b6a1c1e-0d5e-4a6f-9c55-6a0b0a7a2f10',
      '10 TiB/30 TiB 33%',
      28,
      'Seal ',
      `http://${first.address}:11000/remote (latency: 2.2ms)`,
    ],
    [
      '7b6a1c1e-0d5e-4a6f-9c55-6a0b0a7a2f12',
      '9 TiB/30 TiB 30%',
      25,
      'Seal ',
      `http://${second.address}:11000/remote (latency: 2.2ms)`,
    ],
  ]
    .map(
      ([id, room, number, use, url]) =>
        `${id}:\n\t[####      ] ${room}\n\tUnsealed: 3; Sealed: ${number}; Caches: ${number}; Reserved: 0 B\n\tWeight: 10; Use: ${use}\n\tURL: ${url}\n\n`,
    )
    .join('');

beforeAll(async () => {
  lotus = await startApxWorkers();
  ({ miner, first, second, cluster } = lotus);
  await turn(miner, 'storage', storage('50 TiB/100 TiB 50%'));
}, 180_000);
afterAll(() => lotus?.stop());

describe('fcops jobs', { timeout: 60_000 }, () => {
  it('is no task where the miner has given out none', async () => {
    await expect.poll(registered, { timeout: 20_000 }).toBe('2');
    expect(await fcops('jobs')).toMatchObject({
      exitCode: 0,
      stderr: '',
      stdout: 'f0494733: miner-1 has given out no task\n',
    });
  });

  it('tells which is late, where, and of which nobody knows the worker', async () => {
    const id = (await lotus.idOf(first)).slice(0, 8);
    const name = await first.sh('uname -n');
    await turn(
      miner,
      'jobs',
      `8c3d91aa 1017 ${id} ${name} PC1 running 7h40m2.4s
13aa09cd 990 00000000 ${name} PC2 ret-wait 31h0m2.4s
00000000 1041 ${id} ${name} AP assigned(0) 12m4s
77777777 5 99999999 elsewhere C2 running 6m1.2s
`,
    );
    const document = await jobs();
    expect(document).toMatchObject({
      miner: MINER,
      minerHost: 'miner-1',
      sectorSize: '64GiB',
      all: 4,
      workersUnknown: null,
      counts: { running: 2, waiting: 1, late: 1, lost: 1 },
    });
    expect(document.jobs).toMatchObject([
      { sector: 1041, host: 'apx-5', process: 'APx', state: 'assigned', expected: null, troubles: [] },
      {
        sector: 1017,
        host: 'apx-5',
        process: 'APx',
        expected: { least: 19_800, most: 21_600 },
        troubles: [{ kind: 'late' }],
      },
      { sector: 990, host: 'apx-5', process: null, troubles: [{ kind: 'lost' }] },
      { sector: 5, host: null, told: 'elsewhere', troubles: [] },
    ]);
    const { stdout } = await fcops('jobs');
    expect(stdout).toContain('! PC1 of sector 1017 at apx-5 APx: 7 h 40 min, expected 5 h 30 min to 6 h\n');
    expect(stdout).toContain('fcops jobs abort 13aa09cd --miner f0494733');
    expect(stdout).toContain('elsewhere');
    const late = await fcops('jobs', '--late', '--task', 'P1', '--limit', 'apx-5');
    expect(late.stdout).toContain('f0494733: 1 task of 4 at 1 host, 1 late\n');
    expect((await fcops('jobs', '--detailed-exitcode')).exitCode).toBe(8);
    expect((await fcops('jobs', '--task', 'AP', '--detailed-exitcode')).exitCode).toBe(0);
  });

  it('is one error where the miner is not understood, or cannot be reached', async () => {
    await turn(miner, 'jobs', '8c3d91aa 1017 12345678 x PC1 sleeping 1h0m0s\n');
    const odd = await fcops('jobs');
    expect(odd).toMatchObject({ exitCode: 1, stdout: '' });
    expect(odd.stderr).toMatch(
      /^error: miner-1: what lotus-miner says is not understood: nothing is known of its\n? +tasks\n +why: +nobody knows the state/,
    );
    await unturn(miner, 'jobs');
    await turn(miner, 'token-rejected');
    const rejected = await fcops('workers');
    expect(rejected).toMatchObject({ exitCode: 1, stdout: '' });
    expect(rejected.stderr).toContain('bad handshake');
    expect(rejected.stderr).toContain('fcops status --role miner --miner f0494733');
    await unturn(miner, 'token-rejected');
    expect(await fcops('jobs', '--task', 'PC9')).toMatchObject({ exitCode: 1, stdout: '' });
  });
});

describe('fcops workers', { timeout: 60_000 }, () => {
  it('are those of the inventory, lotus-miner itself among them', async () => {
    const document = await workers();
    expect(document.counts).toEqual({ processes: 3, registered: 3, strangers: 0 });
    expect(document.troubles).toEqual([]);
    expect(document.hosts.map(({ host }) => host)).toEqual(['miner-1', 'apx-5', 'apx-6']);
    const { stdout } = await fcops('workers');
    expect(stdout).toMatch(/^f0494733: 3 of 3 workers registered at miner-1, no trouble\n/);
    expect(stdout).toMatch(/\napx-\[5:6\] +1 of 1\n/);
  });

  it('are told by host where the official lotus-miner tells no ports', async () => {
    await turn(miner, 'workers-format', 'official');
    const document = await workers();
    expect(document.counts).toEqual({ processes: 3, registered: 3, strangers: 0 });
    expect(document.hosts[1]?.processes[0]).toMatchObject({
      name: 'APx',
      state: 'registered',
      workers: [{ cores: { used: 7, total: 64 }, ram: { percent: 81 }, url: null, takes: null }],
    });
    await turn(miner, 'workers-panic');
    const broken = await fcops('workers');
    expect(broken).toMatchObject({ exitCode: 1, stdout: '' });
    expect(broken.stderr).toContain('negative Repeat count');
    expect((await jobs()).workersUnknown).toContain('negative Repeat count');
    await unturn(miner, 'workers-panic');
    await turn(miner, 'workers-format', 'fork');
    expect((await workers()).hosts[1]?.processes[0]?.workers[0]?.takes).toContain('AP');
    await turn(miner, 'workers-format', 'fork-later');
  });

  it('are told where one has gone, and where one is there that nobody knows', async () => {
    const id = '11111111-5a51-4d3e-9f2e-0c6d2b7f1a11';
    await turn(miner, `workers/${id}`, `${id}\telsewhere\thttp://192.0.2.9:11000/rpc/v0\t9\tAP\n`);
    await endApx(second);
    await expect.poll(registered, { timeout: 20_000 }).toBe('2');
    const document = await workers();
    expect(document.troubles).toMatchObject([
      { severity: 'bad', kind: 'disabled', host: 'apx-6', process: 'APx' },
      { severity: 'warn', kind: 'unknown', host: null },
    ]);
    await unturn(miner, `workers/${id}`);
  });
});

describe('fcops pledge', { timeout: 60_000 }, () => {
  it('shows with --dry-run where they would go, and pledges nothing', async () => {
    const document = await pledged('3', '--dry-run');
    expect(document).toMatchObject({
      exitCode: 0,
      asked: 3,
      packing: 0,
      free: 2,
      refused: [],
      result: null,
      places: [
        { host: 'apx-5', state: 'takes', limit: 30, held: { sectors: 28, by: 'storage' }, free: 2, share: 2 },
        { host: 'apx-6', state: 'disabled', free: 5, share: 0 },
      ],
    });
    expect(document.warnings).toEqual([
      '3 sectors, and 2 places at APx are free: 1 wait in Packing until others are sealed',
    ]);
    const { stdout, exitCode } = await fcops('pledge', '3', '--dry-run');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/\napx-5 +takes sectors +28 +30 +2 +20 TiB free +2\n/);
    expect(stdout).toMatch(/\napx-6 +disabled +25 +30 +5 +21 TiB free +-\n/);
    expect(await sectors()).toBe(0);
  });

  it('asks first, and needs --yes where nobody can be asked', async () => {
    const unasked = await fcops('pledge', '2');
    expect(unasked.exitCode).toBe(1);
    expect(unasked.stderr).toContain('add --yes');
    const no = await fcopsOnTerminal(
      args(['pledge', '2']),
      { after: 'pledge 2 sectors for f0494733? [y/N]', keys: 'n\n' },
      { env: cluster.env },
    );
    expect(no.exitCode).toBe(1);
    expect(no.stdout).toContain('nothing was pledged');
    expect(await sectors()).toBe(0);
    const yes = await fcopsOnTerminal(
      args(['pledge', '2']),
      { after: '[y/N]', keys: 'y\n' },
      { env: cluster.env },
    );
    expect(yes.exitCode).toBe(0);
    expect(yes.stdout).toContain('2 sectors pledged: 0-1 (');
    expect(await sectors()).toBe(2);
  });

  it('pledges with --yes, and says which; no number where lotus-miner prints none', async () => {
    const document = await pledged('3', '--yes');
    expect(document).toMatchObject({
      exitCode: 0,
      packing: 2,
      last: { asked: 2, made: 2, unknown: 0 },
      result: { state: 'done', made: 3, sectors: [2, 3, 4], unknown: 0 },
    });
    await turn(miner, 'pledge-silent');
    expect((await pledged('1', '--yes')).result).toEqual({ state: 'done', made: 1, sectors: [], unknown: 0 });
    await unturn(miner, 'pledge-silent');
    expect(await sectors()).toBe(6);
  });

  it('stops at the first that fails: lotus-miner takes no more', async () => {
    await turn(miner, 'max-sealing', '8');
    const ended = await fcops('pledge', '5', '--yes', '--output', 'json');
    expect(ended.exitCode).toBe(1);
    expect(JSON.parse(ended.stdout).result).toEqual({
      state: 'failed',
      made: 2,
      sectors: [6, 7],
      unknown: 0,
    });
    expect(ended.stderr).toContain('2 of 5 sectors were pledged, then: lotus-miner pledged no sector');
    expect(ended.stderr).toContain('too many sectors sealing (curSealing: 8, max: 8)');
    expect(await sectors()).toBe(8);
    await unturn(miner, 'max-sealing');
  });

  it('says what is not known where the answer to one was lost, and does not ask for it again', async () => {
    await turn(miner, 'pledge-loses', '9');
    const document = await pledged('4', '--yes');
    expect(document).toMatchObject({
      exitCode: 1,
      result: { state: 'failed', made: 1, sectors: [8], unknown: 1 },
    });
    expect(await sectors()).toBe(10);
    await unturn(miner, 'pledge-loses');
    expect((await pledged('1', '--dry-run')).warnings).toContainEqual(
      expect.stringMatching(/^the last pledge \(.*\) made 1 of 4 sectors; of one more it is not known$/),
    );
  });

  it('goes on over another connection where one is lost, and pledges none twice', async () => {
    await turn(miner, 'pledge-waits');
    const running = startFcops(args(['pledge', '3', '--yes', '--output', 'json']), { env: cluster.env });
    await expect
      .poll(() => miner.sh('ls /var/lib/fcops/runs/*p3/step 2>/dev/null || true'), { timeout: 20_000 })
      .not.toBe('');
    const again = await fcops('pledge', '3', '--yes');
    expect(again.exitCode).toBe(1);
    expect(again.stderr).toContain('nothing was pledged: 3 sectors are being pledged there already');
    miner.ssh.drop();
    await unturn(miner, 'pledge-waits');
    const { exitCode, stdout } = await running;
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).result).toMatchObject({ state: 'done', made: 3, sectors: [10, 11, 12] });
    expect(await sectors()).toBe(13);
  });

  it('goes on without a controller that is killed, and the next one says what came of it', async () => {
    await turn(miner, 'pledge-waits');
    const running = startFcops(args(['pledge', '2', '--yes']), { env: cluster.env });
    const ended = expect(running).resolves.toMatchObject({ signal: 'SIGKILL' });
    await expect
      .poll(() => miner.sh('ls -d /var/lib/fcops/runs/*p2/step 2>/dev/null | wc -l'), { timeout: 20_000 })
      .toBe('1');
    running.kill('SIGKILL');
    await ended;
    expect((await fcops('pledge', '1', '--yes')).stderr).toContain(
      '2 sectors are being pledged there already',
    );
    await unturn(miner, 'pledge-waits');
    await expect
      .poll(async () => (await pledged('1', '--dry-run')).last, { timeout: 20_000 })
      .toMatchObject({
        asked: 2,
        made: 2,
        unknown: 0,
      });
    expect(await sectors()).toBe(15);
  });

  it('stops after the sector that it is at when it is interrupted', async () => {
    await turn(miner, 'pledge-waits');
    const running = startFcopsOnTerminal(args(['pledge', '5', '--yes']), { env: cluster.env });
    await expect
      .poll(() => miner.sh('ls /var/lib/fcops/runs/*p5/step 2>/dev/null || true'), { timeout: 20_000 })
      .not.toBe('');
    running.stdin.write('\u0003');
    await expect
      .poll(() => miner.sh('ls /var/lib/fcops/runs/*p5.stop 2>/dev/null || true'), { timeout: 20_000 })
      .not.toBe('');
    await unturn(miner, 'pledge-waits');
    const { exitCode, stdout } = await running;
    expect(exitCode).toBe(130);
    expect(stdout).toContain('stopping after the sector that is being pledged');
    expect(stdout).toContain('1 sector pledged: 15');
    expect(await sectors()).toBe(16);
  });

  it('is refused whatever --yes says: no room, no APx, no miner', async () => {
    await turn(miner, 'storage', storage('100 TiB/100 TiB 100%'));
    const full = await fcops('pledge', '1', '--yes');
    expect(full.exitCode).toBe(1);
    expect(full.stderr).toContain('1 sector of 64GiB does not fit: 0 B are free where sectors are kept');
    await turn(miner, 'storage', storage('50 TiB/100 TiB 50%'));
    await endApx(first);
    await expect.poll(registered, { timeout: 20_000 }).toBe('0');
    const none = await fcops('pledge', '1', '--yes');
    expect(none.exitCode).toBe(1);
    expect(none.stderr).toContain('nothing was pledged: no worker that takes AddPiece is enabled');
    await endLotusMiner(miner);
    const down = await fcops('pledge', '1', '--yes');
    expect(down.exitCode).toBe(1);
    expect(down.stderr).toContain('API not running');
    expect(down.stdout + down.stderr).not.toContain(TOKEN);
    expect(await sectors()).toBe(16);
    const unknown = await fcops('jobs');
    expect(unknown).toMatchObject({ exitCode: 1, stdout: '' });
    expect(unknown.stderr).toContain('fcops start miner --miner f0494733');
  });
});
