/** A distribution that a simulated host can pass for. */
export type OperatingSystem = 'debian' | 'ubuntu' | 'centos';

/** What is said of a distribution in /etc/os-release. */
export const OS_RELEASE: Readonly<Record<OperatingSystem, string>> = {
  debian: `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION="12 (bookworm)"
VERSION_CODENAME=bookworm
ID=debian
`,
  ubuntu: `NAME="Ubuntu"
VERSION="18.04.6 LTS (Bionic Beaver)"
ID=ubuntu
ID_LIKE=debian
PRETTY_NAME="Ubuntu 18.04.6 LTS"
VERSION_ID="18.04"
VERSION_CODENAME=bionic
UBUNTU_CODENAME=bionic
`,
  centos: `NAME="CentOS Linux"
VERSION="7 (Core)"
ID="centos"
ID_LIKE="rhel fedora"
VERSION_ID="7"
PRETTY_NAME="CentOS Linux 7 (Core)"
`,
};

/** Handbook 2.2.2.2, without the driver. */
const COMMON = [
  ...'tcpdump bash-completion bc net-tools mtr traceroute psmisc tcptrack nload lsof tree lrzsz wget'.split(
    ' ',
  ),
  ...'glances rsync zip unzip tcptraceroute hwloc ipmitool tmux curl sudo numactl xfsprogs mdadm'.split(' '),
  ...'jq chrony ca-certificates'.split(' '),
];
const APT = [...COMMON, 'ntpdate', 'cron', 'ceph-common', 'ceph-fuse', 'nfs-common', 'tzdata'];

/** Packages that the distribution's mirror has; anything else cannot be located. */
export const PACKAGES: Readonly<Record<OperatingSystem, readonly string[]>> = {
  debian: [...APT, 'ntpsec-ntpdate', 'nvidia-driver'],
  ubuntu: [...APT, 'nvidia-driver-460'],
  centos: [...COMMON, 'ntpdate', 'ntp', 'cronie', 'epel-release', 'pciutils', 'kmod-nvidia', 'nvidia-driver'],
};

/** The stand-ins of every host, by their place; the value is a file of stand-ins/. */
const EVERY_STAND_IN: Readonly<Record<string, string>> = {
  '/usr/bin/systemctl': 'systemctl.sh',
  '/usr/bin/hostnamectl': 'hostnamectl.sh',
  '/usr/bin/timedatectl': 'timedatectl.sh',
  '/usr/bin/crontab': 'crontab.sh',
};

const APT_STAND_INS: Readonly<Record<string, string>> = {
  '/usr/bin/apt-get': 'apt-get.sh',
  '/usr/sbin/update-grub': 'update-grub.sh',
  '/usr/sbin/grub-mkconfig': 'update-grub.sh',
};

/** Programs that stand in for those of the real distribution. */
export const STAND_INS: Readonly<Record<OperatingSystem, Readonly<Record<string, string>>>> = {
  debian: { ...EVERY_STAND_IN, ...APT_STAND_INS },
  ubuntu: { ...EVERY_STAND_IN, ...APT_STAND_INS },
  centos: {
    ...EVERY_STAND_IN,
    '/usr/bin/yum': 'yum.sh',
    '/usr/bin/rpm': 'rpm.sh',
    '/usr/sbin/grub2-mkconfig': 'update-grub.sh',
  },
};

/** Programs of this machine that the distribution does not have. */
export const ABSENT: Readonly<Record<OperatingSystem, readonly string[]>> = {
  debian: ['/usr/bin/yum', '/usr/bin/rpm'],
  ubuntu: ['/usr/bin/yum', '/usr/bin/rpm'],
  centos: ['apt-get', 'apt', 'apt-cache', 'dpkg', 'dpkg-query', 'apt-mark'].map((name) => `/usr/bin/${name}`),
};
