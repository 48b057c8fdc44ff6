import * as z from 'zod';
import { OS_NAMES } from '../core/distributions.ts';
import { factsSchema } from '../core/facts.ts';
import { HTTP_URL, KERNEL_SETTING, PACKAGE_NAME } from '../core/names.ts';
import { sectorSizeSchema } from '../core/profile.ts';
import { backupFileSchema } from './backup-file.ts';
import { bootstrapFileSchema } from './bootstrap-file.ts';
import { ALL } from './host-pattern.ts';
import { lotusConfigSchema, minerConfigSchema } from './lotus-config.ts';
import { overridesSchema } from './overrides-file.ts';
import { like, matching, ROLE_NAMES, secret } from './schema-parts.ts';
import { storageFileSchema } from './storage-file.ts';
import { isTimeZone } from './time-zone.ts';

/**
 * The inventory file as a person writes it. Every key has its description here: error messages, the JSON
 * Schema for editors and the table in docs/inventory-file.md are made from them. Messages follow "`key` …".
 */

/** In JSON Schema, for editors: text that may be written as a number (see number-texts.ts). */
const NUMBER_TOO = { type: ['string', 'number'] };

const isIPv4 = (text: string): boolean => z.regexes.ipv4.test(text);

/** No network of its own (0.*), no multicast (224 to 239), and none of those that are reserved (from 240 on). */
const isOfOneMachine = (address: string): boolean => {
  const first = Number.parseInt(address, 10);
  return first > 0 && first < 224;
};

const machineAddress = z
  .string()
  .refine(isIPv4, { error: 'must be an IPv4 address', abort: true })
  .refine(isOfOneMachine, 'must be an IPv4 address that one machine has');

const VERSION = /^\w[\w.+-]*$/;

/** Whether a text may be a version of a program. */
export const isVersion = (text: string): boolean => VERSION.test(text);

const version = (program: string) =>
  matching(VERSION, 'must be a version like 1.11.1-3079a405a')
    .meta(NUMBER_TOO)
    .exactOptional()
    .meta(like('1.11.1-3079a405a'))
    .describe(`Version of ${program}.`);

const versionsSchema = z.strictObject({
  lotus: version('lotus on the miner host'),
  miner: version('lotus-miner'),
  p1: version('lotus-worker on P1 hosts'),
  c2: version('lotus-worker on C2 hosts'),
  apx: version('lotus-worker on hosts that run only APx'),
});

const sshSchema = z.strictObject({
  user: matching(/^[^\s:@]+$/, 'must be a user name')
    .exactOptional()
    .meta(like('root'))
    .describe('Login user; sudo is used where it is not root. Default: ~/.ssh/config, then root.'),
  port: z
    .int()
    .min(1)
    .max(65535)
    .exactOptional()
    .meta(like(22))
    .describe('SSH port. Default: ~/.ssh/config, then 22.'),
  privateKey: z
    .string()
    .min(1)
    .exactOptional()
    .meta(like('~/.ssh/id_ed25519'))
    .describe('Private key file. Default: ~/.ssh/config, the agent, then the usual files in ~/.ssh.'),
  knownHosts: z
    .string()
    .min(1)
    .exactOptional()
    .meta(like('~/.ssh/known_hosts'))
    .describe('File with the host keys that are trusted. Default: ~/.ssh/known_hosts.'),
  proxyJump: z
    .string()
    .min(1)
    .refine((hops) => !/:[^@,]*@/.test(hops), 'must hold no password: ssh takes none there')
    .exactOptional()
    .meta(like('ops@gate.example.com:22'))
    .describe('Bastions on the way, as in ssh -J: user@host:port, several with commas.'),
  password: secret('Login password, where there is no key.').exactOptional(),
  sudoPassword: secret('Password for sudo, where it asks for one.').exactOptional(),
  connectTimeout: z
    .int()
    .min(1)
    .max(3600)
    .exactOptional()
    .meta(like(15))
    .describe('Longest time to connect and log in, in seconds. Default: ~/.ssh/config, then 15.'),
});

