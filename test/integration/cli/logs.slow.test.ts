/** @module-tag needs-namespaces */
import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { WrittenCluster } from '../../support/cluster.ts';
import { fcops as run, startFcops, startFcopsOnTerminal } from '../../support/fcops.ts';
import type { SimulatedHost } from '../../support/simulated-hosts.ts';
import {
  OTHER_API,
  OTHER_TOKEN,
  startUndeployedHosts,
  type UndeployedHosts,
} from '../../support/undeployed-hosts.ts';

const LOTUS = '/opt/raid0/lotus/logs';
const APX = '/opt/lotusworker/worker-apx/log.txt';
/** A journal in a file, an entry a line, read as journalctl does (tried with systemd 252): its place is a number. */
const JOURNAL = '/var/log/simulated-journal';
const JOURNALCTL = `#!/bin/bash
units=() after=0 lines=+1
while [[ $# -gt 0 ]]; do
  case $1 in
    -u) units+=("$2"); shift ;;
    -n) lines=$2; shift ;;
    --after-cursor) after=\${2#s=}; shift ;;
    -o) shift ;;
  esac
  shift
done
# Read once: what is said meanwhile has its place after the one that is given.
mine=$(awk -F'\t' -v units=" \${units[*]} " 'index(units, " " $1 " ") { print NR "\t" $2 }' ${JOURNAL})
[[ -n $mine ]] || exit 1
awk -F'\t' -v after="$after" '$1 > after { print $2 }' <<<"$mine" | tail -n "$lines"
last=$(tail -n 1 <<<"$mine" | cut -f 1)
echo "-- cursor: s=$((last > after ? last : after))"
`;
let undeployed: UndeployedHosts;
let cluster: WrittenCluster;
let miner: SimulatedHost;
let workers: readonly SimulatedHost[];
let worker: SimulatedHost;

const words = (...args: readonly string[]) => ['logs', ...args, '--inventory', cluster.inventory];
const logs = (...args: readonly string[]) => run(words(...args), { env: cluster.env });
/** Starts following, with all that has been said until now. */
const follow = (...args: readonly string[]) => {
  const running = startFcops(words(...args, '-f'), { env: cluster.env });
  const said = { stdout: '', stderr: '' };
  running.stdout.on('data', (chunk: Buffer) => {
    said.stdout += chunk.toString();
  });
  running.stderr.on('data', (chunk: Buffer) => {
    said.stderr += chunk.toString();
  });
  return { running, said, lines: () => said.stdout.split('\n').slice(0, -1) };
};
const soon = { timeout: 20_000, interval: 100 };
/** Bash that reads logs for us, by what it holds open. */
const readers = (host: SimulatedHost) => host.sh(`find /proc/[0-9]*/fd -lname '${APX}*' 2>/dev/null | wc -l`);

beforeAll(async () => {
  undeployed = await startUndeployedHosts('apx', ['apx-5', 'apx-6', 'apx-7']);
  ({ cluster, miner, workers } = undeployed);
  worker = workers[0] as SimulatedHost;
  await miner.sh(`mkdir -p ${LOTUS.replace(/\/[^/]*$/, '')}; seq -f 'chain %g' 100 >${LOTUS}`);
  await Promise.all(
    workers.map((host) =>
      host.sh(`mkdir -p ${APX.replace(/\/[^/]*$/, '')}; seq -f '${host.name} line %g' 30 >${APX}
echo "${OTHER_API}" >/opt/lotusworker/profile`),
    ),
  );
}, 120_000);
afterAll(() => undeployed?.hosts.stop());
beforeEach(async () => {
  await Promise.all(
    workers.map((host) => host.sh(`rm -f ${APX}.1; seq -f '${host.name} line %g' 30 >${APX}`)),
  );
});

