import { distributionOf } from '../core/distributions.ts';
import type { Host, Variables } from './cluster.ts';
import type { VariablesFile } from './inventory-file.ts';

/** Handbook 2.2.2.2, without the graphics driver and ntpdate, whose names differ. */
const PACKAGES = [
  'tcpdump',
  'bash-completion',
  'bc',
  'net-tools',
  'mtr',
  'traceroute',
  'psmisc',
  'tcptrack',
  'nload',
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

/** What a host has where neither it nor its cluster says otherwise. */
export const defaultVariables = (os: Host['os']): Variables => {
  const { ntpdatePackage, gpuDriver, lacks, minKernel } = distributionOf(os);
  return {
    timezone: 'Asia/Shanghai',
    ntpServer: 'cn.pool.ntp.org',
    packages: [...PACKAGES.filter((name) => !lacks.includes(name)), ntpdatePackage],
    gpuDriver,
    aptMirror: null,
    proxy: null,
    allowRemoval: [],
    allowUpgrade: [],
    sysctl: {},
    // 30 TB (handbook 2.2.1) are 27 939 GiB; a file system shows a few per cent less than its disks.
    raidMinGiB: 27_000,
    // 2 TB (handbook 2.1.1) are 1862 GiB.
    minerRaidMinGiB: 1800,
    supervisor: 'nohup',
    startPause: 30,
    syncDeadline: 3600,
    logFiles: 20,
    logDays: 30,
    environment: {},
    minKernel,
  };
};

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
