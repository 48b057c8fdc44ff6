import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { distributionOf, parseOs } from '../../src/core/distributions.ts';
import { TOKEN, VERSIONS } from '../support/cluster.ts';
import { RELEASE, RELEASES, type Release, whyNoRoot } from './support/debian-root.ts';
import { leftovers, stateOf } from './support/host-state.ts';
import type { BootedHost } from './support/nspawn.ts';
import { type Scene, startScene } from './support/scene.ts';

/**
 * A P1 and a C2 host of each other release that fcops is for, from the racks to running workers, all at once; one test
 * after the other. What else may happen to a host is tested on one release (p1.test.ts, c2.test.ts, …).
 */

const NUMBERS = { 'debian-11': 110, 'debian-12': 120, 'debian-13': 130 } as const;
const others: readonly Release[] = RELEASES.filter((release) => release !== RELEASE);
const missing = new Map(
  await Promise.all(others.map(async (release) => [release, await whyNoRoot(release)] as const)),
);
const here = others.filter((release) => missing.get(release) === null);
const releaseOf = ({ name }: BootedHost): Release => {
  const number = Math.floor(Number(name.split('-')[1]) / 10) * 10;
  return here.find((release) => NUMBERS[release] === number) ?? RELEASE;
};

let scene: Scene;
let hosts: readonly BootedHost[];
beforeAll(async () => {
  if (here.length === 0) return;
  scene = await startScene(
    here.flatMap((release) => [
      { role: 'p1', number: NUMBERS[release], release },
      { role: 'c2', number: NUMBERS[release] + 1, release },
    ]),
  );
  hosts = scene.hosts.hosts;
});
afterAll(() => scene?.stop());

/** A command for both roles; what went wrong is in it. */
const onBothRoles = async (command: string, ...more: string[]): Promise<string> => {
  const ended = await Promise.all(['p1', 'c2'].map((role) => scene.fcops([command, role, ...more])));
  const text = ended.map(({ stdout, stderr }) => stdout + stderr).join('\n');
  expect(
    ended.map(({ exitCode }) => exitCode),
    text,
  ).toEqual([0, 0]);
  return text;
};
const onAll = (script: string) => Promise.all(hosts.map((host) => host.sh(script)));
const WORKERS = `pgrep -f -- '[-]-worker-repo /opt/[^ ]* run' | sort -n`;
const unchanged = /^\d hosts: \d unchanged, in /gm;

it.for(others)('%s is booted', (release, { skip }) => {
  const why = missing.get(release);
  if (why) skip(why);
  expect(hosts.filter((host) => releaseOf(host) === release)).toHaveLength(2);
});

describe.skipIf(here.length === 0)('hosts of other releases', () => {
  it('say what they are', async () => {
    const seen = await onAll('. /etc/os-release; echo "$ID-$VERSION_ID"');
    expect(seen).toEqual(hosts.map(releaseOf));
    for (const host of hosts) {
      const { stdout, exitCode } = await scene.fcops(['facts', host.name]);
      expect([exitCode, stdout]).toEqual([
        0,
        expect.stringMatching(new RegExp(`${releaseOf(host).replace('-', ' ')}, kernel `)),
      ]);
      expect(stdout).not.toContain('no systemd');
    }
  });

  it('are deployed all the way; a second run finds nothing to do', async () => {
    const deployed = await onBothRoles('deploy', '--yes');
    expect(deployed.match(/^\d hosts: \d changed, in /gm)).toHaveLength(2);
    expect(deployed).not.toContain(TOKEN);
    const before = await Promise.all(hosts.map(stateOf));
    expect((await onBothRoles('deploy')).match(unchanged)).toHaveLength(2);
    expect(await Promise.all(hosts.map(stateOf))).toEqual(before);
    expect(await Promise.all(hosts.map(leftovers))).toEqual(hosts.map(() => ''));
  });

  it('have what was set in force: systemd, cron, clock, names, packages, kernel', async () => {
    for (const host of hosts) {
      const { ntpdatePackage } = distributionOf(parseOs(releaseOf(host)));
      const role = host.name.startsWith('p1') ? 'p1' : 'c2';
      expect([
        host.name,
        await host.sh(`
          systemctl show -p DefaultLimitNOFILE -p DefaultLimitNPROC
          crontab -l | grep -v '^#'
          timedatectl show -p Timezone --value; readlink /etc/localtime; date +%Z
          [[ ! -e /etc/timezone ]] || grep -v Asia/Shanghai /etc/timezone || true
          sysctl -n vm.swappiness net.core.somaxconn fs.nr_open net.ipv4.ip_local_port_range | tr '\\t' ' '
          dpkg-query -W -f '\${Package} \${db:Status-Status}\\n' bc nvidia-driver ${ntpdatePackage}
          hostname; hostnamectl --static; cat /etc/hostname`),
      ]).toEqual([
        host.name,
        `DefaultLimitNOFILE=10000000
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
${[`${ntpdatePackage} installed`, 'nvidia-driver installed'].sort().join('\n')}
${Array(3)
  .fill(`f0494733-${role}-${host.address.replaceAll('.', '-')}`)
  .join('\n')}`,
      ]);
    }
  });

  it('owe nothing after a reboot, and start their workers once', async () => {
    await Promise.all(hosts.map((host) => host.reboot()));
    expect((await onBothRoles('plan', '--detailed-exitcode')).match(/nothing to change/g)).toBeTruthy();
    expect(await onAll(`sysctl -n vm.swappiness; systemctl show -p DefaultLimitNOFILE --value`)).toEqual(
      hosts.map(() => '0\n10000000'),
    );
    await onBothRoles('deploy', '--yes', '--start', '--no-preflight');
    const running = await onAll(WORKERS);
    // Fourteen P1 tasks, P2 and APx; a worker a GPU.
    expect(running.map((pids) => pids.split('\n').length)).toEqual(
      hosts.map(({ name }) => (name.startsWith('p1') ? 16 : 4)),
    );
    expect((await onBothRoles('deploy', '--start')).match(unchanged)).toHaveLength(2);
    expect(await onAll(WORKERS)).toEqual(running);
    expect(
      await onAll('/opt/lotus*worker*/lotus-worker --version 2>/dev/null || /opt/lotus-worker --version'),
    ).toEqual(
      hosts.map(({ name }) =>
        expect.stringContaining(VERSIONS[name.startsWith('p1') ? 'p1' : 'c2'].split('-')[1] ?? ''),
      ),
    );
  });
});
