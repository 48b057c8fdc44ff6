/**
 * Everything that differs from distribution to distribution, one row a release: the only place that knows their
 * names. All else asks `distributionOf`. A distribution more is a row more in `ROWS`.
 *
 * Where the facts come from: handbook 2.2.2 (Ubuntu 18.04, CentOS 7); the package lists of each release of Debian
 * (packages.debian.org; the end-to-end tests look for each name again when they make their roots).
 */

/** Distributions that a host may run (handbook 2.2.1 names CentOS 7 and Ubuntu 18.04); bare: any version. */
export const OS_NAMES = [
  'ubuntu-18.04',
  'ubuntu-20.04',
  'ubuntu-22.04',
  'ubuntu-24.04',
  'debian-10',
  'debian-11',
  'debian-12',
  'debian-13',
  'centos-7',
  'ubuntu',
  'debian',
  'centos',
] as const;
export type OsName = (typeof OS_NAMES)[number];

/** `ID` of /etc/os-release. */
export type OsId = 'ubuntu' | 'debian' | 'centos';

/** Which package manager and boot loader tools a host has. */
export const OS_FAMILIES = ['debian', 'redhat'] as const;
export type OsFamily = (typeof OS_FAMILIES)[number];

/** How GRUB is configured; its defaults are in /etc/default/grub everywhere. */
export interface Grub {
  /** The variable that the installer fills, and that every kernel but rescue gets. */
  readonly variable: 'GRUB_CMDLINE_LINUX_DEFAULT' | 'GRUB_CMDLINE_LINUX';
  /** The program that an administrator calls. */
  readonly program: string;
  /** The one that does it: it takes the file to write. The same where there is no wrapper around it. */
  readonly maker: string;
  readonly config: string;
  /** A link to the configuration of a machine that was started by EFI; empty where it is the same file. */
  readonly efiLink: string;
}

/** What the two families differ in. */
interface Family {
  readonly family: OsFamily;
  readonly manager: 'apt' | 'yum';
  /** Package that brings `crontab`. */
  readonly cronPackage: string;
  /** Package that brings `mount.nfs`. */
  readonly nfsPackage: string;
  /** Kernel of the oldest release. */
  readonly minKernel: string;
  /** Whether the name of the time zone is in ZONE_NAME_FILE too, where a host has that file. */
  readonly keepsZoneName: boolean;
}

/** One release, or any of a distribution. */
export interface Distribution extends Family {
  readonly id: OsId;
  /** `VERSION_ID` of /etc/os-release; left out: any. */
  readonly version?: string;
  /** Which builds of the programs run on it (handbook 1); Debian counts as Ubuntu, whose libraries it has. */
  readonly builds: 'ubuntu' | 'centos';
  /** Package that brings /usr/sbin/ntpdate. */
  readonly ntpdatePackage: string;
  /** Package of the NVIDIA driver; null: its repositories have none. */
  readonly gpuDriver: string | null;
  /** Packages of handbook 2.2.2.2 that its repositories do not have. */
  readonly lacks: readonly string[];
  /** What a mirror of it is divided into, as apt's sources name it; null: it is none of apt's. */
  readonly components: string | null;
  /** What a mirror calls the release; left out: not known, since any may be meant. */
  readonly codename?: string;
}

/** Beside the link /etc/localtime. */
export const ZONE_NAME_FILE = '/etc/timezone';

export const GRUB: Readonly<Record<OsFamily, Grub>> = {
  debian: {
    variable: 'GRUB_CMDLINE_LINUX_DEFAULT',
    program: 'update-grub',
    maker: 'grub-mkconfig',
    config: '/boot/grub/grub.cfg',
    efiLink: '',
  },
  redhat: {
    variable: 'GRUB_CMDLINE_LINUX',
    program: 'grub2-mkconfig',
    maker: 'grub2-mkconfig',
    config: '/boot/grub2/grub.cfg',
    efiLink: '/etc/grub2-efi.cfg',
  },
};

const DEBIAN_FAMILY: Family = {
  family: 'debian',
  manager: 'apt',
  cronPackage: 'cron',
  nfsPackage: 'nfs-common',
  minKernel: '4.15',
  // Not on a fresh Debian 13, whose tzdata has the file no more.
  keepsZoneName: true,
};