const packageName = matching(PACKAGE_NAME, 'must be the name of a package, without version or architecture');

const variablesSchema = z.strictObject({
  timezone: z
    .string()
    .refine(isTimeZone, 'must be a time zone like Asia/Shanghai')
    .exactOptional()
    .meta(like('Asia/Shanghai'))
    .describe('Time zone. Default: Asia/Shanghai.'),
  ntpServer: matching(/^[\w.:-]+$/, 'must be the name or address of a server')
    .nullable()
    .exactOptional()
    .meta(like('cn.pool.ntp.org'))
    .describe('Server for ntpdate, asked every minute; null for none. Default: cn.pool.ntp.org.'),
  packages: z
    .array(packageName.meta(like('tmux')))
    .exactOptional()
    .meta({ examples: [['tmux', 'wget']] })
    .describe(
      "Packages to install, in place of the handbook's list (of which what the distribution does not have is left out).",
    ),
  gpuDriver: packageName
    .nullable()
    .exactOptional()
    .meta(like('nvidia-driver-460'))
    .describe(
      'Package of the NVIDIA driver; null where it is installed by other means. Default: nvidia-driver-460 ' +
        'on Ubuntu, nvidia-driver on Debian, null on CentOS.',
    ),
  aptMirror: matching(
    /^https?:\/\/[\w.:-]+(\/[\w./-]*)?$/,
    'must be the address of a mirror like http://mirrors.aliyun.com/ubuntu',
  )
    .nullable()
    .exactOptional()
    .meta(like('http://mirrors.aliyun.com/ubuntu'))
    .describe(
      'Mirror of Ubuntu or Debian, as one more source of apt (/etc/apt/sources.list.d/fcops.list). Default: null, none.',
    ),
  proxy: matching(
    /^http:\/\/[\w.-]+(:\d{1,5})?\/?$/,
    'must be the address of a proxy like http://192.168.10.1:3128, without a password',
  )
    .nullable()
    .exactOptional()
    .meta(like('http://192.168.10.1:3128'))
    .describe(
      'Proxy that packages and archives are downloaded through; its address may hold no password. Default: null, none.',
    ),
  allowRemoval: z
    .array(packageName.meta(like('nvidia-driver-470')))
    .exactOptional()
    .meta({ examples: [['nvidia-driver-470']] })
    .describe('Installed packages that may be removed where a package to install needs that. Default: none.'),
  allowUpgrade: z
    .array(packageName.meta(like('libc6')))
    .exactOptional()
    .meta({ examples: [['libc6']] })
    .describe(
      'Installed packages that may be upgraded or downgraded where a package to install needs that. Default: none.',
    ),
  sysctl: z
    .record(
      matching(KERNEL_SETTING, 'must be the name of a kernel setting, with dots, like vm.swappiness'),
      z.string().meta(NUMBER_TOO),
    )
    .exactOptional()
    .describe('Kernel settings besides, or over, those of the role: { vm.swappiness: 1 }.'),
  raidMinGiB: z
    .int()
    .min(0)
    .max(100_000_000)
    .exactOptional()
    .meta(like(27_000))
    .describe(
      'Smallest size of the file system at /opt/raid0 of a worker, in GiB. Default: 27000 (30 TB of disks).',
    ),
  minerRaidMinGiB: z
    .int()
    .min(0)
    .max(100_000_000)
    .exactOptional()
    .meta(like(1800))
    .describe('The same of a miner host, in GiB. Default: 1800 (two disks of 2 TB as RAID 1).'),
  supervisor: z
    .enum(['nohup', 'systemd'])
    .exactOptional()
    .meta(like('systemd'))
    .describe(
      'What runs the processes: nohup (the start scripts, as in the handbook) or systemd (a unit each, which starts again ' +
        'what fails). Default: nohup.',
    ),
  startPause: z
    .int()
    .min(0)
    .max(3600)
    .exactOptional()
    .meta(like(30))
    .describe('Seconds between the starts of two P1 tasks of a machine (handbook 2.2.6.4). Default: 30.'),
  syncDeadline: z
    .int()
    .min(1)
    .max(86_400)
    .exactOptional()
    .meta(like(3600))
    .describe(
      'Seconds that --start waits on the miner host for lotus to be in sync; without that, lotus-miner is not started. Default: 3600.',
    ),
  logFiles: z
    .int()
    .min(1)
    .max(100_000)
    .exactOptional()
    .meta(like(20))
    .describe(
      'Logs of earlier runs that are left in the logbak of a C2 worker, lotus or lotus-miner when it is started. ' +
        'Default: 20.',
    ),
  logDays: z
    .int()
    .min(1)
    .max(36_500)
    .exactOptional()
    .meta(like(30))
    .describe('Days after which a log there is removed, however few there are. Default: 30.'),
  environment: z
    .record(
      matching(/^[A-Za-z_]\w*$/, 'must be the name of an environment variable'),
      z.string().meta(NUMBER_TOO),
    )
    .exactOptional()
    .describe(
      "Environment variables of the workers, and of lotus and lotus-miner on the miner host, besides the handbook's or in their place: { RUST_LOG: debug }.",
    ),
  minKernel: matching(/^\d+(\.\d+)*$/, 'must be a kernel version like 4.15')
    .meta(NUMBER_TOO)
    .exactOptional()
    .meta(like('4.15'))
    .describe('Smallest kernel version accepted. Default: 4.15 on Ubuntu and Debian, 3.10 on CentOS.'),
});
export type VariablesFile = z.infer<typeof variablesSchema>;

