/** @module-tag needs-namespaces */
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { WindowDocument } from '../../../src/cli/views/window-document.ts';
import { windowDocumentSchema } from '../../../src/cli/views/window-document.ts';
import { runRecordSchema } from '../../../src/engine/runs/record.ts';
import { type ArtifactServer, startArtifactServer } from '../../support/artifact-server.ts';
import { MINER, type WrittenCluster, writeCluster } from '../../support/cluster.ts';
import { fcops as run, startFcops, startFcopsOnTerminal } from '../../support/fcops.ts';
import { turn, unturn } from '../../support/lotus/knobs.ts';
import { publishLotus } from '../../support/lotus/programs.ts';
import { makeMiner, stopMiner } from '../../support/lotus/running-miner.ts';
import { minerMachine } from '../../support/machines.ts';
import {
  type SimulatedHost,
  type SimulatedHosts,
  startSimulatedHosts,
} from '../../support/simulated-hosts.ts';

/** A miner that runs, and what keeps it from being stopped: the windows in which it proves its sectors. */

const VERSION = '1.11.1-3079a405a';
/** 20 epochs into the window of deadline 25, of a period that starts there. */
const EPOCH = 1031540;
const PERIOD = 1030020;
let hosts: SimulatedHosts;
let miner: SimulatedHost;
let artifacts: ArtifactServer;
let cluster: WrittenCluster;
let state: string;

const env = () => ({ ...cluster.env, XDG_STATE_HOME: state });
const args = (words: readonly string[]) => [...words, '--inventory', cluster.inventory];
const fcops = (...words: string[]) => run(args(words), { env: env() });
const pids = () =>
  miner.sh(
    `for f in /proc/[0-9]*/cmdline; do w=$(tr '\\0' ' ' <"$f" 2>/dev/null); [[ $w != '/bin/bash /usr/local/bin/lotus'*(-miner)' '@(run|daemon)' ' ]] || { f=\${f%/cmdline}; p=$(cut -d ' ' -f 4 "$f/stat"); [[ $(tr '\\0' ' ' <"/proc/$p/cmdline" 2>/dev/null) == "$w" ]] || echo "\${f##*/}"; }; done`,
  );
const settled = () =>
  miner.sh('flock -w 10 /var/lib/fcops/session true; flock -w 10 /var/lib/fcops/lock true');
/** Deadlines with one partition of ten sectors each. */
const live = (...deadlines: readonly number[]) =>
  turn(miner, 'partitions', deadlines.map((one) => `${one} 10 0 0\n`).join(''));
const at = (epoch: number) => turn(miner, 'epoch', String(epoch));
const window = async (): Promise<WindowDocument & { readonly exitCode: number | undefined }> => {
  const { exitCode, stdout, stderr } = await fcops('window', '--miner', MINER, '--output', 'json');
  if (stdout === '') throw new Error(stderr);
  return { ...windowDocumentSchema.parse(JSON.parse(stdout)), exitCode };
};
/** Refused: nothing was stopped, for this reason. */
const isRefused = async (words: readonly string[], ...reasons: readonly string[]) => {
  const before = await pids();
  const { exitCode, stdout, stderr } = await fcops(...words, '--yes');
  const said = stdout + stderr;
  for (const reason of ['nothing was stopped', ...reasons]) expect(said).toContain(reason);
  expect([exitCode, await pids()]).toEqual([1, before]);
  return said;
};

beforeAll(async () => {
  hosts = await startSimulatedHosts({ hosts: [minerMachine('miner-1')] });
  const [first] = hosts.hosts;
  if (!first) throw new Error('a host was asked for');
  miner = first;
  artifacts = await startArtifactServer({ versions: [] });
  const sha256 = await publishLotus(artifacts, VERSION, ['lotus', 'lotus-miner']);
  state = mkdtempSync(join(hosts.directory, 'state-'));
  cluster = await writeCluster({
    ...hosts,
    artifacts: { ...artifacts, sha256 },
    hosts: [{ host: miner, roles: ['miner'], profile: 'amd-7532', more: { checks: 'off' } }],
    more: {
      api: { from: 'miner' },
      versions: { lotus: VERSION, miner: VERSION },
      variables: { syncDeadline: 60 },
    },
  });
  await fcops('deploy', 'miner', '--yes');
  await makeMiner(miner, MINER);
  await settled();
  await fcops('deploy', 'miner', '--yes');
  await settled();
  const { exitCode, stdout, stderr } = await fcops('start', 'miner', '--yes');
  if (exitCode !== 0) throw new Error(stdout + stderr);
}, 180_000);
afterAll(async () => {
  await stopMiner(miner).catch(() => {});
  await artifacts?.stop();
  await hosts?.stop();
});