const UBUNTU: Distribution = {
  ...DEBIAN_FAMILY,
  id: 'ubuntu',
  builds: 'ubuntu',
  ntpdatePackage: 'ntpdate',
  gpuDriver: 'nvidia-driver-460',
  lacks: [],
  components: 'main restricted universe multiverse',
};

/** Where no version is stated: what all of them have. */
const DEBIAN: Distribution = {
  ...DEBIAN_FAMILY,
  id: 'debian',
  builds: 'ubuntu',
  // Debian 13 has no ntpdate; this one is in every release, and takes ntpdate away where that is installed.
  ntpdatePackage: 'ntpsec-ntpdate',
  gpuDriver: 'nvidia-driver',
  lacks: ['glances'],
  components: 'main contrib non-free',
};

const CENTOS: Distribution = {
  family: 'redhat',
  manager: 'yum',
  cronPackage: 'cronie',
  nfsPackage: 'nfs-utils',
  minKernel: '3.10',
  keepsZoneName: false,
  id: 'centos',
  builds: 'centos',
  ntpdatePackage: 'ntpdate',
  gpuDriver: null,
  // Of the repositories that CentOS 7 has from the start: `traceroute` provides tcptraceroute there, the network and
  // system monitors are in EPEL. A cluster with EPEL lists what it wants itself.
  lacks: ['tcptrack', 'nload', 'glances', 'tcptraceroute'],
  components: null,
};

const ntpdate = { ntpdatePackage: 'ntpdate' };
/** Firmware is a part of its own since Debian 12, and the NVIDIA driver needs one. */
const withFirmware = { components: 'main contrib non-free non-free-firmware' };

const ROWS: Readonly<Record<OsName, Distribution>> = {
  'ubuntu-18.04': { ...UBUNTU, version: '18.04', codename: 'bionic' },
  'ubuntu-20.04': { ...UBUNTU, version: '20.04', codename: 'focal' },
  'ubuntu-22.04': { ...UBUNTU, version: '22.04', codename: 'jammy' },
  'ubuntu-24.04': { ...UBUNTU, version: '24.04', codename: 'noble' },
  'debian-10': { ...DEBIAN, ...ntpdate, lacks: [], version: '10', codename: 'buster' },
  'debian-11': { ...DEBIAN, ...ntpdate, version: '11', codename: 'bullseye' },
  'debian-12': { ...DEBIAN, ...ntpdate, ...withFirmware, lacks: [], version: '12', codename: 'bookworm' },
  'debian-13': { ...DEBIAN, ...withFirmware, lacks: [], version: '13', codename: 'trixie' },
  'centos-7': { ...CENTOS, version: '7' },
  ubuntu: UBUNTU,
  debian: DEBIAN,
  centos: CENTOS,
};

/** What the handbook's machines run. */
export const DEFAULT_OS: OsName = 'ubuntu-18.04';

/** The rows by name, in the order in which they are offered. */
export const DISTRIBUTIONS: readonly (readonly [OsName, Distribution])[] = OS_NAMES.map((name) => [
  name,
  ROWS[name],
]);

/** A distribution as an inventory states it or a host says it. */
export interface Os {
  readonly id: string;
  readonly version?: string;
}

const find = ({ id, version }: Os): Distribution | undefined =>
  DISTRIBUTIONS.find(([, row]) => row.id === id && row.version === version)?.[1];

/** Of a host's inventory: `{ id: 'debian', version: '12' }`; a version that has no row is any of its distribution. */
export const distributionOf = ({
  id,
  version,
}: {
  readonly id: OsId;
  readonly version?: string;
}): Distribution => find(version === undefined ? { id } : { id, version }) ?? ROWS[id];

/** Of what a host says of itself in /etc/os-release; undefined where it is none of those known here. */
export const distributionSeen = ({ id, version }: Os): Distribution | undefined =>
  find(version === undefined ? { id } : { id, version }) ?? find({ id });

/** `ubuntu-18.04` → its id and version as in /etc/os-release, and its family. */
export const parseOs = (
  name: OsName,
): { readonly id: OsId; readonly version?: string; readonly family: OsFamily } => {
  const { id, version, family } = ROWS[name];
  return version === undefined ? { id, family } : { id, version, family };
};

/** The inverse of parseOs: what a person calls it. */
export const osName = ({ id, version }: Os): string => (version === undefined ? id : `${id}-${version}`);