const FACTS = 'as `fcops facts HOST --output json` prints it';
const statedFactsSchema = z.strictObject({
  os: factsSchema.shape.os.exactOptional().describe(`Distribution, ${FACTS}.`),
  cpu: factsSchema.shape.cpu.exactOptional().describe(`CPU model and counts, ${FACTS}.`),
  memoryKib: factsSchema.shape.memoryKib.exactOptional().describe('Memory in KiB.'),
  numaNodes: factsSchema.shape.numaNodes.exactOptional().describe(`NUMA nodes, ${FACTS}.`),
  l3Groups: factsSchema.shape.l3Groups
    .exactOptional()
    .describe('CPUs that share an L3 cache, one list per cache.'),
  gpus: factsSchema.shape.gpus
    .exactOptional()
    .describe(`GPUs in the machine's own order; busId is decimal, ${FACTS}.`),
  disks: factsSchema.shape.disks.exactOptional().describe(`Disks, ${FACTS}.`),
});

/** What a cluster sets for all its hosts, and a group or a host may set otherwise. */
const overridable = {
  os: z
    .enum(OS_NAMES)
    .exactOptional()
    .describe('Distribution; without a number any version of it. Default: ubuntu-18.04.'),
  ssh: sshSchema.exactOptional().describe('How to log in.'),
  versions: versionsSchema
    .exactOptional()
    .describe(
      'Program versions, one for each role in use. The end of a version says what it is built for: nothing ' +
        'for AMD with Ubuntu or Debian, -intel for Intel with Ubuntu or Debian, -centos for AMD with CentOS.',
    ),
  variables: variablesSchema.exactOptional().describe('Settings of the machines; each has a default.'),
  checks: z
    .enum(['enforce', 'warn', 'off'])
    .exactOptional()
    .describe(
      'What a failed machine check does: enforce stops the host, and what processes need is waited for before they ' +
        'are started; warn only shows it, off makes no checks and hides all later faults (a machine that lacks something ' +
        'is better given `overrides`). Default: enforce.',
    ),
};

