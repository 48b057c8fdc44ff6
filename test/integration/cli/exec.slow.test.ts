/** @module-tag needs-namespaces */
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execDocumentSchema } from '../../../src/cli/views/exec-document.ts';
import { MINER, TOKEN, type WrittenCluster } from '../../support/cluster.ts';
import { fcopsOnTerminal, fcops as run, startFcops } from '../../support/fcops.ts';
import type { SimulatedHost } from '../../support/simulated-hosts.ts';
import {
  OTHER_API,
  OTHER_TOKEN,
  startUndeployedHosts,
  type UndeployedHosts,
} from '../../support/undeployed-hosts.ts';

let undeployed: UndeployedHosts;
let cluster: WrittenCluster;
let workers: readonly SimulatedHost[];

const at = () => ['--inventory', cluster.inventory];
/** `fcops exec` with the command after its dashes. */
const exec = (words: readonly string[], ...command: readonly string[]) =>
  run(['exec', ...words, ...at(), '--', ...command], { env: cluster.env });
const json = async (words: readonly string[], ...command: readonly string[]) => {
  const { exitCode, stdout, stderr } = await exec([...words, '--output', 'json'], ...command);
  if (stdout === '') throw new Error(stderr);
  return { exitCode, ...execDocumentSchema.parse(JSON.parse(stdout)) };
};
/**
 * How many processes of a host have a word in their arguments; what looks for it has it otherwise. A dot is one: in random
 * marks there are all digits.
 */
const running = (host: SimulatedHost, word: string) =>
  host.sh(
    `grep -ls '[${word.slice(0, 1)}]${word.slice(1).replaceAll('.', '[.]')}' /proc/[0-9]*/cmdline | wc -l`,
  );

beforeAll(async () => {
  undeployed = await startUndeployedHosts('p1', ['p1-50', 'p1-51', 'p1-52', 'p1-53']);
  ({ cluster, workers } = undeployed);
  await undeployed.miner.sh(
    'mkdir -p /opt/raid0; echo "export LOTUS_PATH=/opt/raid0/lotus" >/opt/raid0/profile',
  );
  await Promise.all(
    workers.map((host) =>
      host.sh(
        `mkdir -p /opt/lotusworker; printf '%s\\n' 'echo noise' '${OTHER_API}' >/opt/lotusworker/profile
printf '#!/bin/sh\\necho "worker at $MINER_API_INFO"\\n' >/opt/lotusworker/lotus-worker; chmod +x /opt/lotusworker/lotus-worker`,
      ),
    ),
  );
}, 120_000);
afterAll(() => undeployed?.hosts.stop());

