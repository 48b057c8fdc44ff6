import { chmod, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planDocumentSchema } from '../../src/cli/views/plan-document.ts';
import { MINER, TOKEN, VERSIONS } from '../support/cluster.ts';
import { fcops as bareFcops } from '../support/fcops.ts';
import { leftovers, stateOf } from './support/host-state.ts';
import type { BootedHost } from './support/nspawn.ts';
import { type Scene, startScene } from './support/scene.ts';

/** C2 hosts, and every way to log in; one test after the other. */

/** Whether its processes run is told beside. */
const NOTHING =
  /^c2-\[10:11\] {2}nothing to change.*\n\n(?:Next\n.*\n\n)?Plan: nothing to change on 2 hosts\n$/;

let scene: Scene;
let both: readonly BootedHost[];
let first: BootedHost;
let second: BootedHost;

beforeAll(async () => {
  scene = await startScene([
    { role: 'c2', number: 10 },
    { role: 'c2', number: 11 },
  ]);
  both = scene.hosts.hosts;
  first = scene.host('c2-10');
  second = scene.host('c2-11');
});
afterAll(() => scene?.stop());

const fcops = (...args: string[]) => scene.fcops(args);
const onBoth = (script: string) => Promise.all(both.map((host) => host.sh(script)));

describe('fcops deploy c2', () => {
  it('takes both hosts all the way; a second run finds nothing to do', async () => {
    const { exitCode, stdout, stderr } = await fcops('deploy', 'c2', '--yes');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^2 hosts: 2 changed, in /m);
    expect(stdout).not.toContain(TOKEN);
    const before = await Promise.all(both.map(stateOf));
    const again = await fcops('deploy', 'c2');
    expect([again.exitCode, again.stderr]).toEqual([0, '']);
    expect(again.stdout).toMatch(/^2 hosts: 2 unchanged, in /m);
    expect(await fcops('plan', 'c2', '--detailed-exitcode')).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(NOTHING),
      stderr: '',
    });
    expect(await Promise.all(both.map(stateOf))).toEqual(before);
    expect(await Promise.all(both.map(leftovers))).toEqual(['', '']);
  });

  it('gives each worker its GPU by the bus id of the machine, and the profile to root only', async () => {
    const shown = await onBoth(`
      hostname
      readlink /opt/lotus-worker; /opt/lotus-worker --version
      stat -c '%a %n' /opt/profile /opt/start_c2.sh
      grep -h BELLMAN_GPU_BUS_ID /opt/worker-*c2/start_*c2.sh
      systemctl show -p DefaultLimitNOFILE`);
    expect(shown).toEqual(
      [10, 11].map(
        (number) => `f0494733-c2-10-198-77-${number}
/opt/lotusworker/versions/c2/${VERSIONS.c2}/lotus-worker
lotus-worker version 1.11.1+mainnet+git.39c692f52
600 /opt/profile
755 /opt/start_c2.sh
export BELLMAN_GPU_BUS_ID=24
export BELLMAN_GPU_BUS_ID=59
export BELLMAN_GPU_BUS_ID=134
export BELLMAN_GPU_BUS_ID=175
DefaultLimitNOFILE=10000000`,
      ),
    );
  });

  it('starts the workers once, and their logs are kept when they are started by hand', async () => {
    expect((await fcops('deploy', 'c2', '--yes', '--start', '--no-preflight')).exitCode).toBe(0);
    const rows = () =>
      onBoth(`
        for n in {1..4}; do
          grep -E '^(BELLMAN_CPU_SET|BELLMAN_GPU_BUS_ID)=' /opt/worker-\${n}c2/environment | sort | tr '\\n' ' '
          tail -n 1 /opt/worker-\${n}c2/argv
          : </dev/tcp/$(hostname -I | tr -d ' ')/200\${n}0
        done`);
    expect(await rows()).toMatchInlineSnapshot(`
      [
        "BELLMAN_CPU_SET=8,9,40,41,0,1,2,3,4,5,32,33,34,35,36,37 BELLMAN_GPU_BUS_ID=24 10.198.77.10:20010
      BELLMAN_CPU_SET=10,11,42,43,6,7,16,17,18,19,38,39,48,49,50,51 BELLMAN_GPU_BUS_ID=59 10.198.77.10:20020
      BELLMAN_CPU_SET=12,13,44,45,20,21,22,23,24,25,52,53,54,55,56,57 BELLMAN_GPU_BUS_ID=134 10.198.77.10:20030
      BELLMAN_CPU_SET=14,15,46,47,26,27,28,29,30,31,58,59,60,61,62,63 BELLMAN_GPU_BUS_ID=175 10.198.77.10:20040",
        "BELLMAN_CPU_SET=8,9,40,41,0,1,2,3,4,5,32,33,34,35,36,37 BELLMAN_GPU_BUS_ID=24 10.198.77.11:20010
      BELLMAN_CPU_SET=10,11,42,43,6,7,16,17,18,19,38,39,48,49,50,51 BELLMAN_GPU_BUS_ID=59 10.198.77.11:20020
      BELLMAN_CPU_SET=12,13,44,45,20,21,22,23,24,25,52,53,54,55,56,57 BELLMAN_GPU_BUS_ID=134 10.198.77.11:20030
      BELLMAN_CPU_SET=14,15,46,47,26,27,28,29,30,31,58,59,60,61,62,63 BELLMAN_GPU_BUS_ID=175 10.198.77.11:20040",
      ]
    `);
    const pids = () => onBoth(`pgrep -f -- '[-]-worker-repo /opt/worker-.c2 run' | sort -n`);
    const running = await pids();
    expect((await fcops('deploy', 'c2', '--start')).stdout).toMatch(/^2 hosts: 2 unchanged, in /m);
    expect(await pids()).toEqual(running);
    await first.sh(
      `pkill -f -- '[-]-worker-repo /opt/worker-.c2 run'; sleep 1; bash /opt/start_c2.sh; sleep 1`,
    );
    expect(await first.sh('cat /opt/worker-*c2/logbak/log_*.txt | grep -c "Starting lotus worker"')).toBe(
      '4',
    );
    expect(await rows()).toHaveLength(2);
    // These machines have CPUs that the one below them has not: their taskset sets none, and that is seen.
    const { stdout } = await fcops('plan', 'c2', '--start', '--output', 'json');
    const { counts, hosts } = planDocumentSchema.parse(JSON.parse(stdout));
    expect(counts).toMatchObject({ changing: 0, same: 2, restart: 8 });
    for (const item of hosts.flatMap(({ items }) => items))
      expect(item.state === 'restart' && item.reasons).toEqual([
        expect.stringMatching(/^it runs on CPUs \S+, not on /),
      ]);
    await onBoth(`pkill -f -- '[-]-worker-repo /opt/worker-.c2 run'; sleep 1`);
    expect((await fcops('plan', 'c2')).stdout).toMatch(NOTHING);
  });
});

