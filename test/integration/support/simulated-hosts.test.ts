/** @module-tag needs-namespaces */
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, rmdir } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHostsBehindSshd } from '../../support/hosts-behind-sshd.ts';
import { needs } from '../../support/needs.ts';
import {
  makeKey,
  type SimulatedHost,
  type SimulatedHosts,
  startSimulatedHosts,
} from '../../support/simulated-hosts.ts';
import { runOverSsh } from '../../support/ssh-client.ts';

const MARK = '/etc/fcops-simulated-host-test';

describe('simulated hosts', () => {
  let hosts: SimulatedHosts;
  let first: SimulatedHost;
  let second: SimulatedHost;
  const login = ({ address, port }: SimulatedHost) => ({ address, port, privateKey: hosts.privateKey });

  beforeAll(async () => {
    hosts = await startSimulatedHosts({
      hosts: [
        { name: 'first' },
        {
          name: 'second',
          limits: { '/etc': 65536, '/opt': 65536 },
          raid0: 2 ** 40,
          sparse: { '/opt/raid0/big': 2 ** 39 },
        },
      ],
    });
    [first, second] = hosts.hosts as [SimulatedHost, SimulatedHost];
  });
  afterAll(() => hosts.stop());

  it('answer commands over SSH with their output, errors and status', async () => {
    const answer = await runOverSsh(
      login(first),
      'read -r line; echo "got $line in $PWD"; echo bad >&2; exit 3',
      'x\n',
    );
    expect(answer).toMatchObject({ status: 3, stdout: 'got x in /root\n', stderr: 'bad\n' });
    expect(first.ssh.commands.at(-1)).toContain('read -r line');
  });

  it('give commands pipes, as sshd does', async () => {
    const answer = await runOverSsh(
      login(first),
      'cat /dev/stdin; echo bad >/dev/stderr; cat >/dev/null',
      'in',
    );
    expect(answer).toMatchObject({ status: 0, stdout: 'in', stderr: 'bad\n' });
    const early = await runOverSsh(login(first), 'exit 4', Buffer.alloc(3_000_000));
    expect(early.status).toBe(4);
  });

  it('keep what is written to themselves', async () => {
    await first.sh(`echo first >${MARK}; echo 7 >/proc/sys/vm/swappiness; touch /usr/bin/mine /var/lib/mine`);
    expect(await readFile(first.root + MARK, 'utf8')).toBe('first\n');
    expect(existsSync(MARK)).toBe(false);
    expect(existsSync('/usr/bin/mine') || existsSync('/var/lib/mine')).toBe(false);
    expect(existsSync(second.root + MARK)).toBe(false);
    expect(await first.sh('cat /proc/sys/vm/swappiness')).toBe('7');
    expect(await second.sh('cat /proc/sys/vm/swappiness')).toBe(
      readFileSync('/proc/sys/vm/swappiness', 'utf8').trim(),
    );
  });

  it('have a name, a boot and processes of their own', async () => {
    const outside = hostname();
    expect(await first.sh('hostname; cat /etc/hostname /proc/sys/kernel/hostname')).toBe(
      'first\nfirst\nfirst',
    );
    await second.sh('hostnamectl set-hostname renamed');
    expect(await second.sh('hostname; cat /etc/hostname')).toBe('renamed\nrenamed');
    expect(hostname()).toBe(outside);
    const boots = await Promise.all(
      hosts.hosts.map((host) => host.sh('cat /proc/sys/kernel/random/boot_id')),
    );
    expect(new Set(boots).size).toBe(2);
    expect(await first.sh('cat /proc/1/comm; kill -0 4194000 2>/dev/null || echo alone')).toBe(
      'systemd\nalone',
    );
  });

  it('cannot reach the hardware of this machine', async () => {
    await expect(first.sh('echo 1 >/sys/kernel/mm/transparent_hugepage/khugepaged/defrag')).rejects.toThrow(
      /Read-only/,
    );
    expect(await first.sh('ls /dev')).not.toMatch(/vda|sda|nvme/);
  });

  it('have nothing that was installed on this machine by hand', async () => {
    expect(await first.sh('ls /usr/local/bin')).toBe('');
  });

  it('have disks that fill up', async () => {
    await expect(second.sh('head -c 100000 /dev/zero >/etc/large')).rejects.toThrow(/No space left/);
    await expect(second.sh('head -c 100000 /dev/zero >/opt/large')).rejects.toThrow(/No space left/);
    expect(await second.sh('stat -c %s /opt/raid0/big; findmnt -no SOURCE /opt/raid0')).toBe(
      `${2 ** 39}\n/dev/md0`,
    );
  });

  it('lose the connection in the middle of a command, and the command goes on', async () => {
    first.ssh.dropAfterBytes({ direction: 'received', bytes: 100_000 });
    const script = 'head -c 50000 >/tmp/half; cat >/dev/null; sleep 0.1; echo done >/tmp/end';
    const lost = await runOverSsh(login(first), script, Buffer.alloc(1_000_000)).catch(
      (error: Error) => error,
    );
    expect(lost).not.toMatchObject({ status: 0 });
    expect(await first.sh('until [ -e /tmp/end ]; do sleep 0.05; done; stat -c %s /tmp/half')).toBe('50000');
    expect(await runOverSsh(login(first), 'echo back')).toMatchObject({ status: 0, stdout: 'back\n' });
  });

  it('refuse logins, change their key and go away when told to', async () => {
    first.ssh.refuseLogins();
    await expect(runOverSsh(login(first), 'true')).rejects.toThrow(/authentication/);
    first.ssh.refuseLogins(false);
    const before = await runOverSsh(login(first), 'true');
    expect(await readFile(hosts.knownHosts, 'utf8')).toContain(before.hostKey);
    first.ssh.changeHostKey(makeKey().private);
    const after = await runOverSsh(login(first), 'true');
    expect(after.status).toBe(0);
    expect(after.hostKey).not.toBe(before.hostKey);
    await first.ssh.unplug();
    await expect(runOverSsh(login(first), 'true')).rejects.toThrow(/ECONNREFUSED/);
    await first.ssh.plug();
    expect((await runOverSsh(login(first), 'true')).status).toBe(0);
  });
});

