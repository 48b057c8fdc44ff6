import type { OsFamily, OsId } from '../core/distributions.ts';
import type { Facts } from '../core/facts.ts';
import type { Place, Problem } from '../core/problem.ts';
import type { Profile, SectorSize } from '../core/profile.ts';
import type { Secret } from '../core/secret.ts';
import type { NamedSecret } from './named-secret.ts';
import type { Overrides } from './overrides-file.ts';

export type RoleName = 'miner' | 'p1' | 'c2' | 'apx';

/** What a failed machine check does: stops the host, is only shown, or is not made at all. */
export type Checks = 'enforce' | 'warn' | 'off';

/** One miner id with everything that runs for it. Checked and complete: nothing here needs a second look. */
export interface Cluster {
  /** `f0494733` */
  readonly miner: string;
  readonly sectorSize: SectorSize;
  /** The miner's API as workers reach it. */
  readonly api: Api;
  readonly artifacts: {
    /** Directory of the archives, no slash at the end. */
    readonly url: string;
    readonly user?: string;
    readonly password?: Secret;
    /** File name → sha256, lower-case hex. */
    readonly sha256: Readonly<Record<string, string>>;
  };
  /** File systems of other machines that its hosts mount. */
  readonly storage: readonly Storage[];
  /** What the inventory says of keys of config.toml; where it does not, a role has its own. Null: not ours. */
  readonly config: { readonly lotus: ConfigSection; readonly miner: ConfigSection };
  /** Sectors that the miner host keeps in Packing; null: nothing is pledged by itself. */
  readonly packing: number | null;
  /** Workers that are started in a minute, over all hosts. */
  readonly startRate: number;
  /** What the first set-up of its miner takes. */
  readonly bootstrap: Bootstrap;
  /** How the metadata of its miner are backed up; null: they are not. */
  readonly backup: MinerBackup | null;
  readonly hosts: readonly Host[];
  /** Every secret that its file names, as its schema tells them; not what is read on hosts. */
  readonly secrets: readonly NamedSecret[];
  /** The file it was read from. */
  readonly file: string;
}

/**
 * How the miner's API is known: stated, or read from the miner host in every run, whose repository has both. What is
 * read has no value before somebody gives it one (`beforeLook` in src/ops/miner-api.ts).
 */
export type Api =
  | { readonly from: 'inventory'; readonly address: string; readonly token: Secret }
  | { readonly from: 'miner'; readonly host: Host; readonly address: Secret; readonly token: Secret };

/** What `fcops bootstrap` sets a miner up with. */
export interface Bootstrap {
  /** Null: none is named. */
  readonly snapshot: {
    readonly url: string;
    /** Lower-case hex. */
    readonly sha256: string;
  } | null;
  /** Where proof parameters are copied from, a host of the cluster and a directory there; null: they are fetched. */
  readonly parameters: { readonly from: string; readonly directory: string | null } | null;
  /** Addresses; null: found among the wallets of lotus, or made. */
  readonly owner: string | null;
  readonly worker: string | null;
  /** FIL. */
  readonly minFunds: number;
}

/** Backups of the metadata of lotus-miner, from the miner host to what is mounted there. */
export interface MinerBackup {
  /** The directory that something has to be mounted at. */
  readonly mount: string;
  /** The storage of the cluster that is mounted there; null: something of which the inventory does not know. */
  readonly storage: string | null;
  /** Where they are kept, in it. */
  readonly directory: string;
  /** Hours between two; they divide a day. */
  readonly hours: number;
  /** How many are kept there. */
  readonly keep: number;
}

/** A section of a config.toml, by the names that lotus gives its keys. */
export interface ConfigSection {
  readonly [name: string]: string | number | boolean | null | ConfigSection;
}

interface StorageBase {
  readonly name: string;
  /** Where it is mounted, on every host. */
  readonly path: string;
  /** The roles whose hosts mount it. */
  readonly on: readonly RoleName[];
  /** Mount options, the defaults of its type filled in. */
  readonly options: readonly string[];
  /** Whether sectors are kept there. */
  readonly sectors: boolean;
}

/** CephFS: mounted by the kernel on the miner (handbook 2.1.3), by ceph-fuse elsewhere (2.2.3). */
export interface CephStorage extends StorageBase {
  readonly type: 'ceph';
  /** Directory in it, absolute. */
  readonly source: string;
  /** Addresses, each with a port where one is stated. */
  readonly monitors: readonly string[];
  /** Without `client.` */
  readonly user: string;
  readonly key: Secret;
  readonly fsid?: string;
}