beforeEach(async () => {
  await turn(miner, 'period-start', String(PERIOD));
  await at(EPOCH);
  await live(25, 40);
  await turn(miner, 'proven', '1');
  await settled();
});
afterEach(async () => {
  for (const knob of ['proven', 'recovering', 'sync', 'says/proving-info', 'says/status'] as const)
    await unturn(miner, knob);
  await unturn(miner, 'hangs/proving-deadlines');
});

describe('fcops window', { timeout: 120_000 }, () => {
  it('says that the miner may be stopped, and until when', async () => {
    expect(await window()).toMatchObject({
      exitCode: 0,
      state: 'open',
      reasons: [{ why: 'proven', message: 'all of deadline 25 is proven' }],
      downtime: { seconds: 1200, by: 'assumed' },
      deadline: { index: 25, sectors: 10, partitions: 1, proven: 1 },
      next: { deadline: 40, computes: { epoch: PERIOD + 40 * 60 - 10 } },
      until: { epoch: PERIOD + 40 * 60 - 10 - 50 },
    });
    const stated = await fcops('window', '--miner', MINER, '--downtime', '8m');
    expect(stated.stdout).toContain('away for 13 min 0 s: 8 min 0 s as was said (--downtime), and 5 min 0 s');
    const text = await fcops('window', '--miner', MINER);
    expect([text.exitCode, text.stderr]).toEqual([0, '']);
    expect(text.stdout).toMatch(/^f0494733: lotus and lotus-miner may be stopped now, and up to \d\d-\d\d/);
    expect(text.stdout).toContain('next: deadline 40, whose proofs lotus-miner begins with in 7 h 14 min');
    expect(text.stdout).toContain('When a stop may begin in the coming day:\n  now ');
  });

  it('says that it must not, and when it may', async () => {
    await unturn(miner, 'proven');
    expect(await window()).toMatchObject({
      exitCode: 1,
      state: 'closed',
      reasons: [{ why: 'unproven' }],
      gaps: [{ sure: { epoch: PERIOD + 26 * 60 } }, { sure: { epoch: PERIOD + 41 * 60 } }, {}],
    });
    const text = await fcops('window', '--miner', MINER);
    expect(text.stdout).toContain('lotus and lotus-miner must not be stopped now');
  });

  it('says that it cannot tell', async () => {
    await turn(miner, 'says/proving-info', 'Proving: fine, thank you\n');
    expect(await window()).toMatchObject({ exitCode: 1, state: 'unknown', gaps: null });
    const text = await fcops('window', '--miner', MINER);
    expect(text.stdout).toContain('it cannot be told whether lotus and lotus-miner may be stopped');
  });
});

