import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventSchema } from '../../src/cli/views/event-document.ts';
import { planDocumentSchema } from '../../src/cli/views/plan-document.ts';
import { TOKEN, VERSIONS } from '../support/cluster.ts';
import { leftovers, stateOf } from './support/host-state.ts';
import type { BootedHost } from './support/nspawn.ts';
import { type Scene, startScene } from './support/scene.ts';

/** The life of two P1 hosts, one test after the other: p1-50 from the racks, p1-51 set up by hand before. */

const byHandbook = readFileSync(new URL('by-handbook.sh', import.meta.url), 'utf8');
/** Whether its processes run is told beside. */
const NOTHING =
  /^p1-\[50:51\] {2}nothing to change.*\n\n(?:Next\n.*\n\n)?Plan: nothing to change on 2 hosts\n$/;

let scene: Scene;
let both: readonly BootedHost[];
let racks: BootedHost;
let byHand: BootedHost;

beforeAll(async () => {
  scene = await startScene([
    { role: 'p1', number: 50 },
    { role: 'p1', number: 51 },
  ]);
  both = scene.hosts.hosts;
  racks = scene.host('p1-50');
  byHand = scene.host('p1-51');
  // Twice, as people do.
  for (const _ of ['once', 'again']) await byHand.sh(byHandbook);
});
afterAll(() => scene?.stop());

const fcops = (...args: string[]) => scene.fcops(args);
const deploy = (...more: string[]) => fcops('deploy', 'p1', '--yes', ...more);
/** The resources of each host's plan that would change. */
const planned = async (...more: string[]): Promise<Record<string, string[]>> => {
  const { stdout } = await fcops('plan', 'p1', '--output', 'json', ...more);
  const { hosts } = planDocumentSchema.parse(JSON.parse(stdout));
  return Object.fromEntries(
    hosts.map(({ host, items }) => [
      host,
      items.filter(({ state }) => state === 'change').map(({ resource }) => resource),
    ]),
  );
};
const onBoth = (script: string) => Promise.all(both.map((host) => host.sh(script)));

