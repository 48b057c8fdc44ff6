/** @module-tag needs-namespaces */
import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VerifyDocument } from '../../../src/cli/views/verify-document.ts';
import { verifyDocumentSchema } from '../../../src/cli/views/verify-document.ts';
import { TOKEN, type WrittenCluster } from '../../support/cluster.ts';
import { startFcops, startFcopsOnTerminal } from '../../support/fcops.ts';
import { installProgram } from '../../support/host-program.ts';
import { type ApxWorkers, endApx, startApxWorkers } from '../../support/lotus/apx-workers.ts';
import { turn, unturn } from '../../support/lotus/knobs.ts';
import { endLotusMiner } from '../../support/lotus/running-miner.ts';
import { ONE_GPU } from '../../support/nvidia-smi.ts';
import type { SimulatedHost } from '../../support/simulated-hosts.ts';

/** A miner and two workers that run: one test after the other, each leaving all well. */

let lotus: ApxWorkers;
let miner: SimulatedHost;
let second: SimulatedHost;
let cluster: WrittenCluster;

const args = (...more: string[]) => ['verify', ...more, '--inventory', cluster.inventory];
const fcops = (...words: string[]) => lotus.fcops(...words);
const verify = async (...more: string[]): Promise<VerifyDocument & { readonly exitCode: number }> => {
  const { exitCode = 0, stdout, stderr } = await fcops('verify', ...more, '--output', 'json');
  if (stdout === '') throw new Error(stderr);
  return { ...verifyDocumentSchema.parse(JSON.parse(stdout)), exitCode };
};
/** What is not right, host by host. */
const wrong = ({ hosts: all }: VerifyDocument) =>
  all.flatMap(({ host, checks }) =>
    checks.flatMap(({ name, result }) => (result === 'ok' ? [] : [`${host}: ${result}: ${name}`])),
  );

const kill = () => endApx(second);
const start = () => fcops('start', 'apx', '--yes');
const registered = () => lotus.registered();
const allWell = () => expect.poll(async () => wrong(await verify()), { timeout: 30_000 }).toEqual([]);

beforeAll(async () => {
  lotus = await startApxWorkers();
  ({ miner, second, cluster } = lotus);
}, 180_000);
afterAll(() => lotus?.stop());

