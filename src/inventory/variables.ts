import type { Host, Variables } from './cluster.ts';
import type { VariablesFile } from './inventory-file.ts';

/** Handbook 2.2.2.2, without the graphics driver, whose name differs. */
const APT_PACKAGES = [
  'tcpdump',
  'bash-completion',
  'bc',
  'net-tools',
  'mtr',
  'traceroute',
  'psmisc',
  'tcptrack',
  'nload',
  'ntpdate',
  'lsof',
  'tree',
  'lrzsz',
  'wget',
  'glances',
  'rsync',
  'zip',
  'unzip',
  'tcptraceroute',
  'hwloc',
  'ipmitool',
  'tmux',
];

/**
 * The same from the repositories that CentOS 7 has from the start: `traceroute` provides tcptraceroute there,
 * and the network and system monitors are not in them. A cluster with EPEL lists what it wants itself.
 */
const NOT_IN_CENTOS = ['tcptrack', 'nload', 'glances', 'tcptraceroute'];
const YUM_PACKAGES = APT_PACKAGES.filter((name) => !NOT_IN_CENTOS.includes(name));

/** Driver package of each distribution; CentOS has none in its repositories. */
const GPU_DRIVERS = { ubuntu: 'nvidia-driver-460', debian: 'nvidia-driver', centos: null } as const;

/** What a host has where neither it nor its cluster says otherwise. */
export const defaultVariables = (os: Host['os']): Variables => ({
  timezone: 'Asia/Shanghai',
  ntpServer: 'cn.pool.ntp.org',
  packages: os.family === 'debian' ? APT_PACKAGES : YUM_PACKAGES,
  gpuDriver: GPU_DRIVERS[os.id],
  aptMirror: null,
  proxy: null,
  allowRemoval: [],
  allowUpgrade: [],
  sysctl: {},
  // 30 TB (handbook 2.2.1) are 27 939 GiB; a file system shows a few per cent less than its disks.
  raidMinGiB: 27_000,
  // 2 TB (handbook 2.1.1) are 1862 GiB.
  minerRaidMinGiB: 1800,
  startPause: 30,
  environment: {},
  minKernel: os.family === 'debian' ? '4.15' : '3.10',
});

/** Defaults, the cluster's values over them, the host's over those; `sysctl` and `environment` key by key. */
export const resolveVariables = (
  os: Host['os'],
  cluster: VariablesFile = {},
  host: VariablesFile = {},
): Variables => ({
  ...defaultVariables(os),
  ...cluster,
  ...host,
  sysctl: { ...cluster.sysctl, ...host.sysctl },
  environment: { ...cluster.environment, ...host.environment },
});
