/** @module-tag needs-namespaces */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StatusDocument } from '../../../src/cli/views/status-document.ts';
import { statusDocumentSchema } from '../../../src/cli/views/status-document.ts';
import { TOKEN, type WrittenCluster } from '../../support/cluster.ts';
import { startFcopsOnTerminal } from '../../support/fcops.ts';
import {
  APX_PID,
  type ApxWorkers,
  endApx,
  NEXT_VERSION,
  startApxWorkers,
  VERSION,
} from '../../support/lotus/apx-workers.ts';
import { turn, unturn } from '../../support/lotus/knobs.ts';
import { endLotusMiner } from '../../support/lotus/running-miner.ts';
import type { SimulatedHost } from '../../support/simulated-hosts.ts';

/** A miner and two workers that run: one test after the other. */

let lotus: ApxWorkers;
let miner: SimulatedHost;
let first: SimulatedHost;
let second: SimulatedHost;
let cluster: WrittenCluster;

const fcops = (...words: string[]) => lotus.fcops(...words);
const registered = () => lotus.registered();
const kill = () => endApx(second);
const status = async (...args: string[]): Promise<StatusDocument & { readonly exitCode: number }> => {
  const { exitCode = 0, stdout, stderr } = await fcops('status', ...args, '--output', 'json');
  if (stdout === '') throw new Error(stderr);
  return { ...statusDocumentSchema.parse(JSON.parse(stdout)), exitCode };
};
const hostOf = (document: StatusDocument, name: string) => {
  const host = document.hosts.find((one) => one.host === name);
  if (!host) throw new Error(`${name} is not in it`);
  return host;
};
const troubles = (document: StatusDocument, name: string) =>
  hostOf(document, name).troubles.map(({ kind, processes }) => [kind, ...processes].join(' '));

beforeAll(async () => {
  lotus = await startApxWorkers();
  ({ miner, first, second, cluster } = lotus);
}, 180_000);
afterAll(() => lotus?.stop());

