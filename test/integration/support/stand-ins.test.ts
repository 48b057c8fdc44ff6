/** @module-tag needs-namespaces */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GiB } from '../../../src/core/units.ts';
import { dual4216, dual7532 } from '../../support/hardware.ts';
import { needs } from '../../support/needs.ts';
import { RUNNING } from '../../support/processes.ts';
import {
  type SimulatedHost,
  type SimulatedHosts,
  startSimulatedHosts,
} from '../../support/simulated-hosts.ts';
import { templateData } from '../../support/template-data.ts';

const JOB = `[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh -c 'echo ran >/tmp/ran'
[Install]
WantedBy=multi-user.target`;

describe('the programs and the hardware of a simulated host', () => {
  let hosts: SimulatedHosts;
  let p1: SimulatedHost;
  let c2: SimulatedHost;
  let centos: SimulatedHost;

  beforeAll(async () => {
    hosts = await startSimulatedHosts({
      hosts: [
        { os: 'ubuntu', hardware: dual7532(), raid0: 30 * 1024 * GiB, sparse: templateData('64GiB') },
        { os: 'debian', hardware: dual4216({ hugepages: [3, 4] }) },
        { os: 'centos' },
      ],
    });
    [p1, c2, centos] = hosts.hosts as [SimulatedHost, SimulatedHost, SimulatedHost];
  });
  afterAll(() => hosts.stop());

  const failure = (running: Promise<string>): Promise<{ exitCode: number; stderr: string }> =>
    running.then(
      () => expect.unreachable('the command should have failed'),
      (error) => error,
    );

  it('show the machine that was asked for', async () => {
    const lscpu = await p1.sh('lscpu; head -1 /proc/meminfo; . /etc/os-release; echo "$ID $VERSION_ID"');
    expect(lscpu).toMatch(/EPYC 7532/);
    expect(lscpu).toMatch(/^CPU\(s\): +64$/m);
    expect(lscpu).toMatch(/NUMA node7 CPU\(s\): +56-63$/m);
    expect(lscpu).toMatch(/^MemTotal: +211\d{7} kB$/m);
    expect(lscpu).toMatch(/^ubuntu 18.04$/m);
    expect(await p1.sh('cat /sys/devices/system/cpu/cpu7/cache/index3/shared_cpu_list')).toBe('6-7');
    expect(await c2.sh('cat /sys/devices/system/cpu/cpu{1,40}/topology/thread_siblings_list')).toBe(
      '1,33\n8,40',
    );
    expect(await c2.sh('lspci | grep -c NVIDIA; cat /sys/bus/pci/devices/0000:3b:00.0/{class,vendor}')).toBe(
      '4\n0x030000\n0x10de',
    );
    expect(await p1.sh('stat -c %s /opt/raid0/filecoin-parents/*; du -s /opt/raid0 | cut -f1')).toMatch(
      /^120259084288\n\d{1,3}$/,
    );
  });

  it('allocate hugepages a node, on one host only', async () => {
    const pages = 'node{2,3}/hugepages/hugepages-1048576kB';
    await p1.sh('echo 252 | tee /sys/devices/system/node/node2/hugepages/hugepages-1048576kB/nr_hugepages');
    expect(
      await p1.sh(`cd /sys/devices/system/node; cat ${pages}/nr_hugepages ${pages}/free_hugepages`),
    ).toBe('252\n0\n252\n0');
    expect(await c2.sh('cat /sys/devices/system/node/node*/hugepages/hugepages-1048576kB/nr_hugepages')).toBe(
      '3\n4',
    );
  });

  it('mount hugepages', { tags: needs('root') }, async () => {
    await p1.sh('mkdir -p /mnt/huge; mount -t hugetlbfs -o pagesize=1G,size=1792G none /mnt/huge');
    expect(await p1.sh('findmnt -no FSTYPE /mnt/huge')).toBe('hugetlbfs');
  });

  it('run services, and know when one must be loaded again', async () => {
    const show = 'systemctl show -p LoadState,ActiveState,UnitFileState,NeedDaemonReload job.service';
    expect(await p1.sh(show)).toBe(
      'LoadState=not-found\nActiveState=inactive\nUnitFileState=\nNeedDaemonReload=no',
    );
    expect((await failure(p1.sh('systemctl start job'))).exitCode).toBe(5);
    await p1.sh(`cat >/etc/systemd/system/job.service <<'UNIT'\n${JOB}\nUNIT\nsystemctl enable --now job`);
    expect(await p1.sh(`cat /tmp/ran; ${show}`)).toBe(
      'ran\nLoadState=loaded\nActiveState=active\nUnitFileState=enabled\nNeedDaemonReload=no',
    );
    await p1.sh('sed -i s/ran/again/g /etc/systemd/system/job.service');
    expect(await p1.sh(show)).toContain('NeedDaemonReload=yes');
    await p1.sh('systemctl daemon-reload && systemctl restart job');
    expect(await p1.sh(`${show}; systemctl is-enabled job; cat /tmp/again`)).toMatch(
      /Reload=no\nenabled\nagain$/,
    );
    await p1.sh('sed -i "/ExecStart/c ExecStart=/bin/false" /etc/systemd/system/job.service');
    expect((await failure(p1.sh('systemctl restart job'))).stderr).toContain('Job for job.service failed');
    expect(await p1.sh(show)).toContain('ActiveState=failed');
  });

  it('start a service that keeps running, and stop it', async () => {
    await c2.sh('printf "[Service]\\nExecStart=/bin/sleep 1000\\n" >/etc/systemd/system/long.service');
    await c2.sh(
      `${RUNNING}\nsystemctl start long; until [ "$(running '^/bin/sleep 1000$')" ]; do sleep 0.05; done`,
    );
    expect(await c2.sh('systemctl is-active long')).toBe('active');
    await c2.sh('systemctl stop long');
    expect((await failure(c2.sh('systemctl is-active long'))).exitCode).toBe(3);
    expect(
      await c2.sh(`${RUNNING}\nwhile [ "$(running '^/bin/sleep 1000$')" ]; do :; done; echo gone`),
    ).toMatch(/gone$/);
  });

  it('load the limits of the service manager only when it starts anew', async () => {
    const limit = 'systemctl show -p DefaultLimitNOFILE --value';
    expect(await p1.sh(limit)).toBe('524288');
    await p1.sh('sed -i "/DefaultLimitNOFILE/c DefaultLimitNOFILE=10000000" /etc/systemd/system.conf');
    expect(await p1.sh(limit)).toBe('524288');
    expect(await p1.sh(`systemctl daemon-reexec; ${limit}`)).toBe('10000000');
  });

  it('install packages that exist', async () => {
    const status = 'dpkg-query -s lrzsz | grep ^Status:';
    expect((await failure(p1.sh('apt-get install -y lrzsz no-such-package'))).exitCode).toBe(100);
    expect((await failure(p1.sh('apt-get install -y no-such-package'))).stderr).toContain(
      'E: Unable to locate package no-such-package',
    );
    expect((await failure(p1.sh(status))).exitCode).toBe(1);
    await p1.sh('apt-get update && apt-get install -y -o Dpkg::Use-Pty=0 lrzsz nvidia-driver-460');
    expect(await p1.sh(status)).toBe('Status: install ok installed');
    expect((await failure(c2.sh('apt-get install -y nvidia-driver-460'))).exitCode).toBe(100);
  });

  it('have the tools of CentOS 7 where that is asked for', async () => {
    expect((await failure(centos.sh('dpkg-query -W'))).exitCode).toBe(127);
    expect((await failure(centos.sh('rpm -q tree'))).exitCode).toBe(1);
    expect(await centos.sh('yum install -y tree no-such-package')).toContain(
      'No package no-such-package available.',
    );
    expect(await centos.sh("rpm -q --qf '%{NAME} %{VERSION}\\n' tree")).toBe('tree 1.0');
    await centos.sh('echo GRUB_CMDLINE_LINUX=\\"quiet hugepagesz=1G\\" >/etc/default/grub');
    await centos.sh('grub2-mkconfig -o /boot/grub2/grub.cfg');
    expect(await centos.sh('cat /boot/grub2/grub.cfg')).toContain('quiet hugepagesz=1G');
  });

  it('set the time zone, the boot arguments and the crontab', async () => {
    await p1.sh('timedatectl set-timezone Asia/Shanghai');
    expect(await p1.sh('readlink /etc/localtime; timedatectl show -p Timezone --value')).toMatch(
      /zoneinfo\/Asia\/Shanghai\nAsia\/Shanghai$/,
    );
    expect((await failure(p1.sh('timedatectl set-timezone Asia/Nowhere'))).exitCode).toBe(1);
    await p1.sh('sed -i "s/quiet/quiet hugepagesz=1G/" /etc/default/grub; update-grub');
    expect(await p1.sh('cat /boot/grub/grub.cfg')).toContain('hugepagesz=1G');
    expect((await failure(p1.sh('crontab -l'))).stderr).toContain('no crontab for root');
    expect(await p1.sh('echo "* * * * * true" | crontab -; crontab -l')).toBe('* * * * * true');
  });

  it('bind a command to processors that this machine does not have', async () => {
    expect(await c2.sh('taskset --cpu-list 8,9,40,41 echo bound')).toBe('bound');
    expect((await failure(c2.sh('taskset --cpu-list 64 true'))).exitCode).toBe(1);
  });
});