describe('fcops exec', { timeout: 60_000 }, () => {
  it('loads the variables of the role and finds its programs, and shows no token of the profile', async () => {
    const { exitCode, stdout, stderr } = await exec(['p1-50'], 'lotus-worker', 'info');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toBe('p1-50: exit 0\n  worker at ********:/ip4/10.0.0.1/tcp/2345/http\n');
    const onMiner = await exec(['miner-1'], 'echo $LOTUS_PATH; pwd; id -u; wc -c');
    expect(onMiner.stdout).toBe('miner-1: exit 0\n  /opt/raid0/lotus\n  /root\n  0\n  0\n');
  });

  it('takes several words as they are, and a single one as a line', async () => {
    const several = await exec(['p1-50'], 'printf', '<%s>', "a  b'c", '$HOME', '*', '');
    expect(several.stdout).toBe("p1-50: exit 0\n  <a  b'c><$HOME><*><>\n");
    const one = await exec(['p1-50'], 'printf "<%s>" $HOME | tr o 0');
    expect(one.stdout).toBe('p1-50: exit 0\n  </r00t>\n');
    const multiline = await exec(['p1-50'], 'if true\nthen echo yes\nfi\n# 好\n');
    expect(multiline.stdout).toBe('p1-50: exit 0\n  yes\n');
  });

  it('runs a line as it is, whatever a profile has switched on for itself, and traces no token', async () => {
    const [host] = workers;
    await host?.sh(
      'cp /opt/lotusworker/profile{,.before}; echo "set -fuxo pipefail" >>/opt/lotusworker/profile',
    );
    try {
      const { exitCode, stdout } = await exec(['p1-50'], 'yes | head -n 1; echo /et? $NO_SUCH');
      expect([exitCode, stdout]).toEqual([0, 'p1-50: exit 0\n  y\n  /etc\n']);
      const {
        hosts: [one],
      } = await json(['p1-50'], 'yes | head -n 1 >/dev/null');
      expect(one).toMatchObject({ stderr: '' });
    } finally {
      await host?.sh('mv /opt/lotusworker/profile{.before,}');
    }
  });

  it('shows hosts with the same result once, trouble first', async () => {
    const { exitCode, stdout } = await exec(
      ['p1-*', '-y'],
      'echo here; [[ $(hostname) != p1-51 ]] || { echo broken >&2; exit 3; }',
    );
    expect(exitCode).toBe(1);
    expect(stdout).toBe(
      `p1-51: exit 3
  here
  standard error:
  broken

p1-50, p1-[52:53]: exit 0 (3 hosts)
  here

4 hosts: 3 exit 0, 1 exit 3
`,
    );
  });

  it('finds its hosts by names, roles and patterns, and says what matches none', async () => {
    const names = async (...words: string[]) =>
      (await json([...words, '-y'], 'true')).hosts.map(({ host }) => host).join(' ');
    expect(await names('p1', '--limit', '!p1-50')).toBe('p1-51 p1-52 p1-53');
    expect(await names('p1-5[01]', 'miner-1')).toBe('miner-1 p1-50 p1-51');
    expect(await names('all', '!p1-[51:53]')).toBe('miner-1 p1-50');
    const none = await exec(['p2-50'], 'true');
    expect(none.exitCode).toBe(1);
    expect(none.stderr).toContain(`p2-50 matches no host of ${MINER}`);
    expect(none.stderr).not.toContain('--limit');
    const c2 = await exec(['c2'], 'true');
    expect(c2.stderr).toContain(`no host of ${MINER} has the role c2`);
  });

  it('says what is missing on the command line', async () => {
    const missing = await run(['exec', 'p1-50', 'uptime', ...at()], { env: cluster.env });
    expect([missing.exitCode, missing.stderr]).toEqual([
      1,
      'error: it is not said what to run: that stands after --\n  next: fcops exec p1-50 -- uptime\n',
    ]);
    const nobody = await run(['exec', ...at(), '--', 'echo', 'a b'], { env: cluster.env });
    expect(nobody.stderr).toContain("next: fcops exec p1 -- echo 'a b'\n");
    const { exitCode, stderr, stdout } = await exec(['p1'], 'touch /opt/was-run');
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      /^error: nothing was run: exec asks first .*\(here 4 hosts\).*\n {2}next: add --yes\n$/,
    );
    expect(await workers[0]?.sh('ls /opt')).not.toContain('was-run');
  });

  it('asks on a terminal, and says what it would run', async () => {
    const words = ['exec', 'p1-*', ...at(), '--', 'touch /opt/asked; echo done'];
    const no = await fcopsOnTerminal(words, { after: '[y/N]', keys: 'n\r' }, { env: cluster.env });
    expect(no.exitCode).toBe(1);
    expect(no.stdout).toContain('p1-[50:53]\r\n  touch /opt/asked; echo done\r\n');
    expect(no.stdout).toContain(`Run this as root on 4 hosts of ${MINER}? [y/N]`);
    expect(no.stdout).toContain('Nothing was run.');
    expect(await workers[0]?.sh('ls /opt')).not.toContain('asked');
    const yes = await fcopsOnTerminal(words, { after: '[y/N]', keys: 'y\r' }, { env: cluster.env });
    expect(yes.exitCode).toBe(0);
    expect(yes.stdout).toMatch(/p1-\[50:53\].*exit 0.*\(4 hosts\)\r\n {2}done\r\n$/);
  });

  it('tells exit codes, signals and time-outs apart, with both outputs', async () => {
    const stateOf = async (line: string, ...words: string[]) => {
      const [one] = (await json(['p1-50', ...words], line)).hosts;
      return [one?.state, one?.exit, one?.signal, one?.stdout, one?.stderr];
    };
    expect(await stateOf('echo out; echo err >&2')).toEqual(['exited', 0, null, 'out\n', 'err\n']);
    expect(await stateOf('exit 124')).toEqual(['exited', 124, null, '', '']);
    expect(await stateOf('exit 255')).toEqual(['exited', 255, null, '', '']);
    expect(await stateOf('kill -KILL $BASHPID')).toEqual(['killed', 137, 'SIGKILL', '', '']);
    expect(await stateOf('kill -KILL $$')).toEqual(['killed', 137, 'SIGKILL', '', '']);
    expect((await stateOf('no-such-program'))[1]).toBe(127);
    expect((await stateOf('if then'))[1]).toBe(2);
    const late = await stateOf('echo begun; sleep 61.5; echo never', '--timeout', '1s');
    expect(late).toEqual(['timed-out', null, null, 'begun\n', '']);
    expect(await running(workers[0] as SimulatedHost, '61.5')).toBe('0');
  });

  it('kills what does not end by itself, and waits for nothing that is left in the background', async () => {
    const started = performance.now();
    const {
      hosts: [stubborn],
    } = await json(['p1-50', '--timeout', '1s'], "trap '' TERM; sleep 62.5; sleep 62.5");
    expect(stubborn?.state).toBe('timed-out');
    expect(await running(workers[0] as SimulatedHost, '62.5')).toBe('0');
    const {
      hosts: [left],
    } = await json(['p1-51'], 'sleep 15.5 & echo started');
    expect([left?.state, left?.exit, left?.stdout]).toEqual(['exited', 0, 'started\n']);
    expect(performance.now() - started).toBeLessThan(14_000);
    expect(await running(workers[1] as SimulatedHost, '15.5')).toBe('1');
  });

  it('cuts a flood, lets its command go on, and stays small', async () => {
    const {
      hosts: [one],
      exitCode,
    } = await json(
      ['p1-50'],
      'yes "$(printf %0999d 0)" | head -c 300000000; yes err | head -c 1000000 >&2; exit 5',
    );
    expect([exitCode, one?.state, one?.exit]).toEqual([1, 'exited', 5]);
    expect([one?.stdout.length, one?.stdoutCut]).toEqual([256 * 1024, true]);
    expect([one?.stderr.length, one?.stderrCut]).toEqual([32 * 1024, true]);
    const text = await exec(['p1-50'], 'head -c 300000 /dev/zero | tr "\\0" x');
    expect(text.stdout).toContain('\n  (more than 256 KiB: the rest is not shown)\n');
  });

  it('shows what is no text as harmless text', async () => {
    const { stdout } = await exec(
      ['p1-50'],
      "printf 'a\\033]0;title\\007b\\0c\\377 \\u202e好\\n\\033[31mred\\n'",
    );
    expect(stdout).not.toMatch(/[^\n\P{C}]/u);
    expect(stdout).toContain('好\n  red\n');
    const {
      hosts: [random],
    } = await json(['p1-50'], 'head -c 100000 /dev/urandom');
    expect(random?.exit).toBe(0);
  });

  it('masks secrets of the inventory and of programs', async () => {
    // By way of a file: another test looks at the arguments of all processes of this machine.
    const secrets = `${cluster.env.ARTIFACTS_PASSWORD} ${TOKEN}\npassword=hunter22\n`;
    writeFileSync(`${workers[0]?.root}/opt/printed`, secrets);
    const { stdout } = await exec(['p1-50'], `cat /opt/printed; echo ${OTHER_TOKEN} >&2`);
    expect(stdout).toBe(
      'p1-50: exit 0\n  ******** ********\n  password=********\n  standard error:\n  ********\n',
    );
  });

  it('shows its words in no list of processes', async () => {
    const host = workers[0] as SimulatedHost;
    const started = startFcops(['exec', 'p1-50', ...at(), '--', ': hidden-word; sleep 2.25'], {
      env: cluster.env,
    });
    await expect.poll(() => running(host, '2.25'), { timeout: 10_000 }).not.toBe('0');
    expect(await running(host, 'hidden-word')).toBe('0');
    expect((await started).exitCode).toBe(0);
  });

  it('says where the profile is missing, or ends the shell', async () => {
    const host = workers[0] as SimulatedHost;
    await host.sh('mv /opt/lotusworker/profile /opt/lotusworker/profile.off');
    const without = await exec(['p1-50'], 'echo "<$MINER_API_INFO>"');
    expect([without.exitCode, without.stdout]).toEqual([
      0,
      'p1-50: exit 0\n  without the variables of the role: /opt/lotusworker/profile is not there\n  <>\n',
    ]);
    await host.sh('echo "exit 0" >/opt/lotusworker/profile');
    const ends = await exec(['p1-50'], 'touch /opt/ran');
    expect(ends.exitCode).toBe(1);
    expect(ends.stdout).toContain('p1-50: not run\n  the shell ended before the command began\n');
    expect(await host.sh('ls /opt')).not.toContain('ran');
    await host.sh('mv /opt/lotusworker/profile.off /opt/lotusworker/profile');
  });

  it('tells a connection that is lost in the middle from one that was never there', async () => {
    const host = workers[1] as SimulatedHost;
    const started = startFcops(['exec', 'p1-51', 'p1-52', '-y', ...at(), '--', 'echo begun; sleep 3.75'], {
      env: cluster.env,
    });
    await expect.poll(() => running(host, '3.75'), { timeout: 10_000 }).not.toBe('0');
    host.ssh.drop();
    const { exitCode, stdout } = await started;
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /^p1-51: connection lost: it is not known whether it ran to its end\n {2}the connection was lost\n/,
    );
    expect(stdout).toMatch(/^p1-51: .*\n.*\n(.*\n)? {2}begun\n\n/);
    expect(stdout).toContain('\np1-52: exit 0\n');
    // Nobody waits for it any more.
    await expect.poll(() => running(host, '3.75'), { timeout: 3_000 }).toBe('0');
  });

  it('is of a host that cannot be reached that host alone', async () => {
    await undeployed.write({ only: ['p1-50', 'p1-51'], at: { 'p1-51': { ssh: { port: 1 } } } });
    const { exitCode, stdout } = await exec(['p1', '-y'], 'true');
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /^p1-51: not run\n {2}\S.*\n(.*\n)+\np1-50: exit 0\n\n2 hosts: 1 exit 0, 1 not run\n$/,
    );
    const document = await json(['p1', '-y'], 'true');
    expect(document.hosts.map(({ state, problems }) => [state, problems[0]?.kind])).toEqual([
      ['exited', undefined],
      ['not-run', 'connect'],
    ]);
    await undeployed.write();
  });

  it('ends at Ctrl-C with 130, and leaves nothing behind', async () => {
    const started = startFcops(
      ['exec', 'p1', '-y', ...at(), '--', '[[ $(hostname) == p1-53 ]] || sleep 63.5'],
      {
        env: cluster.env,
      },
    );
    const counts = () => Promise.all(workers.map((host) => running(host, '63.5')));
    await expect.poll(counts, { timeout: 15_000 }).toEqual(['1', '1', '1', '0']);
    started.kill('SIGINT');
    const { exitCode, stdout } = await started;
    expect(exitCode).toBe(130);
    expect(stdout).toContain('p1-[50:52]: interrupted before its end (3 hosts)');
    expect(stdout).toContain('p1-53: exit 0');
    await expect.poll(counts, { timeout: 5_000 }).toEqual(['0', '0', '0', '0']);
  });
});