describe('fcops status', { timeout: 120_000 }, () => {
  it('says what runs, since when, and what the miner says of it', async () => {
    await expect.poll(registered, { timeout: 20_000 }).toBe('2');
    const document = await status();
    expect(document.exitCode).toBe(0);
    expect(document.says).toMatchObject({
      host: 'miner-1',
      workers: { state: 'known', count: 3 },
      jobs: { state: 'known' },
    });
    expect(document.counts).toMatchObject({ hosts: 3, unseen: 0, processes: 4, running: 4 });
    const [apx] = hostOf(document, 'apx-5').processes;
    expect(apx).toMatchObject({
      role: 'apx',
      name: 'APx',
      state: 'running',
      port: 11_000,
      listening: true,
      program: { linked: VERSION, wanted: VERSION, running: VERSION, isLinked: true },
      restart: [],
      uncompared: [],
      miner: { state: 'registered', jobs: [] },
    });
    expect(`${apx?.instances[0]?.pid}`).toBe((await first.sh(APX_PID)).split('\n')[0]);
    expect(
      hostOf(document, 'miner-1').processes.map(({ name, state, miner: word }) => [name, state, word]),
    ).toEqual([
      ['lotus', 'running', null],
      ['lotus-miner', 'running', null],
    ]);
    expect(hostOf(document, 'apx-5').mounts.map(({ target, state }) => [target, state])).toEqual([
      ['/', 'mounted'],
      ['/opt/raid0', 'mounted'],
    ]);
  });

  it('shows hosts that are alike once, and one alone process by process', async () => {
    const { stdout, stderr, exitCode } = await fcops('status', '--role', 'apx');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^f0494733: 2 hosts, 2 of 2 processes run, no trouble\n\napx {2}1\.11\.1-3079a405a\n/,
    );
    expect(stdout).toContain('  2 hosts: its process runs: apx-[5:6]\n');
    const one = await fcops('status', '--limit', 'apx-6');
    expect(one.stdout).toMatch(/\n {4}APx +\d+ {2}\d\d-\d\d \d\d:\d\d {2}11000 .*registered\n/);
    expect(one.stdout).toMatch(/\n {4}mounts {2}\/ .* free of .*\/opt\/raid0 /);
  });

  it('tells which task a worker is at, and how long', async () => {
    const id = await lotus.idOf(first);
    const name = await first.sh('uname -n');
    await turn(miner, 'jobs', `8c3d91aa 1017 ${id.slice(0, 8)} ${name} AP running 12m33.8s\n`);
    const [apx] = hostOf(await status(), 'apx-5').processes;
    expect(apx?.miner).toMatchObject({
      state: 'registered',
      jobs: [{ sector: 1017, task: 'AP', state: 'running', seconds: 753.8 }],
    });
    const { stdout } = await fcops('status');
    expect(stdout).toContain('2 hosts: its process runs, at work: AP × 1: apx-[5:6]');
    await unturn(miner, 'jobs');
  });

  it('is of a host that cannot be reached that host alone, and ends with 1', async () => {
    second.ssh.drop();
    const { inventory } = await lotus.write({}, { 'apx-6': { ssh: { port: 1 } } });
    expect(inventory).toBe(cluster.inventory);
    const document = await status();
    expect(document.exitCode).toBe(1);
    expect(document.counts).toMatchObject({ hosts: 3, unseen: 1, running: 3 });
    expect(troubles(document, 'apx-6')).toEqual(['unseen']);
    await lotus.write({});
  });

  it('tells a worker that runs and is registered nowhere', async () => {
    await turn(second, 'worker-ghost');
    await kill();
    await expect.poll(registered, { timeout: 20_000 }).toBe('1');
    // The miner forgets a session that it has lost when another one answers there.
    await miner.sh(
      `cd /var/lib/simulated-lotus/workers; for lost in *.lost; do rm -f "\${lost%.lost}" "$lost"; done`,
    );
    await fcops('deploy', 'apx', '--start', '--yes', '--limit', 'apx-6');
    const document = await status();
    expect(troubles(document, 'apx-6')).toEqual(['not-registered APx']);
    expect(troubles(document, 'apx-5')).toEqual([]);
    const { stdout } = await fcops('status');
    expect(stdout).toContain('! apx-6: APx: runs, and the miner does not list it');
    expect(stdout).toContain('1 host: its process runs, 1 not registered: apx-6');
    const { stdout: samples } = await fcops('status', '--output', 'prometheus');
    expect(samples).toContain(
      'fcops_worker_registered{miner="f0494733",host="apx-6",role="apx",process="APx"} 0',
    );
    const { stdout: xml } = await fcops('status', '--output', 'junit');
    expect(xml).toMatch(/<testcase classname="apx-6" name="APx">\s*<failure type="not-registered"/);
  });

  it('tells a worker that does not run', async () => {
    await unturn(second, 'worker-ghost');
    await kill();
    await expect
      .poll(async () => troubles(await status(), 'apx-6'), { timeout: 20_000 })
      .toEqual(['process-idle APx']);
    const document = await status();
    expect(document.exitCode).toBe(0);
    expect(troubles(document, 'apx-6')).toEqual(['process-idle APx']);
    expect(hostOf(document, 'apx-6').processes[0]).toMatchObject({
      state: 'stopped',
      instances: [],
    });
    await fcops('deploy', 'apx', '--start', '--yes');
    await expect.poll(registered, { timeout: 20_000 }).toBe('2');
  });

  it('tells one that runs an older program, and what is linked and wanted', async () => {
    await first.sh('sleep 2.2');
    await lotus.write({ versions: { lotus: VERSION, miner: VERSION, apx: NEXT_VERSION } });
    const before = await status();
    expect(troubles(before, 'apx-5')).toEqual(['version APx']);
    await fcops('deploy', 'apx', '--yes');
    const document = await status();
    expect(troubles(document, 'apx-5')).toEqual(['restart-owed APx']);
    expect(hostOf(document, 'apx-5').processes[0]?.program).toMatchObject({
      isLinked: false,
      linked: NEXT_VERSION,
      wanted: NEXT_VERSION,
    });
    const { stdout } = await fcops('status');
    expect(stdout).toMatch(
      /^% apx-\[5:6\]: APx: restart owed: it runs another program than \/opt\/lotusworker\/lotus-worker is now$/m,
    );
  });

  it('repaints what changes, and ends well at Ctrl-C', async () => {
    const running = startFcopsOnTerminal(
      ['status', '--watch', '--interval', '0.5', '--inventory', cluster.inventory],
      { env: cluster.env },
    );
    let shown = '';
    running.stdout.on('data', (chunk: Buffer) => {
      shown += chunk.toString();
    });
    await expect.poll(() => shown, { timeout: 20_000 }).toContain('4 of 4 processes run');
    const was = shown.length;
    await kill();
    await expect.poll(() => shown.slice(was), { timeout: 20_000 }).toContain('3 of 4 processes run');
    running.stdin.write('\u0003');
    expect((await running).exitCode).toBe(0);
    expect(shown).toContain('\u001b[?25h');
  });

  it('says where the miner is down that nobody knows what is registered', async () => {
    await endLotusMiner(miner);
    const document = await status();
    expect(document.exitCode).toBe(0);
    expect(document.says.workers).toMatchObject({
      state: 'unknown',
      why: expect.stringContaining('API not running'),
    });
    expect(hostOf(document, 'apx-5').processes[0]?.miner).toMatchObject({ state: 'unknown' });
    expect(troubles(document, 'apx-5')).toEqual(['restart-owed APx']);
    expect(troubles(document, 'miner-1')).toEqual(['process-dead lotus-miner']);
    const { stdout } = await fcops('status');
    expect(stdout).toContain('? it is not known which workers are registered: miner-1: ');
    expect(stdout).not.toContain(TOKEN);
  });
});