export const hostFileSchema = z.strictObject({
  name: matching(/^[A-Za-z0-9]([\w.-]*[A-Za-z0-9])?$/, 'must be letters, digits, dots, dashes')
    .max(63)
    .refine((name) => name !== ALL, 'must be a name of its own (`all` means every host)')
    .meta(like('p1-50'))
    .describe('Name of the host in fcops, for example p1-50.'),
  address: machineAddress
    .meta(like('192.168.10.50'))
    .describe(
      'IPv4 address: SSH connects to it. Where `listen` states no other, workers listen on it and the host name ends in it.',
    ),
  listen: machineAddress
    .exactOptional()
    .meta(like('10.0.0.50'))
    .describe(
      'IPv4 address of a machine with a network of its own for lotus: workers, lotus and lotus-miner listen on it, the host ' +
        'name ends in it. Default: `address`.',
    ),
  roles: z
    .array(z.enum(ROLE_NAMES))
    .min(1)
    .meta({ examples: [['p1']] })
    .describe('What the host does: miner (lotus and lotus-miner), p1 (APx, P1 and P2), c2, apx (APx alone).'),
  profile: z
    .string()
    .min(1)
    .meta(like('amd-7532'))
    .describe('Hardware model: the name of a file in profiles/, for example amd-7532.'),
  ...overridable,
  overrides: overridesSchema
    .exactOptional()
    .describe(
      'What a degraded machine has less of than its profile, for a while and with a reason: it runs on with that, and all ' +
        'else stays checked. In the place of checks: off.',
    ),
  facts: statedFactsSchema
    .exactOptional()
    .describe('What is known of the machine, stated by hand; replaces what is observed, key by key.'),
});
export type HostFile = z.infer<typeof hostFileSchema>;

/** A host with whatever of it is there. */
export const hostPartSchema = hostFileSchema.partial();
export type HostPart = z.infer<typeof hostPartSchema>;

/** What of hosts may stand at the cluster, at groups and at single hosts. */
export const hostValuesSchema = z.strictObject(overridable).partial();
export type HostValues = z.infer<typeof hostValuesSchema>;

const PATTERN = 'must be hosts as --limit names them, like p1-[50:73], or a list of such';

export const groupFileSchema = z.strictObject({
  hosts: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)], PATTERN)
    .meta(like('p1-[50:73]'))
    .describe(
      'Its hosts, as `--limit` names them: names, addresses, roles, p1-[50:73], p1-5*, !p1-51, with commas between or as ' +
        'a list. Each has to match a host.',
    ),
  ...overridable,
});
export type GroupFile = z.infer<typeof groupFileSchema>;

/** A group with whatever of it is there. */
export const groupPartSchema = groupFileSchema.partial();
export type GroupPart = z.infer<typeof groupPartSchema>;

const isMultiaddr = (text: string): boolean => {
  const match =
    /^\/(?:ip4\/([^/]+)|(?:ip6|dns|dns4|dns6)\/[\w.:-]+)\/tcp\/(\d+)\/(?:http|https|ws|wss)$/.exec(text);
  return match !== null && Number(match[2]) <= 65535 && (match[1] === undefined || isIPv4(match[1]));
};

const hasNoCredentials = (text: string): boolean => !/^[^/]*\/\/[^/]*@/.test(text);
const isHttpUrl = (text: string): boolean => HTTP_URL.test(text) && URL.canParse(text);