describe('fcops deploy p1', () => {
  it('takes both hosts all the way, and says what a reboot is needed for', async () => {
    const { exitCode, stdout, stderr } = await deploy();
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^2 hosts: 2 changed, in /m);
    expect(stdout).toContain('reboot p1-[50:51]: none of the processes there runs');
    expect(stdout).toContain('the running kernel was started without default_hugepagesz=1G hugepagesz=1G');
    expect(stdout).not.toContain(TOKEN);
    expect(await Promise.all(both.map(leftovers))).toEqual(['', '']);
  });

  it('makes no change the second time', async () => {
    const before = await Promise.all(both.map(stateOf));
    const { exitCode, stdout } = await fcops('deploy', 'p1', '--output', 'json');
    expect(exitCode).toBe(0);
    const end = eventSchema.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
    expect(
      end.type === 'run-end' && end.results.map(({ host, state, changed }) => [host, state, changed]),
    ).toEqual([
      ['p1-50', 'same', 0],
      ['p1-51', 'same', 0],
    ]);
    // All is written; a reboot is owed.
    expect((await fcops('plan', 'p1', '--detailed-exitcode')).exitCode).toBe(4);
    expect(await Promise.all(both.map(stateOf))).toEqual(before);
  });

  it('has what it set in force: systemd, cron, clock, names, packages, kernel', async () => {
    const shown = await onBoth(`
      systemctl is-enabled hugepages
      systemctl show -p DefaultLimitNOFILE -p DefaultLimitNPROC
      crontab -l
      timedatectl show -p Timezone --value; readlink /etc/localtime; date +%Z
      sysctl -n vm.swappiness net.core.somaxconn fs.nr_open net.ipv4.ip_local_port_range | tr '\\t' ' '
      dpkg-query -W -f '\${Package} \${db:Status-Status}\\n' tree bc unzip ntpdate nvidia-driver
      echo '1+1' | bc; tree --version | cut -d ' ' -f 1`);
    const expected = `enabled
DefaultLimitNOFILE=10000000
DefaultLimitNPROC=10000000
* * * * * /usr/sbin/ntpdate cn.pool.ntp.org >/dev/null 2>&1
Asia/Shanghai
/usr/share/zoneinfo/Asia/Shanghai
CST
0
131070
10000000
10000 65000
bc installed
ntpdate installed
nvidia-driver installed
tree installed
unzip installed
2
tree`;
    expect(shown).toEqual([expected, expected]);
    expect(await onBoth('hostname; hostnamectl --static; cat /etc/hostname')).toEqual(
      [50, 51].map((number) => Array(3).fill(`f0494733-p1-10-198-77-${number}`).join('\n')),
    );
  });

  it('leaves one line where the handbook appends another each time', async () => {
    const shown = await onBoth(`
      grep -v '^#' /etc/fstab
      grep -v '^$' /etc/default/grub
      grep -c 'hugepagesz=1G' /boot/grub/grub.cfg`);
    const fstab = 'none /opt/hugepages/layer_labels hugetlbfs pagesize=1G,size=1792G,nofail 0 0';
    const grub = (line: string) => `${fstab}\nGRUB_CMDLINE_LINUX_DEFAULT="${line}"\nGRUB_CMDLINE_LINUX=""\n1`;
    // By hand, "quiet" was shadowed; what the last line said is what was in force.
    expect(shown).toEqual([
      grub('quiet default_hugepagesz=1G hugepagesz=1G'),
      grub('default_hugepagesz=1G hugepagesz=1G'),
    ]);
  });

  it('installs the worker of the version, scripts that can be run, and a profile for root only', async () => {
    expect(
      await onBoth(`
        cd /opt/lotusworker
        readlink lotus-worker; ./lotus-worker --version
        stat -c '%a %U:%G %n' profile start_p1.sh worker-14p1/start_14p1.sh worker-apx/init_apx.sh /etc/hugepages.sh
        cat profile`),
    ).toEqual(
      Array(2).fill(`/opt/lotusworker/versions/p1/${VERSIONS.p1}/lotus-worker
lotus-worker version 1.11.1+mainnet+git.3079a405a
600 root:root profile
755 root:root start_p1.sh
755 root:root worker-14p1/start_14p1.sh
755 root:root worker-apx/init_apx.sh
755 root:root /etc/hugepages.sh
# shellcheck shell=bash
# Variables of every worker on this machine (handbook 2.2.6.2). Holds the miner's token: for root only.
export MINER_API_INFO=${TOKEN}:/ip4/192.168.10.1/tcp/2345/http
export SECTOR_TYPE=64GB`),
    );
  });
});

describe('after the reboot', () => {
  it('nothing is left to do: pages, mount and kernel settings came with the start', async () => {
    await Promise.all(both.map((host) => host.reboot()));
    expect(await fcops('plan', 'p1', '--detailed-exitcode')).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(NOTHING),
      stderr: '',
    });
    const shown = await onBoth(`
      echo $(cat /sys/devices/system/node/node*/hugepages/hugepages-1048576kB/nr_hugepages)
      systemctl is-active hugepages
      findmnt -no FSTYPE /opt/hugepages/layer_labels
      sysctl -n vm.swappiness | grep .
      systemctl show -p DefaultLimitNOFILE --value
      grep -o 'default_hugepagesz.*' /proc/cmdline`);
    const expected =
      '252 252 252 28 252 252 252 252\nactive\nhugetlbfs\n0\n10000000\ndefault_hugepagesz=1G hugepagesz=1G';
    expect(shown).toEqual([expected, expected]);
  });
});