describe('fcops stop and restart', { timeout: 180_000 }, () => {
  it('refuse a window that opens in two minutes', async () => {
    await at(PERIOD + 26 * 60 - 5);
    await live(25, 26, 40);
    const words = [
      'is computing the proofs of deadline 26, whose window opens in',
      'the next gap of that length',
      '--wait-for-window waits',
    ];
    await isRefused(['restart', 'miner', '--miner', MINER], ...words);
    const said = await isRefused(['stop', 'miner-1'], ...words);
    // What the question itself took counts.
    expect(said).toMatch(/whose window opens in [12] min (0|30) s/);
  });

  it('refuse a single one of the two', async () => {
    await unturn(miner, 'proven');
    await isRefused(
      ['stop', 'miner-1', '--process', 'lotus-miner'],
      '1 partition of deadline 25 is not proven',
    );
  });

  it('refuse while recoveries are to be declared, and where lotus is behind', async () => {
    await turn(miner, 'partitions', '25 10 0 0\n27 10 2 0\n40 10 0 0\n');
    await isRefused(['stop', 'miner-1'], 'deadline 27 has 2 faulty sectors');
    await turn(miner, 'sync', 'behind');
    await isRefused(['stop', 'miner-1'], 'lotus is 147 epochs behind');
  });

  it('refuse where nobody can tell', async () => {
    await turn(miner, 'says/status', 'Sync Epoch: soon\n');
    await isRefused(['stop', 'miner-1'], 'it cannot be told whether a proof would be lost', 'lotus status: ');
    await unturn(miner, 'says/status');
    await turn(miner, 'hangs/proving-deadlines');
    await isRefused(['stop', 'miner-1'], 'proving deadlines gave no answer within 20 s');
  });

  it('ask again right before they stop', async () => {
    const before = await pids();
    const running = startFcopsOnTerminal(args(['stop', 'miner-1']), { env: env() });
    let shown = '';
    running.stdout.on('data', (chunk: Buffer) => {
      shown += chunk.toString();
    });
    await expect.poll(() => shown, { timeout: 30_000 }).toContain('Stop these processes');
    // While somebody thinks about it.
    await at(PERIOD + 40 * 60 - 12);
    running.stdin.write('y\n');
    const { exitCode } = await running;
    expect(shown.replaceAll(/\s+/g, ' ')).toContain('nothing was stopped: proofs of the miner would be lost');
    expect([exitCode, await pids()]).toEqual([1, before]);
  });

  it('wait for a gap where they are told to, and end with nothing at Ctrl-C', async () => {
    await unturn(miner, 'proven');
    const before = await pids();
    const words = ['restart', 'miner-1', '--wait-for-window', '--downtime', '8m', '--yes'];
    const running = startFcops(args(words), { env: env() });
    let said = '';
    running.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    await expect
      .poll(() => said, { timeout: 30_000 })
      .toMatch(/miner-1: waiting: 1 partition of deadline 25 is not proven yet/);
    running.kill('SIGINT');
    const { exitCode, stderr } = await running;
    expect(exitCode).toBe(130);
    expect(said + stderr).toContain('nothing was done to it');
    expect(await pids()).toBe(before);
    // Who takes it up waits as well.
    const runs = join(state, 'fcops/runs');
    const last = readdirSync(runs).sort().at(-1) ?? '';
    const record = runRecordSchema.parse(JSON.parse(readFileSync(join(runs, last, 'run.json'), 'utf8')));
    expect(record.request.stop).toMatchObject({ window: 'wait', downtime: 480 });
  });

  it('stop when the gap is there', async () => {
    await unturn(miner, 'proven');
    const before = (await pids()).split('\n');
    const running = startFcops(args(['restart', 'miner-1', '--wait-for-window', '--yes']), { env: env() });
    let said = '';
    running.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    await expect.poll(() => said, { timeout: 30_000 }).toContain('waiting: 1 partition');
    await turn(miner, 'proven', '1');
    await expect
      .poll(() => said, { timeout: 60_000 })
      .toContain('has to stand on the chain for some minutes');
    expect((await pids()).split('\n')).toEqual(before);
    await at(EPOCH + 5);
    const { exitCode, stderr } = await running;
    expect([exitCode, stderr]).toEqual([0, '']);
    const now = (await pids()).split('\n');
    expect(now).toHaveLength(2);
    expect(now.filter((pid) => before.includes(pid))).toEqual([]);
    // From now on it is known how long that takes.
    expect((await window()).downtime).toMatchObject({ by: 'measured', restarts: 1, margin: 300 });
  });

  it('stop whatever is to be proven where they are told to, and say what that may cost', async () => {
    await unturn(miner, 'proven');
    const { exitCode, stdout, stderr } = await fcops(
      ...['stop', 'miner-1', '--process', 'lotus-miner', '--ignore-proving-window', '--yes'],
    );
    expect(exitCode).toBe(0);
    expect(stdout + stderr).toContain('--ignore-proving-window: where a window is missed, all its sectors');
    expect(await pids()).toMatch(/^\d+$/);
  });

  it('stop lotus where no lotus-miner runs, and need nothing for a start', async () => {
    await unturn(miner, 'proven');
    expect(await window()).toMatchObject({ exitCode: 0, state: 'idle' });
    const stopped = await fcops('stop', 'miner-1', '--yes');
    expect([stopped.exitCode, stopped.stderr, await pids()]).toEqual([0, '', '']);
    await settled();
    const started = await fcops('start', 'miner-1', '--yes');
    expect([started.exitCode, started.stderr]).toEqual([0, '']);
  });

  it('stop a miner without sectors', async () => {
    await turn(miner, 'partitions', '');
    expect(await window()).toMatchObject({ state: 'open', until: null, reasons: [{ why: 'no sectors' }] });
    const stopped = await fcops('stop', 'miner-1', '--yes');
    expect([stopped.exitCode, stopped.stderr, await pids()]).toEqual([0, '', '']);
  });
});