describe('simulated hosts with users', { tags: needs('root') }, () => {
  let hosts: SimulatedHosts;
  const login = (more: { user?: string; password?: string } = {}) => ({
    address: hosts.host.address,
    port: hosts.host.port,
    privateKey: hosts.privateKey,
    ...more,
  });
  beforeAll(async () => {
    hosts = await startSimulatedHosts({
      hosts: [{ password: 'open sesame', users: [{ name: 'deploy', sudo: 'free' }] }],
    });
  });
  afterAll(() => hosts.stop());

  it('let them in by key or password', async () => {
    const deploy = await runOverSsh(login({ user: 'deploy' }), 'id -un; pwd');
    expect(deploy.stdout).toBe('deploy\n/home/deploy\n');
    expect((await runOverSsh(login({ password: 'open sesame' }), 'id -un')).stdout).toBe('root\n');
    await expect(runOverSsh(login({ password: 'wrong' }), 'true')).rejects.toThrow(/authentication/);
    await expect(runOverSsh(login({ user: 'nobody' }), 'true')).rejects.toThrow(/authentication/);
  });

  it('let them sudo as it is configured', { tags: needs('sudo') }, async () => {
    expect((await runOverSsh(login({ user: 'deploy' }), 'sudo -n id -un')).stdout).toBe('root\n');
  });
});

describe('simulated hosts of a machine that is in a chroot itself', { tags: needs('root') }, () => {
  const inChroot = async (script: string): Promise<string> => {
    const root = await mkdtemp(join(tmpdir(), 'chroot-'));
    try {
      const enter = `mount --rbind / "$0" && mount -t proc proc "$0/proc" && exec chroot "$0" env --chdir="$1" "$2" --import ./test/typescript.mjs --input-type=module -e "$3"`;
      const { stdout } = await execa(
        'unshare',
        ['--mount', '--pid', '--fork', 'bash', '-c', enter, root, process.cwd(), process.execPath, script],
        { timeout: 60_000 },
      );
      return stdout;
    } finally {
      await rmdir(root);
    }
  };

  it('have a root of their own all the same', async () => {
    const mark = `/tmp/fcops-mark-${randomUUID()}`;
    try {
      const seen = await inChroot(`
        import { existsSync } from 'node:fs';
        import { startSimulatedHosts } from './test/support/simulated-hosts.ts';
        const hosts = await startSimulatedHosts({ hosts: [{ name: 'inner' }] });
        await hosts.host.sh('echo mine >${mark}');
        console.log(await hosts.host.sh('cat ${mark} /etc/hostname'), existsSync('${mark}'));
        await hosts.stop();
      `);
      expect(seen).toBe('mine\ninner false');
      expect(existsSync(mark)).toBe(false);
    } finally {
      await rm(mark, { force: true });
    }
  });
});

describe('stopped simulated hosts', () => {
  it('leave no process, mount or file behind', async () => {
    const hosts = await startSimulatedHosts({ hosts: 2 });
    await hosts.host.sh('sleep 1000 </dev/null >/dev/null 2>&1 & mount -t tmpfs none /mnt');
    await hosts.stop();
    expect(await readFile('/proc/mounts', 'utf8')).not.toContain(hosts.directory);
    expect(existsSync(hosts.directory)).toBe(false);
    const processes = await Promise.all(
      (await readdir('/proc'))
        .filter((name) => /^\d+$/.test(name))
        .map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
    );
    expect(processes.filter((line) => line.includes(hosts.directory))).toEqual([]);
  });
});

describe('simulated hosts behind one sshd', { tags: [needs('sshd'), needs('root')] }, () => {
  it('are told apart by their address', async () => {
    const hosts = await startHostsBehindSshd({ hosts: 3 });
    try {
      const names = await Promise.all(
        hosts.hosts.map(({ address, port }) =>
          runOverSsh({ address, port, privateKey: hosts.privateKey }, 'hostname; echo "a  $((1 + 1))"'),
        ),
      );
      expect(names.map(({ stdout }) => stdout)).toEqual(['sim-1\na  2\n', 'sim-2\na  2\n', 'sim-3\na  2\n']);
    } finally {
      await hosts.stop();
    }
  });
});