describe('drift', () => {
  it('of a file is shown as a diff, and repaired; nothing else is touched', async () => {
    const before = await Promise.all(both.map(stateOf));
    await racks.sh(`echo 'export RUST_LOG=trace' >>/opt/lotusworker/worker-3p1/start_3p1.sh`);
    const { exitCode, stdout } = await fcops('plan', 'p1', '--detailed-exitcode');
    expect(exitCode).toBe(2);
    expect(stdout).toContain('    ~ file /opt/lotusworker/worker-3p1/start_3p1.sh');
    expect(stdout).toContain('-export RUST_LOG=trace\n');
    expect(stdout).toContain('Plan: 1 host: 1 to update; 1 host unchanged');
    const repaired = await deploy();
    expect(repaired.exitCode).toBe(0);
    expect(repaired.stdout).toContain('p1-50: 1 change made and verified');
    expect(await Promise.all(both.map(stateOf))).toEqual(before);
  });

  it('of anything else is found by what is in force, and repaired', async () => {
    const before = await stateOf(byHand);
    await byHand.sh(`
      sysctl -qw vm.swappiness=60
      chmod 644 /opt/lotusworker/profile
      ln -sfn /tmp /opt/lotusworker/lotus-worker
      systemctl -q disable hugepages
      timedatectl set-timezone UTC
      hostnamectl set-hostname elsewhere
      crontab -r
      umount /opt/hugepages/layer_labels
      sed -i '/hugetlbfs/d' /etc/fstab
      apt-get -qq -y remove tree >/dev/null 2>&1
      echo 5 >/sys/devices/system/node/node2/hugepages/hugepages-1048576kB/nr_hugepages`);
    expect((await planned())['p1-51']).toMatchInlineSnapshot(`
      [
        "packages:curl,ntpdate,cron+22",
        "sysctl:fs.file-max,fs.nr_open,net.ipv4.tcp_tw_reuse+20",
        "timezone:Asia/Shanghai",
        "cron:root:/usr/sbin/ntpdate ",
        "hostname:f0494733-p1-10-198-77-51",
        "unit:hugepages.service",
        "hugepages:1048576",
        "fstab:/opt/hugepages/layer_labels",
        "mounted:/opt/hugepages/layer_labels",
        "link:/opt/lotusworker/lotus-worker",
        "file:/opt/lotusworker/profile",
      ]
    `);
    expect((await deploy()).exitCode).toBe(0);
    expect((await fcops('plan', 'p1')).stdout).toMatch(NOTHING);
    expect(await stateOf(byHand)).toEqual(before);
    expect(
      await byHand.sh(
        'sysctl -n vm.swappiness; cat /sys/devices/system/node/node2/hugepages/*1048576*/nr_hugepages',
      ),
    ).toBe('0\n252');
  });

  it('outside of the tags that are asked for is left alone', async () => {
    await racks.sh('rm /opt/lotusworker/start_p2.sh; chmod 644 /opt/lotusworker/profile');
    expect(await planned('--tags', 'scripts')).toEqual({
      'p1-50': ['file:/opt/lotusworker/start_p2.sh'],
      'p1-51': [],
    });
    expect((await deploy('--tags', 'scripts')).exitCode).toBe(0);
    expect(await racks.sh('stat -c %a /opt/lotusworker/start_p2.sh /opt/lotusworker/profile')).toBe(
      '755\n644',
    );
    expect((await deploy('--tags', 'profile')).exitCode).toBe(0);
    expect((await fcops('plan', 'p1')).stdout).toMatch(NOTHING);
  });
});

/** Process ids of the workers, one a line, in order. */
const WORKERS = `pgrep -f -- '--worker-repo /opt/lotusworker/worker-[^ ]* run' | sort -n`;