describe('fcops render', () => {
  it('gives the bytes that are on the hosts, with no host reachable', async () => {
    for (const { name } of both) expect((await fcops('facts', name, '--save')).exitCode).toBe(0);
    const nowhere = await scene.write({
      directory: 'nowhere',
      addresses: { 'c2-10': { port: 9 }, 'c2-11': { port: 9 } },
    });
    await cp(`${scene.cluster.inventory}/${MINER}.facts`, `${nowhere.inventory}/${MINER}.facts`, {
      recursive: true,
    });
    const out = `${scene.hosts.directory}/rendered`;
    const { exitCode, stdout, stderr } = await scene.fcops(['render', 'c2', '--out', out], nowhere);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^\d+ files of 2 hosts in /);
    for (const host of both) {
      const tree = await execa('find', ['.', '-type', 'f', '-exec', 'sha256sum', '{}', '+'], {
        cwd: `${out}/${host.name}`,
      });
      expect(tree.stdout.split('\n').length).toBeGreaterThanOrEqual(9);
      expect(await host.sh(`cd / && sha256sum --quiet -c <<'END'\n${tree.stdout}\nEND`)).toBe('');
    }
  });
});

describe('logging in', () => {
  const SCRIPT = '/opt/start_c2.sh';
  const drift = () => onBoth(`echo '# drift' >>${SCRIPT}`);
  const clean = () => onBoth(`grep -c drift ${SCRIPT} || true`);

  beforeAll(async () => {
    const key = await execa('ssh-keygen', ['-y', '-f', scene.hosts.privateKey]);
    await onBoth(`
      for user in ops pat nobodys; do
        useradd --create-home --shell /bin/bash $user
        mkdir -m 700 /home/$user/.ssh
        echo '${key.stdout}' >/home/$user/.ssh/authorized_keys
        chown -R $user /home/$user/.ssh
        echo "$user:Correct-Horse-7" | chpasswd
      done
      echo 'ops ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/ops
      echo 'pat ALL=(ALL) ALL' >/etc/sudoers.d/pat`);
  });

  it('by the system ssh gives the same plan', async () => {
    await drift();
    const [own, system] = [await fcops('plan', 'c2'), await fcops('plan', 'c2', '--transport', 'openssh')];
    expect(own.exitCode).toBe(0);
    expect(own.stdout).toContain('-# drift');
    expect(system).toEqual(own);
    expect((await fcops('deploy', 'c2', '--yes', '--transport', 'openssh')).exitCode).toBe(0);
    expect(await clean()).toEqual(['0', '0']);
  });

  it.each(['ssh2', 'openssh'])('as a user with sudo, by %s', async (transport) => {
    await drift();
    const { privateKey } = scene.hosts;
    const ops = await scene.write({
      directory: 'ops',
      cluster: { ssh: { user: 'ops', privateKey, knownHosts: scene.hosts.knownHosts } },
    });
    const run = await scene.fcops(['deploy', 'c2', '--yes', '--transport', transport], ops);
    expect([run.exitCode, run.stderr]).toEqual([0, '']);
    expect(run.stdout).toMatch(/^2 hosts: 2 changed, in /m);
    expect(await clean()).toEqual(['0', '0']);
  });

  it.each(['ssh2', 'openssh'])('as a user whose sudo asks for a password, by %s', async (transport) => {
    await drift();
    const { privateKey, knownHosts } = scene.hosts;
    const ssh = { user: 'pat', privateKey, knownHosts, sudoPassword: { env: 'SUDO_PASSWORD' } };
    const pat = await scene.write({ directory: 'pat', cluster: { ssh } });
    const deploy = (password: string) =>
      scene.fcops(['deploy', 'c2', '--yes', '--transport', transport], {
        ...pat,
        env: { ...pat.env, SUDO_PASSWORD: password },
      });
    const refused = await deploy('Wrong-Horse-7');
    expect(refused.exitCode).toBe(1);
    expect(refused.stdout).toContain('sudo refused the password\n  ');
    expect(refused.stdout).not.toContain('Wrong-Horse-7');
    const run = await deploy('Correct-Horse-7');
    expect([run.exitCode, run.stderr]).toEqual([0, '']);
    expect(run.stdout).not.toContain('Correct-Horse-7');
    expect(await clean()).toEqual(['0', '0']);
  });

  it('as a user without sudo is refused with what to do', async () => {
    const { privateKey, knownHosts } = scene.hosts;
    const nobodys = await scene.write({
      directory: 'nobodys',
      cluster: { ssh: { user: 'nobodys', privateKey, knownHosts } },
    });
    const { exitCode, stdout } = await scene.fcops(['plan', 'c2', '--limit', 'c2-10'], nobodys);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('sudo wants a password, and none is given');
    expect(stdout).toContain(
      'set ssh.sudoPassword in the inventory, or NOPASSWD in /etc/sudoers.d on the host',
    );
  });

  it.each(['ssh2', 'openssh'])('through another host, by %s', async (transport) => {
    await onBoth(`echo '# drift' >>${SCRIPT}`);
    const home = `${scene.hosts.directory}/home`;
    await mkdir(`${home}/.ssh`, { recursive: true, mode: 0o700 });
    await cp(scene.hosts.privateKey, `${home}/.ssh/id_ed25519`);
    await chmod(`${home}/.ssh/id_ed25519`, 0o600);
    // The system ssh takes its own home from the password file, but what fcops found for the bastion from fcops.
    await writeFile(`${home}/.ssh/config`, `Host ${second.address}\n  IdentityFile ~/.ssh/id_ed25519\n`);
    await writeFile(`${home}/.ssh/known_hosts`, await readFile(scene.hosts.knownHosts));
    const { privateKey, knownHosts } = scene.hosts;
    const jump = await scene.write({
      directory: 'jump',
      cluster: { ssh: { user: 'root', privateKey, knownHosts, proxyJump: `root@${second.address}` } },
    });
    // Only the bastion may.
    await first.sh(
      `echo 'Match Address *,!${second.address}\n  DenyUsers *' >/etc/ssh/sshd_config.d/bastion.conf && systemctl reload ssh`,
    );
    const args = ['deploy', 'c2', '--yes', '--limit', 'c2-10'];
    const straight = await scene.fcops(args);
    expect([straight.exitCode, straight.stdout]).toEqual([
      1,
      expect.stringContaining('login as root was denied'),
    ]);
    const run = await bareFcops([...args, '--transport', transport, '--inventory', jump.inventory], {
      env: jump.env,
      home,
    });
    expect([run.exitCode, run.stderr]).toEqual([0, '']);
    await first.sh('rm /etc/ssh/sshd_config.d/bastion.conf && systemctl reload ssh');
    expect(await clean()).toEqual(['0', '1']);
    expect((await fcops('deploy', 'c2', '--yes')).exitCode).toBe(0);
  });
});