/** A directory of a server, over NFS; `cpfs`: of Alibaba Cloud. */
export interface NfsStorage extends StorageBase {
  readonly type: 'nfs' | 'cpfs';
  /** `server:/directory` */
  readonly source: string;
}

export type Storage = CephStorage | NfsStorage;

/** One machine: the cluster's defaults with the values of its groups over them, and its own over those. */
export interface Host {
  readonly name: string;
  /** IPv4 address that SSH connects to. */
  readonly address: string;
  /** IPv4 address that lotus programs listen on and the host name ends in; the same one where the file states no other. */
  readonly listen: string;
  readonly roles: readonly RoleName[];
  /** Names of the groups that it is in, in the order of the file. */
  readonly groups: readonly string[];
  readonly profile: Profile;
  readonly os: {
    readonly id: OsId;
    readonly version?: string;
    readonly family: OsFamily;
  };
  readonly ssh: SshSettings;
  /** Program version by what it is for; a role finds its own under its name. */
  readonly versions: Readonly<Partial<Record<'lotus' | RoleName, string>>>;
  readonly variables: Variables;
  readonly checks: Checks;
  /** What the machine has less of for a while; its profile is without that already. */
  readonly overrides?: Overrides;
  /** Where their day stands. */
  readonly overridesAt?: Place;
  /** Facts stated by hand: they win over what is observed and what was saved. */
  readonly facts?: StatedFacts;
  /** Facts kept by `fcops facts --save`: they stand in where no host is reachable (see knownFacts). */
  readonly savedFacts?: Facts;
  /** What is wrong with the file of the saved facts: for whoever needs them to say. */
  readonly savedFactsProblem?: Problem;
}

/** Facts stated by hand replace what is observed, key by key. */
export type StatedFacts = Partial<
  Pick<Facts, 'gpus' | 'numaNodes' | 'l3Groups' | 'memoryKib' | 'cpu' | 'disks' | 'os'>
>;

/** Settings that a cluster or a host may change; every key has a default (see src/inventory/variables.ts). */
export interface Variables {
  /** `Asia/Shanghai` (handbook 2.2.2.3). */
  readonly timezone: string;
  /** Server for ntpdate, asked every minute; null: no time synchronisation by fcops. */
  readonly ntpServer: string | null;
  /** Packages to install besides those that a role cannot do without; replaces the default list. */
  readonly packages: readonly string[];
  /** Package of the NVIDIA driver (handbook 2.2.2.2: nvidia-driver-460); null: installed by other means. */
  readonly gpuDriver: string | null;
  /** One more source of apt; null: only the host's own. */
  readonly aptMirror: string | null;
  /** What packages and archives are downloaded through; null: nothing. */
  readonly proxy: string | null;
  /** Installed packages that may go where one to install needs that. */
  readonly allowRemoval: readonly string[];
  /** Installed packages that may get another version where one to install needs that. */
  readonly allowUpgrade: readonly string[];
  /** Extra sysctl settings, over the role's own. */
  readonly sysctl: Readonly<Record<string, string>>;
  /** What runs the processes: their start scripts in the background (handbook), or systemd, a unit each. */
  readonly supervisor: 'nohup' | 'systemd';
  /** Seconds between the starts of two P1 tasks of a machine (handbook 2.2.6.4). */
  readonly startPause: number;
  /** Seconds that a start waits for lotus to be in sync (handbook 4.2.1). */
  readonly syncDeadline: number;
  /** Smallest size of the file system at /opt/raid0, in GiB (handbook 2.2.1: 30 TB). */
  readonly raidMinGiB: number;
  /** The same of a miner host (handbook 2.1.1: 2 TB). */
  readonly minerRaidMinGiB: number;
  /** How many logs of earlier runs a start script leaves in `logbak`, and for how many days (handbook 2.1.6.5, 2.3.4.3). */
  readonly logFiles: number;
  readonly logDays: number;
  /** Extra variables exported in the profile of workers, and of lotus and lotus-miner. */
  readonly environment: Readonly<Record<string, string>>;
  /** Smallest kernel that the machine check accepts, `4.15`. */
  readonly minKernel: string;
}

/** The `ssh` section: what is stated; what is left out is taken from ~/.ssh/config or the defaults. */
export interface SshSettings {
  readonly user?: string;
  readonly port?: number;
  readonly privateKey?: string;
  readonly knownHosts?: string;
  readonly proxyJump?: string;
  readonly password?: Secret;
  readonly sudoPassword?: Secret;
  /** Seconds. */
  readonly connectTimeout?: number;
}
