import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dual7532 } from '../../support/hardware.ts';
import { runOverSsh } from '../../support/ssh-client.ts';
import { type BootedHost, type BootedHosts, BRIDGE_ADDRESS, bootHosts } from './nspawn.ts';

describe('booted hosts', () => {
  let hosts: BootedHosts;
  let first: BootedHost;
  let second: BootedHost;
  const ssh = (host: BootedHost, command: string) =>
    runOverSsh({ address: host.address, port: host.port, privateKey: hosts.privateKey }, command);

  beforeAll(async () => {
    hosts = await bootHosts(
      [
        {
          name: 'booted-1',
          address: '10.198.77.11',
          hardware: dual7532(),
          raid0: 2 ** 44,
          sparse: { '/opt/raid0/a/b': 2 ** 37 },
        },
        { name: 'booted-2', address: '10.198.77.12' },
      ],
      console.log,
    );
    [first, second] = hosts.hosts as [BootedHost, BootedHost];
  });
  afterAll(() => hosts?.stop());

  it('run systemd, sshd and cron, and have a name and an address of their own', async () => {
    const answer = await ssh(
      first,
      'hostname; cat /proc/1/comm; systemctl is-active ssh cron dbus; hostname -I',
    );
    expect(answer).toMatchObject({
      status: 0,
      stdout: 'booted-1\nsystemd\nactive\nactive\nactive\n10.198.77.11 \n',
    });
    const { hostKey } = await ssh(second, 'true');
    expect(await readFile(hosts.knownHosts, 'utf8')).toContain(`10.198.77.12 ssh-ed25519 ${hostKey}`);
    expect(
      (await ssh(second, `(: >/dev/tcp/10.198.77.11/22) && ip route get ${BRIDGE_ADDRESS}`)).status,
    ).toBe(0);
  });

  it('show the hardware of the test, and keep kernel settings to themselves', async () => {
    expect(await first.sh('lscpu')).toMatch(/NUMA node7 CPU\(s\): +56-63/);
    const before = await readFile('/proc/sys/vm/swappiness', 'utf8');
    await first.sh('echo vm.swappiness=3 >/etc/sysctl.d/90-test.conf; sysctl --system >/dev/null');
    expect(await first.sh('sysctl -n vm.swappiness')).toBe('3');
    expect(await readFile('/proc/sys/vm/swappiness', 'utf8')).toBe(before);
    expect(
      await first.sh('echo 7 >/sys/devices/system/node/node1/hugepages/hugepages-1048576kB/nr_hugepages'),
    ).toBe('');
    expect(await first.sh('stat -c %s /opt/raid0/a/b; findmnt -no SOURCE /opt/raid0')).toMatch(
      /^137438953472\n/,
    );
  });

  it('install packages, set the time zone and the name, start anew', async () => {
    await second.sh('apt-get update -qq && apt-get install -y -qq tree ntpdate >/dev/null 2>&1');
    expect(await second.sh('cd /etc/apt && tree --noreport -i -L 1 | grep -c sources')).not.toBe('0');
    await second.sh('timedatectl set-timezone Asia/Shanghai; hostnamectl set-hostname renamed');
    await second.sh(
      'mkdir -p /etc/systemd/system.conf.d; printf "[Manager]\\nDefaultLimitNOFILE=1000000\\n" >/etc/systemd/system.conf.d/x.conf; systemctl daemon-reexec',
    );
    expect(
      await second.sh('date +%Z; hostname; systemctl show -p DefaultLimitNOFILE --value; cat /proc/1/comm'),
    ).toBe('CST\nrenamed\n1000000\nsystemd');
  });

  it('keep what was written over a reboot, and apply it', async () => {
    const boot = await first.sh('cat /proc/sys/kernel/random/boot_id; echo kept >/opt/raid0/kept');
    await first.reboot();
    expect(await first.sh('cat /proc/sys/kernel/random/boot_id')).not.toBe(boot);
    expect((await ssh(first, 'sysctl -n vm.swappiness; cat /opt/raid0/kept')).stdout).toBe('3\nkept\n');
  });
});