export const clusterFileSchema = z.strictObject({
  miner: matching(/^[ft]0\d{1,19}$/, 'must be a miner id like f0494733')
    .meta(like('f0494733'))
    .describe("Miner id; the file's name is this with .yaml."),
  sectorSize: sectorSizeSchema.describe(
    'Size of the sectors that the miner seals; the three small ones are those of test networks.',
  ),
  api: z
    .strictObject({
      from: z
        .literal('miner', 'must be miner, or be left out with `address` and `token` in its place')
        .exactOptional()
        .describe(
          "miner: address and token are read from the miner host's repository in every run, and kept nowhere; in the " +
            'place of `address` and `token`.',
        ),
      address: z
        .string()
        .refine(isMultiaddr, 'must be a multiaddr like /ip4/192.168.10.1/tcp/2345/http')
        .exactOptional()
        .meta(like('/ip4/192.168.10.1/tcp/2345/http'))
        .describe("Where workers reach lotus-miner: the content of the miner's file `api`."),
      token: secret("API token: the content of the miner's file `token`.").exactOptional(),
    })
    .describe("The miner's API: `from: miner`, or both `address` and `token`."),
  artifacts: z
    .strictObject({
      url: z
        .string()
        .refine(isHttpUrl, 'must be a URL like http://artifacts.example.com/application/filecoin')
        .refine(hasNoCredentials, 'must not hold a user or password: give them as `user` and `password`')
        .meta(like('http://artifacts.example.com/application/filecoin'))
        .describe('Directory of the archives; hosts download from it themselves.'),
      user: z.string().min(1).exactOptional().meta(like('deploy')).describe('User of the download server.'),
      password: secret('Password of the download server.').exactOptional(),
      sha256: z
        .record(
          matching(/^[^/\s]+$/, 'must be the name of an archive, without directories'),
          matching(/^[0-9a-fA-F]{64}$/, 'must be a sha256: 64 hexadecimal digits').meta(NUMBER_TOO),
        )
        .describe('sha256 of every archive by file name, as sha256sum prints it.'),
    })
    .describe('Where the programs come from.'),
  config: z
    .strictObject({
      lotus: lotusConfigSchema.exactOptional().describe('Keys of /opt/raid0/lotus/config.toml.'),
      miner: minerConfigSchema.exactOptional().describe('Keys of /opt/raid0/lotusminer/config.toml.'),
    })
    .exactOptional()
    .describe(
      'Keys of config.toml of lotus and lotus-miner that fcops sets, by the names that lotus gives them; null leaves one ' +
        'as the file has it. All else in these files stays.',
    ),
  pledge: z
    .strictObject({
      packing: z
        .int()
        .min(1)
        .max(1000)
        .meta(like(14))
        .describe('Sectors that shall be in Packing: what is missing is pledged, every four minutes.'),
    })
    .exactOptional()
    .describe('Pledging by itself on the miner host (handbook 2.2.6.9). Left out: nothing is pledged.'),
  bootstrap: bootstrapFileSchema
    .exactOptional()
    .describe('What `fcops bootstrap miner` sets a miner up with (handbook 2.1.5, 2.1.6).'),
  backup: backupFileSchema
    .exactOptional()
    .describe(
      'Backups of the metadata of lotus-miner (handbook 1.2, 4.4), made on the miner host. Left out: none are made.',
    ),
  storage: z
    .array(storageFileSchema)
    .max(50)
    .exactOptional()
    .describe('File systems of other machines that sealed sectors go to (handbook 2.1.3, 2.2.3).'),
  ...overridable,
  groups: z
    .record(
      matching(
        /^[A-Za-z]([\w.-]*[A-Za-z0-9])?$/,
        'must be letters, digits, dots, dashes: a letter first, a letter or a digit last',
      ).max(63),
      groupFileSchema,
    )
    .exactOptional()
    .describe(
      'Hosts that have something in common, by a name: what a group sets stands over what the cluster sets, and what a ' +
        'host sets over both. Two groups of a host that set one key otherwise are an error, unless the host sets it.',
    ),
  startRate: z
    .int()
    .min(1)
    .max(1000)
    .exactOptional()
    .meta(like(12))
    .describe(
      'Workers that are started in a minute over all hosts of a run: each registers at the miner, which many at once ' +
        'swamp. Default: 12.',
    ),
  hosts: z.array(hostFileSchema).min(1).max(5000).describe('The machines of the cluster.'),
});
export type ClusterFile = z.infer<typeof clusterFileSchema>;

/** The file without its hosts, and with whatever of it is there. */
export const clusterTopSchema = clusterFileSchema.omit({ hosts: true }).partial();
export type ClusterTop = z.infer<typeof clusterTopSchema>;

/** Whether a text has the form of a miner id. */
export const isMinerId = (text: string): boolean => clusterFileSchema.shape.miner.safeParse(text).success;
export const MINER_ID_FORM = 'a miner id is f0 and digits, t0 on a test network';