describe('fcops verify', { timeout: 120_000 }, () => {
  it('says of a cluster that is well what is right, a line a role and sort of check', async () => {
    await expect.poll(registered, { timeout: 20_000 }).toBe('2');
    const { stdout, stderr, exitCode } = await fcops('verify');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^f0494733: 3 hosts, all \d+ checks are right\n\nminer {2}1 host: miner-1\n/);
    expect(stdout).toMatch(/\n {4}processes {3}2 of 2 run: lotus × 1, lotus-miner × 1\n/);
    expect(stdout).toMatch(/\n {4}GPUs {8}1 of 1 answer\n/);
    expect(stdout).toMatch(/\napx {2}2 hosts: apx-\[5:6\]\n {4}processes {3}2 of 2 run\n/);
    expect(stdout).toMatch(/\n {4}registered {2}2 of 2\n/);
    expect(stdout).toMatch(/\n {4}clock {7}2 of 2 right, at most \d+ ms off\n$/);
  });

  it('looks once at a host, and asks it for its clock', async () => {
    const before = second.ssh.commands.length;
    expect((await verify('--limit', 'apx-6')).exitCode).toBe(0);
    expect(second.ssh.commands.length - before).toBe(2);
  });

  it('names a worker that was killed, and since when: its log was written last then', async () => {
    await second.sh('touch -d "3 hours ago" /tmp/then');
    await kill();
    await expect.poll(registered, { timeout: 20_000 }).toBe('1');
    await second.sh('touch -r /tmp/then /opt/lotusworker/worker-apx/log.txt');
    const document = await verify();
    expect([document.exitCode, document.right]).toEqual([1, false]);
    expect(wrong(document)).toEqual(['apx-6: off: APx runs']);
    const [check] = document.hosts.find(({ host }) => host === 'apx-6')?.checks.slice(1) ?? [];
    expect(check).toMatchObject({ message: 'does not run', since: { by: 'log' } });
    expect(check?.since?.seconds).toBeGreaterThanOrEqual(3 * 3600 - 1);
    expect(check?.since?.seconds).toBeLessThan(3 * 3600 + 300);
    const { stdout, exitCode } = await fcops('verify');
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^f0494733: 3 hosts, of \d+ checks 1 is off\n\n/);
    expect(stdout).toMatch(
      /\n! apx-6: APx: does not run \(log last written \d\d-\d\d \d\d:\d\d, 3 h \d min ago\)\n/,
    );
    expect(stdout).toContain('fcops start apx --limit apx-6');
    const { stdout: xml } = await fcops('verify', '--output', 'junit');
    expect(xml).toMatch(
      /<testcase classname="apx-6" name="APx runs">\s*<failure type="process" message="does not run">does not run\nlog last written: /,
    );
  });

  it('with --wait looks until it is well, and says what has changed', async () => {
    const waiting = startFcops(args('--wait', '60s', '--interval', '0.5'), { env: cluster.env });
    let notes = '';
    waiting.stderr.on('data', (chunk: Buffer) => {
      notes += chunk.toString();
    });
    await expect.poll(() => notes, { timeout: 20_000 }).toContain('apx-6: APx: does not run; waiting ');
    await start();
    const { exitCode, stdout } = await waiting;
    expect([exitCode, stdout.split('\n')[0]]).toEqual([
      0,
      expect.stringMatching(/all \d+ checks are right$/),
    ]);
    expect(notes).toMatch(/: APx: runs, and the miner does not list it|checks are right/);
    const lines = notes.trimEnd().split('\n');
    expect(lines.at(-1)).toMatch(/^\d\d:\d\d:\d\d 3 hosts, all \d+ checks are right$/);
    expect(lines.length).toBeLessThan(8);
  });

  it('names a worker that runs and is registered nowhere, since its start', async () => {
    await turn(second, 'worker-ghost');
    await kill();
    await expect.poll(registered, { timeout: 20_000 }).toBe('1');
    // The miner forgets a session that it has lost when another one answers there.
    await miner.sh(
      `cd /var/lib/simulated-lotus/workers; for lost in *.lost; do rm -f "\${lost%.lost}" "$lost"; done`,
    );
    await start();
    const document = await verify();
    expect(document.exitCode).toBe(1);
    expect(wrong(document)).toEqual(['apx-6: off: APx is registered']);
    const { stdout } = await fcops('verify');
    expect(stdout).toMatch(
      /\n! apx-6: APx: runs, and the miner does not list it \(started \d\d-\d\d \d\d:\d\d, \d+ s ago\)\n/,
    );
    expect(stdout).toContain('  ! registered  1 of 2\n');
  });

  it('with --wait gives up at its end, and tells what is left', async () => {
    const { exitCode, stdout, stderr } = await fcops('verify', '--wait', '2s', '--interval', '0.5');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('! apx-6: APx: runs, and the miner does not list it');
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('repaints a terminal while it waits; Ctrl-C ends it with 130 and what is known', async () => {
    const running = startFcopsOnTerminal(args('--wait', '10m', '--interval', '0.5'), { env: cluster.env });
    let shown = '';
    running.stdout.on('data', (chunk: Buffer) => {
      shown += chunk.toString();
    });
    await expect.poll(() => shown, { timeout: 20_000 }).toContain('runs, and the miner does not list it');
    expect(shown).toMatch(/waiting \d+ min \d+ s more, a look every 0\.5 s; Ctrl-C ends it/);
    running.stdin.write('\u0003');
    expect((await running).exitCode).toBe(130);
    expect(shown.slice(shown.lastIndexOf('\u001b[?25h'))).toContain('runs, and the miner does not list it');
    await unturn(second, 'worker-ghost');
    await kill();
    await start();
    await allWell();
  });

  it('tells a clock that is off, and by how much', async () => {
    await installProgram(second, 'date', 'exec /bin/date -d "+90 seconds" "$@"');
    const document = await verify();
    expect(document.exitCode).toBe(1);
    expect(wrong(document)).toEqual(['apx-6: off: clock']);
    const clock = document.hosts.find(({ host }) => host === 'apx-6')?.clock;
    expect(Math.abs((clock?.offset ?? 0) - 90_000)).toBeLessThanOrEqual(1000 + (clock?.uncertainty ?? 0));
    const { stdout } = await fcops('verify');
    expect(stdout).toMatch(/\n! apx-6: its clock is 1 min (29|30|31) s ahead \(± \d+ ms\)\n/);
    await second.sh('rm /usr/local/bin/date');
  });

  it('does not take for right what nobody can tell: a driver that hangs', async () => {
    await installProgram(miner, 'nvidia-smi', 'exec sleep 30');
    const document = await verify('--role', 'miner');
    expect(document.exitCode).toBe(1);
    expect(wrong(document)).toEqual(['miner-1: unknown: NVIDIA driver']);
    const { stdout } = await fcops('verify', '--role', 'miner');
    expect(stdout).toContain('\n? miner-1: it is not known whether 1 GPU answers\n');
    expect(stdout).toContain('nvidia-smi gave no answer within 5 s');
    await installProgram(miner, 'nvidia-smi', ONE_GPU);
  });

  it('is of a host that cannot be reached that host alone', async () => {
    const port = `port: ${second.port}\n`;
    const text = await readFile(cluster.file, 'utf8');
    await writeFile(cluster.file, text.replace(port, 'port: 1\n'));
    const document = await verify();
    expect(document.exitCode).toBe(1);
    expect(wrong(document)).toEqual(['apx-6: off: look']);
    await writeFile(cluster.file, text);
  });

  it('says once where the miner is down that nobody knows what is registered', async () => {
    await endLotusMiner(miner);
    const document = await verify();
    expect(document.exitCode).toBe(1);
    expect(wrong(document)).toEqual([
      'miner-1: off: lotus-miner runs',
      'apx-5: unknown: APx is registered',
      'apx-6: unknown: APx is registered',
    ]);
    const { stdout } = await fcops('verify');
    expect(stdout.match(/API not running/g)).toHaveLength(1);
    expect(stdout).toContain('\n? apx-[5:6]: it is not known which of its workers are registered\n    why: ');
    expect(stdout).not.toContain(TOKEN);
  });
});