describe('fcops logs', { timeout: 90_000 }, () => {
  it('shows the last lines of each process, and says where there is no log', async () => {
    const { exitCode, stdout, stderr } = await logs('miner', 'apx-5', '-n', '2');
    expect(exitCode).toBe(0);
    expect(stdout.split('\n').toSorted()).toEqual([
      '',
      'apx-5   APx         | apx-5 line 29',
      'apx-5   APx         | apx-5 line 30',
      'miner-1 lotus       | chain 100',
      'miner-1 lotus       | chain 99',
    ]);
    expect(stderr).toBe('* miner-1: lotus-miner: no log yet (/opt/raid0/lotusminer/logs)\n');
    expect((await logs('apx-6')).stdout.split('\n')).toHaveLength(21);
    const one = await logs('miner', '--process', 'lotus', '-n', '1', '--output', 'json');
    expect(one.stdout).toBe('{"host":"miner-1","process":"lotus","line":"chain 100"}\n');
    const unknown = await logs('miner', '--process', 'P1');
    expect([unknown.exitCode, unknown.stderr]).toEqual([
      1,
      expect.stringContaining('--process: none of these hosts runs "P1"'),
    ]);
  });

  it('finds the last lines of a log of any size, and of any number', async () => {
    await worker.sh(`seq -f '%09.0f' 3000000 >${APX}`);
    const { stdout } = await logs('apx-5', '-n', '150000');
    const lines = stdout.split('\n').slice(0, -1);
    expect([lines.length, lines[0], lines.at(-1)]).toEqual([
      150_000,
      'apx-5 APx | 002850001',
      'apx-5 APx | 003000000',
    ]);
    await worker.sh(`printf 'no end' >${APX}`);
    expect((await logs('apx-5')).stdout).toBe('apx-5 APx | no end\n');
    expect((await logs('apx-5', '-n', '0')).stdout).toBe('');
  });

  it('looks for an expression on the host, and says once that it is none', async () => {
    const { stdout } = await logs('apx', '--grep', 'line (1|2)1$', '-n', '1');
    expect(stdout.split('\n').toSorted()).toEqual([
      '',
      'apx-5 APx | apx-5 line 21',
      'apx-6 APx | apx-6 line 21',
      'apx-7 APx | apx-7 line 21',
    ]);
    const bad = await logs('all', '--grep', '[ERROR');
    expect([bad.exitCode, bad.stdout]).toEqual([1, '']);
    expect(bad.stderr).toMatch(
      /^error: --grep: this is no extended regular expression\n {2}why: .+\n {2}next: .*\n$/,
    );
    const quoted = await logs('apx-5', '--grep', `'; touch /opt/ran; "$(touch /opt/ran)`);
    expect([quoted.exitCode, quoted.stdout, quoted.stderr]).toEqual([0, '', '']);
    expect(await worker.sh('ls /opt')).not.toContain('ran');
  });

  it('makes what is no text harmless, masks secrets, and cuts endless lines', async () => {
    // By way of a file: another test looks at the arguments of all processes of this machine.
    await writeFile(
      `${worker.root}/opt/printed`,
      `${cluster.env.ARTIFACTS_PASSWORD} token=hunter22\n${OTHER_TOKEN}\n`,
    );
    await worker.sh(
      `{ printf 'a\\033]0;t\\007b\\000\\377\\n'; cat /opt/printed; } >${APX}; head -c 300000 /dev/zero | tr '\\0' x >>${APX}`,
    );
    const { stdout } = await logs('apx-5');
    const [first, second, third, long = ''] = stdout.split('\n');
    expect(first).toMatch(/^apx-5 APx \| [^\p{C}]*$/u);
    expect(second).toBe('apx-5 APx | ******** token=********');
    expect(third).toBe('apx-5 APx | ********');
    expect([long.length, long.endsWith('x…')]).toEqual(['apx-5 APx | '.length + 64 * 1024 + 1, true]);
  });

  it('follows many hosts, whole lines in order, until Ctrl-C, and leaves nothing on them', async () => {
    const { running, said, lines } = follow('apx', '-n', '1');
    await expect.poll(() => lines().length, soon).toBe(3);
    await Promise.all(
      workers.map((host) =>
        host.sh(`for i in {1..50}; do printf '%s new' ${host.name}; printf ' %s 好\\n' $i; done >>${APX}`),
      ),
    );
    await worker.sh(`printf 'half \\345' >>${APX}; sleep 1.2; printf '\\245\\275\\n' >>${APX}`);
    await expect.poll(() => lines().length, soon).toBe(3 + 150 + 1);
    for (const { name } of workers)
      expect(lines().filter((line) => line.startsWith(`${name} APx | ${name} new`))).toEqual(
        Array.from({ length: 50 }, (_, index) => `${name} APx | ${name} new ${index + 1} 好`),
      );
    expect(lines().at(-1)).toBe('apx-5 APx | half 好');
    expect(await readers(worker)).not.toBe('0');
    running.kill('SIGINT');
    expect((await running).exitCode).toBe(130);
    expect(said.stderr).toBe('');
    await expect.poll(() => readers(worker), { timeout: 5_000 }).toBe('0');
  });

  it('ends when nobody reads it any more', async () => {
    const { running } = follow('apx-5', '-n', '1');
    await expect.poll(() => readers(worker), soon).not.toBe('0');
    running.stdout.destroy();
    await expect
      .poll(async () => {
        await worker.sh(`echo more >>${APX}`);
        return running.exitCode;
      }, soon)
      .toBe(0);
    await expect.poll(() => readers(worker), { timeout: 5_000 }).toBe('0');
  });

  it('goes on through a log that is moved away, emptied, removed, or comes later', async () => {
    const { running, said, lines } = follow('apx-5', '-n', '0');
    await expect.poll(() => readers(worker), soon).not.toBe('0');
    await worker.sh(`echo one >>${APX}; mv ${APX} ${APX}.1; echo two >>${APX}.1; echo three >${APX}; sleep 1.5
: >${APX}; sleep 1.5; echo four >>${APX}; sleep 1.5; rm ${APX}; sleep 1.5; echo five >${APX}`);
    await expect
      .poll(lines, soon)
      .toEqual(['one', 'two', 'three', 'four', 'five'].map((line) => `apx-5 APx | ${line}`));
    expect(said.stderr).toBe(
      `* apx-5: APx: its log was moved away; what follows stands in a new one
* apx-5: APx: its log was emptied, and begins anew
* apx-5: APx: its log was moved away; what follows stands in a new one
`,
    );
    running.kill('SIGINT');
    await running;
    const later = follow('miner-1', '--process', 'lotus-miner');
    await expect.poll(() => later.said.stderr, soon).toContain('no log yet');
    await miner.sh('mkdir -p /opt/raid0/lotusminer; echo here >/opt/raid0/lotusminer/logs');
    await expect.poll(later.lines, soon).toEqual(['miner-1 lotus-miner | here']);
    expect(later.said.stderr.split('\n')).toHaveLength(2);
    later.running.kill('SIGTERM');
    expect((await later.running).exitCode).toBe(130);
  });

  it('goes on over a lost connection from where it was, without losing or repeating a line', async () => {
    const { running, said, lines } = follow('apx-6', 'apx-7', '-n', '0');
    const lost = workers[1] as SimulatedHost;
    await expect.poll(() => Promise.all(workers.slice(1).map(readers)), soon).not.toContain('0');
    const writing = lost.sh(
      `for i in {1..100}; do echo "count $i" >>${APX}; sleep 0.05; [[ $i != 60 ]] || { mv ${APX} ${APX}.1; }; done`,
    );
    await expect.poll(() => lines().length, soon).toBeGreaterThan(5);
    lost.ssh.drop();
    await expect.poll(() => said.stderr, soon).toContain('it answers again');
    await writing;
    await expect.poll(() => lines().length, soon).toBe(100);
    expect(lines()).toEqual(Array.from({ length: 100 }, (_, index) => `apx-6 APx | count ${index + 1}`));
    expect(said.stderr).toContain('* apx-6: the connection was lost; called again until it answers\n');
    running.kill('SIGINT');
    expect((await running).exitCode).toBe(130);
  });

  it('follows with an expression, by whole lines', async () => {
    const { running, lines } = follow('apx-7', '--grep', 'ERROR', '-n', '3');
    await expect.poll(() => readers(workers[2] as SimulatedHost), soon).not.toBe('0');
    await workers[2]?.sh(
      `echo 'ERROR 1' >>${APX}; echo info >>${APX}; printf 'ERR' >>${APX}; sleep 1.2; printf 'OR 2\\n' >>${APX}; seq 200000 >>${APX}; echo ERROR 3 >>${APX}`,
    );
    await expect.poll(lines, soon).toEqual([1, 2, 3].map((n) => `apx-7 APx | ERROR ${n}`));
    running.kill('SIGINT');
    await running;
  });

  it('keeps a host that floods small, and hears the others meanwhile', async () => {
    const running = startFcops(words('apx', '-n', '0', '-f'), { env: cluster.env });
    let heard = false;
    let bytes = 0;
    running.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      heard ||= chunk.includes('apx-6 APx | heard');
    });
    await expect.poll(() => Promise.all(workers.map(readers)), soon).not.toContain('0');
    await worker.sh(`yes "$(printf %0200d 0)" | head -c 20000000 >>${APX}`);
    await expect.poll(() => bytes, soon).toBeGreaterThan(1_000_000);
    await workers[1]?.sh(`echo heard >>${APX}`);
    await expect.poll(() => heard, { timeout: 60_000 }).toBe(true);
    const status = await readFile(`/proc/${running.pid}/status`, 'utf8');
    running.kill('SIGINT');
    expect((await running).exitCode).toBe(130);
    expect(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024).toBeLessThan(400);
  });

  it('is of a host that cannot be reached that host alone', async () => {
    await undeployed.write({ only: ['apx-5', 'apx-6'], at: { 'apx-6': { ssh: { port: 1 } } } });
    const { exitCode, stdout, stderr } = await logs('apx', '-n', '1');
    expect([exitCode, stdout]).toEqual([1, 'apx-5 APx | apx-5 line 30\n']);
    expect(stderr).toMatch(/^error: apx-6: /);
    await undeployed.write({ only: ['apx-5', 'apx-6', 'apx-7'] });
  });

  it('reads the journal of what runs by a unit, over lost connections', async () => {
    const host = workers[2] as SimulatedHost;
    await writeFile(`${host.root}/usr/local/bin/journalctl`, JOURNALCTL, { mode: 0o755 });
    const say = (script: string) =>
      host.sh(`{ ${script}; } | sed 's/^/fcops-apx.service\t/' >>${JOURNAL}; sleep 0.5`);
    await host.sh(`printf 'sshd.service\tother\n' >${JOURNAL}`);
    await undeployed.write({
      only: ['apx-5', 'apx-6', 'apx-7'],
      more: { variables: { supervisor: 'systemd' } },
    });
    // Nothing has been started by its unit yet.
    expect((await logs('apx-7', '-n', '1')).stdout).toBe('apx-7 APx | apx-7 line 30\n');
    await say("seq -f 'entry %g' 50");
    expect((await logs('apx-7', '-n', '2')).stdout).toBe('apx-7 APx | entry 49\napx-7 APx | entry 50\n');
    expect((await logs('apx-7', '--grep', '[14]0$', '-n', '2')).stdout).toBe(
      'apx-7 APx | entry 10\napx-7 APx | entry 40\n',
    );
    const { running, said, lines } = follow('apx-7', '-n', '1', '--grep', 'entry|new');
    await expect.poll(lines, soon).toEqual(['apx-7 APx | entry 50']);
    await say("echo new 1; echo other; echo '-- cursor: no'; echo new 2");
    await expect.poll(() => lines().at(-1), soon).toBe('apx-7 APx | new 2');
    host.ssh.drop();
    await say('echo new 3');
    await expect.poll(() => said.stderr, soon).toContain('it answers again');
    await say('echo new 4');
    await expect.poll(() => lines().at(-1), soon).toBe('apx-7 APx | new 4');
    expect(lines().filter((line) => line.includes('new'))).toEqual(
      [1, 2, 3, 4].map((n) => `apx-7 APx | new ${n}`),
    );
    running.kill('SIGINT');
    expect((await running).exitCode).toBe(130);
  });

  it('has a colour for each host on a terminal', async () => {
    const running = startFcopsOnTerminal(words('apx', '-f', '-n', '1'), { env: cluster.env });
    let shown = '';
    running.stdout.on('data', (chunk: Buffer) => {
      shown += chunk.toString();
    });
    await expect.poll(() => shown.split('\n').length, soon).toBe(4);
    expect(shown).toContain('\u001b[36mapx-5\u001b[39m APx \u001b[2m|\u001b[22m apx-5 line 30\r\n');
    expect(shown).toContain('\u001b[32mapx-6\u001b[39m APx');
    running.stdin.write('\u0003');
    expect((await running).exitCode).toBe(130);
  });
});