describe('fcops deploy p1 --start', () => {
  it('starts the workers, which run as the handbook has them', async () => {
    const { exitCode, stdout } = await deploy('--start', '--no-preflight', '--limit', 'p1-50');
    expect(stdout).toContain('p1-50: 17 changes made and verified');
    expect(exitCode).toBe(0);
    expect(await racks.sh('echo $(</opt/lotusworker/worker-apx/argv)')).toBe(
      '--worker-repo /opt/lotusworker/worker-apx run --no-local-storage --role APx --group 10.198.77.50 --listen 10.198.77.50:11000',
    );
    expect(
      await racks.sh(
        `grep -E '^(CPU_LIST|MINER_API_INFO|FIL_PROOFS_POOL_LIMIT|TMPDIR)=' /opt/lotusworker/worker-p2/environment | sort`,
      ),
    ).toBe(
      `CPU_LIST=24,26,28,30\nFIL_PROOFS_POOL_LIMIT=26\nMINER_API_INFO=${TOKEN}:/ip4/192.168.10.1/tcp/2345/http\nTMPDIR=/opt/raid0/`,
    );
    expect(
      await racks.sh('(: >/dev/tcp/10.198.77.50/11000) && (: >/dev/tcp/10.198.77.50/12000) && echo listen'),
    ).toBe('listen');
  });

  it('starts nothing that runs already', async () => {
    const running = await racks.sh(WORKERS);
    const { exitCode, stdout } = await deploy('--start', '--no-preflight', '--limit', 'p1-50');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('p1-50: nothing to change');
    const after = (await racks.sh(WORKERS)).split('\n');
    expect(after).toEqual(expect.arrayContaining(running.split('\n')));
    expect((await fcops('plan', 'p1', '--start', '--limit', 'p1-50', '--detailed-exitcode')).exitCode).toBe(
      0,
    );
  });

  it('gave APx its cache, once, and nothing is left for a second init', async () => {
    const shown = await racks.sh(`
      cd /opt/lotusworker/worker-apx; cat attach.argv; grep -c . attach.count
      grep -c '"/opt/raid0/workercache"' storage.json; ls /opt/raid0/workercache`);
    expect(shown).toBe(
      'storage\nattach\n--init\n--seal\n--maxsealing\n30\n--group\n50\n/opt/raid0/workercache\n1\n1\ncache\nsealed\nsectorstore.json\nunsealed',
    );
  });

  it('has start scripts that run by hand: all fourteen tasks with their cores, nodes and ports', async () => {
    await racks.sh(`pkill -f '^bash /opt/lotusworker/start_p1.sh' || true`);
    await racks.sh('START_PAUSE=0 bash /opt/lotusworker/start_p1.sh </dev/null >/dev/null 2>&1');
    const rows = await racks.sh(`
      cd /opt/lotusworker; sleep 1
      for n in {1..14}; do
        . <(grep -E '^(CPU_LIST|FIL_PROOFS_NUMA_NODE|FIL_PROOFS_CC_CPU_SET_STR|FIL_PROOFS_HUGEPAGES_MOUNT_PATH)=' worker-\${n}p1/environment)
        [[ $FIL_PROOFS_CC_CPU_SET_STR == "$CPU_LIST" && -d $FIL_PROOFS_HUGEPAGES_MOUNT_PATH ]] || echo "bad $n"
        echo "worker-\${n}p1=$CPU_LIST=$FIL_PROOFS_NUMA_NODE $(tail -n 1 worker-\${n}p1/argv)"
      done`);
    // The table of handbook 2.2.6.4.
    expect(rows.split('\n')).toEqual(
      ['0,1=0', '2,3=0,1', '8,9=1', '10,11=1,2', '16,17=2', '18,19=2,3', '32,33,31=3,4', '34,35=4']
        .concat('40,41,39=4,5', '42,43=5', '48,49,47=5,6', '50,51=6', '56,57,55=6,7', '58,59=7')
        .map((row, index) => `worker-${index + 1}p1=${row} 10.198.77.50:${10001 + index}`),
    );
    expect((await racks.sh(WORKERS)).split('\n')).toHaveLength(16);
    expect((await fcops('plan', 'p1', '--start', '--limit', 'p1-50', '--detailed-exitcode')).exitCode).toBe(
      0,
    );
  });
});
