import { createHash } from 'node:crypto';
import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { look } from '../../../src/core/next.ts';
import { FcopsError } from '../../../src/core/problem.ts';
import { writePackages } from './package-repository.ts';

/** Survives the runs: a root takes a minute to make. */
const CACHE = '/var/cache/fcops-e2e';
const SUITE = 'bookworm';
const MIRROR = 'http://deb.debian.org/debian';

/** What a rented Debian machine has from the start, as far as fcops has to do with it. */
const INCLUDED = [
  ...'systemd systemd-sysv dbus libpam-systemd udev kmod procps iproute2 passwd tzdata'.split(' '),
  ...'openssh-server cron sudo curl ca-certificates'.split(' '),
];
/** Small packages of Debian that are installed for real. */
const REAL = ['tree', 'bc', 'lrzsz', 'zip', 'unzip'];
/** The others of handbook 2.2.2.2, as packages with nothing in them: their dependencies are half a desktop. */
const EMPTY = [
  ...'tcpdump bash-completion net-tools mtr traceroute psmisc tcptrack nload ntpdate lsof wget glances'.split(
    ' ',
  ),
  ...'rsync tcptraceroute hwloc ipmitool tmux numactl chrony xfsprogs nvidia-driver nvidia-driver-460'.split(
    ' ',
  ),
];

const PREPARE = `
set -eu
cd /srv/packages
apt-get -qq update
# With all that they need and this root has not.
apt-get clean
apt-get -qq install -y --no-install-recommends --download-only ${REAL.join(' ')}
mv /var/cache/apt/archives/*.deb .
rm -rf /etc/apt/sources.list /etc/apt/sources.list.d /var/lib/apt/lists/*
echo 'deb [trusted=yes] file:/srv/packages ./' >/etc/apt/sources.list
systemctl -q enable systemd-networkd ssh
systemctl -q mask apt-daily.timer apt-daily-upgrade.timer systemd-networkd-wait-online.service
# Where this machine's fs.nr_open is below the limits of a deploy (the hosts share it, whatever they see),
# a session gets lower ones instead of none.
sed -Ei 's/^(session +)required( +pam_limits)/\\1optional\\2/' /etc/pam.d/*
rm -f /etc/ssh/ssh_host_* /etc/hostname /etc/resolv.conf
: >/etc/machine-id
`;

/**
 * The directory of a Debian root with systemd, sshd and cron, and a repository of packages in it, so that
 * nothing of the network is needed to install one. Made by debootstrap once, kept for later runs.
 */
export const debianRoot = async (log: (line: string) => void): Promise<string> => {
  const recipe = JSON.stringify([SUITE, MIRROR, INCLUDED, REAL, EMPTY, PREPARE]);
  const root = join(CACHE, createHash('sha256').update(recipe).digest('hex').slice(0, 12));
  const isThere = await access(join(root, 'etc')).then(
    () => true,
    () => false,
  );
  if (isThere) return root;
  log(`making a Debian root in ${root} (debootstrap, about a minute)`);
  const draft = `${root}.draft`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(CACHE, { recursive: true });
  try {
    await execa(
      'debootstrap',
      ['--variant=minbase', `--include=${INCLUDED.join(',')}`, SUITE, draft, MIRROR],
      { all: true },
    );
    await mkdir(join(draft, 'srv/packages'));
    await execa('chroot', [draft, 'bash', '-c', PREPARE], { all: true, env: { LC_ALL: 'C' } });
  } catch (error) {
    throw new FcopsError(
      {
        kind: 'check',
        what: 'no Debian root for the booted hosts',
        why: error instanceof Error ? error.message.slice(-2000) : String(error),
        next: [look(`install debootstrap, and make ${MIRROR} reachable`)],
      },
      { cause: error },
    );
  }
  await writePackages(join(draft, 'srv/packages'), EMPTY);
  await writeFile(join(draft, 'etc/hosts'), '127.0.0.1 localhost\n');
  await rename(draft, root);
  return root;
};
