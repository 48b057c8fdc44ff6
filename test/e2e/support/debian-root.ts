import { createHash } from 'node:crypto';
import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { distributionOf, type OsName, parseOs } from '../../../src/core/distributions.ts';
import { look } from '../../../src/core/next.ts';
import { FcopsError } from '../../../src/core/problem.ts';
import { defaultVariables } from '../../../src/inventory/variables.ts';
import { IN_CI } from '../../support/needs.ts';
import { EMPTY_VERSION, writePackages } from './package-repository.ts';

/** Releases that hosts are booted with: systemd 247, 252 and 257, bash 5.1 and 5.2. */
export const RELEASES = ['debian-11', 'debian-12', 'debian-13'] as const satisfies readonly OsName[];
export type Release = (typeof RELEASES)[number];
/** The one that hosts have where nothing is said. */
export const RELEASE: Release = 'debian-12';

/** Survives the runs: a root takes a minute to make. */
const CACHE = '/var/cache/fcops-e2e';
const MIRROR = 'http://deb.debian.org/debian';
/** Every release since Debian 8 is made by this one; a debootstrap that is older than a release has no link to it. */
const SCRIPT = '/usr/share/debootstrap/scripts/sid';

/** What a rented Debian machine has from the start, as far as fcops has to do with it. */
const INCLUDED = [
  ...'systemd systemd-sysv dbus libpam-systemd udev kmod procps iproute2 passwd tzdata'.split(' '),
  ...'openssh-server cron sudo curl ca-certificates'.split(' '),
];
/** Small packages of Debian that are installed for real. */
const REAL = ['tree', 'bc', 'lrzsz', 'zip', 'unzip'];

/** What is made of a release. */
const recipeOf = (release: Release) => {
  const os = parseOs(release);
  const { codename = '', components, lacks, nfsPackage, gpuDriver, ntpdatePackage } = distributionOf(os);
  /** The others of handbook 2.2.2.2, as packages with nothing in them: their dependencies are half a desktop. */
  const empty = [
    ...new Set([...defaultVariables(os).packages, ntpdatePackage, nfsPackage, gpuDriver ?? []].flat()),
    ...'numactl chrony xfsprogs'.split(' '),
  ].filter((name) => !REAL.includes(name));
  const prepare = `
set -eu
cd /srv/packages
echo 'deb ${MIRROR} ${codename} ${components}' >/etc/apt/sources.list
apt-get -qq update
# What fcops asks for by default is what the release has.
has() { LC_ALL=C apt-cache policy "$1" | grep -q '^  Candidate: [^(]'; }
for name in ${empty.join(' ')}; do has "$name" || { echo "${release} has no $name" >&2; exit 1; }; done
for name in ${lacks.join(' ')}; do ! has "$name" || { echo "${release} has $name by now" >&2; exit 1; }; done
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
  const recipe = JSON.stringify([codename, MIRROR, INCLUDED, REAL, EMPTY_VERSION, empty, prepare]);
  const root = join(CACHE, `${codename}-${createHash('sha256').update(recipe).digest('hex').slice(0, 12)}`);
  return { codename, empty, prepare, root };
};

const isThere = (root: string): Promise<boolean> =>
  access(join(root, 'etc')).then(
    () => true,
    () => false,
  );

/**
 * Why the root of a release cannot be had: nothing is cached, and the source of packages is out of reach, or has the
 * release no more. Null where it can. In CI a source that is out of reach is no reason to leave a test out.
 */
export const whyNoRoot = async (release: Release): Promise<string | null> => {
  const { codename, root } = recipeOf(release);
  if (await isThere(root)) return null;
  const url = `${MIRROR}/dists/${codename}/InRelease`;
  const { stdout } = await execa('curl', ['-sIL', '-m', '20', '-o', '/dev/null', '-w', '%{http_code}', url], {
    reject: false,
  });
  if (stdout === '200') return null;
  if (stdout === '404') return `${MIRROR} has no ${codename} (${release})`;
  return IN_CI ? null : `${MIRROR} is out of reach: no root of ${release}`;
};

const making = new Map<Release, Promise<string>>();

/**
 * The directory of a Debian root with systemd, sshd and cron, and a repository of packages in it, so that
 * nothing of the network is needed to install one. Made by debootstrap once, kept for later runs.
 */
export const debianRoot = (release: Release, log: (line: string) => void): Promise<string> => {
  const root = making.get(release) ?? makeRoot(release, log);
  making.set(release, root);
  return root;
};

const makeRoot = async (release: Release, log: (line: string) => void): Promise<string> => {
  const { codename, empty, prepare, root } = recipeOf(release);
  if (await isThere(root)) return root;
  log(`making a root of ${release} in ${root} (debootstrap, about a minute)`);
  const draft = `${root}.draft`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(CACHE, { recursive: true });
  try {
    await execa(
      'debootstrap',
      ['--variant=minbase', `--include=${INCLUDED.join(',')}`, codename, draft, MIRROR, SCRIPT],
      { all: true },
    );
    await mkdir(join(draft, 'srv/packages'));
    await execa('chroot', [draft, 'bash', '-c', prepare], { all: true, env: { LC_ALL: 'C' } });
  } catch (error) {
    throw new FcopsError(
      {
        kind: 'check',
        what: `no root of ${release} for the booted hosts`,
        why: error instanceof Error ? error.message.slice(-2000) : String(error),
        next: [look(`install debootstrap and debian-archive-keyring, and make ${MIRROR} reachable`)],
      },
      { cause: error },
    );
  }
  await writePackages(join(draft, 'srv/packages'), empty);
  await writeFile(join(draft, 'etc/hosts'), '127.0.0.1 localhost\n');
  await rename(draft, root);
  return root;
};
