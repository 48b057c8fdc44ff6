/** Secrets of others, planted wherever fcops reads and replaces, and how they and its own are looked for. */
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { quote } from '../../src/core/shell.ts';

/** What stands in each of them and nowhere else: not in those of another test on this machine, which has others. */
const PLANT = `pl4nt${process.pid}p`;

/** Of others: on the hosts, where fcops reads and replaces. */
export const PLANTS = {
  fstab: `${PLANT}-fstab`,
  fstabOfOurs: `${PLANT}-mount`,
  crontab: `${PLANT}-cron`,
  crontabOfOurs: `${PLANT}-ntp`,
  kernel: `${PLANT}-luks`,
  grub: `${PLANT}-grub`,
  script: `${PLANT}-script`,
  option: `${PLANT}-option`,
  profile: `${PLANT}-profile`,
  token: `${PLANT}0ldToken.of-the-profile`,
  hosts: `${PLANT}-hosts`,
  environment: `${PLANT}-environment`,
  runningToken: `${PLANT}-running`,
  unit: `${PLANT}-unit`,
} as const;

/** Whether a secret of others stands in a text. */
export const hasPlant = (text: string): boolean => text.includes(PLANT);

/** The secrets of others that stand in a text. */
export const plantsIn = (text: string): readonly string[] =>
  text.match(new RegExp(`${PLANT}[\\w.-]*`, 'g')) ?? [];

/** Mode and text by path. */
export type PlantedFiles = Readonly<Record<string, readonly [mode: string, text: string]>>;

const SCRIPT: PlantedFiles[string] = [
  '0700',
  `#!/bin/bash
export S3_PASSWORD='${PLANTS.script}'
export OTHER=${PLANTS.script}
mysql -p${PLANTS.option} lotus
curl -u me:${PLANTS.option} https://me:${PLANTS.option}@backup/ --token ${PLANTS.option}
`,
];

const PROFILE: PlantedFiles[string] = [
  '0600',
  `export MINER_API_INFO=${PLANTS.token}:/ip4/192.168.10.9/tcp/2345/http
export RUST_LOG=trace
export AWS_SECRET_ACCESS_KEY=${PLANTS.profile}
`,
];

const EVERYWHERE: PlantedFiles = {
  '/etc/fstab': [
    '0644',
    `//srv/a /mnt/a cifs username=a,password=${PLANTS.fstab} 0 0
//srv/b /opt/hugepages/layer_labels cifs uid=0,password=${PLANTS.fstabOfOurs} 0 0
tmpfs /tmp tmpfs defaults 0 0
`,
  ],
  '/etc/default/grub': [
    '0600',
    `GRUB_TIMEOUT=5
GRUB_PASSWORD=${PLANTS.grub}
GRUB_CMDLINE_LINUX_DEFAULT="quiet luks.key=${PLANTS.kernel}" # ${PLANTS.grub}
`,
  ],
  '/etc/hosts': ['0644', `127.0.0.1 localhost\n127.0.1.1 old-name # password=${PLANTS.hosts}\n`],
};

/** What stands on a host of a role before fcops comes. */
export const PLANTED_FILES: Readonly<Record<'p1' | 'c2', PlantedFiles>> = {
  p1: {
    ...EVERYWHERE,
    '/opt/lotusworker/worker-1p1/start_1p1.sh': SCRIPT,
    '/opt/lotusworker/profile': PROFILE,
    '/etc/systemd/system/hugepages.service': [
      '0600',
      `[Service]\nEnvironment=DB_PASSWORD=${PLANTS.unit}\nExecStart=/bin/backup --secret ${PLANTS.unit}\n[Install]\nWantedBy=multi-user.target\n`,
    ],
  },
  c2: { ...EVERYWHERE, '/opt/worker-1c2/start_1c2.sh': SCRIPT, '/opt/profile': PROFILE },
};

const CRONTAB = `BACKUP_PASSWORD=${PLANTS.crontab}
*/5 * * * * /usr/sbin/ntpdate old.pool; curl -u me:${PLANTS.crontabOfOurs} http://y
0 1 * * * backup --password ${PLANTS.crontab}
`;

/** Bash that puts them on a host. */
export const plantingScript = (role: 'p1' | 'c2'): string =>
  [
    ...Object.entries(PLANTED_FILES[role]).map(
      ([path, [mode, text]]) =>
        `mkdir -p ${path.slice(0, path.lastIndexOf('/'))}; printf %s ${quote(text)} >${path}; chmod ${mode} ${path}`,
    ),
    `printf %s ${quote(CRONTAB)} | crontab -`,
  ].join('\n');

/** Arguments of the processes of this machine, those of the hosts on it among them. */
export const argumentsNow = (): readonly string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        // It has ended.
        return [];
      }
    });

/** Directories of a host that fcops writes to, or might. */
const PLACES = ['/etc', '/opt', '/var/lib', '/var/spool', '/root', '/home', '/tmp', '/boot'];

/** Files of all others that are larger are none of fcops. */
const MOST_BYTES = 1024 * 1024;

interface Search {
  /** Before each path. */
  readonly root: string;
  readonly othersOnly: boolean;
  /** Milliseconds since 1970: files that were last changed before it are passed over. */
  readonly since: number;
  readonly found: (text: string) => boolean;
}

/** What comes of looking at something; nothing where it has gone meanwhile: hosts are at work. */
const unlessGone = (look: () => string[]): string[] => {
  try {
    return look();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
};

const search = (directory: string, how: Search): string[] => {
  const { root, othersOnly, since, found } = how;
  // Nobody but its owner comes in.
  if (othersOnly && (lstatSync(`${root}${directory}`).mode & 0o005) === 0) return [];
  return readdirSync(`${root}${directory}`, { withFileTypes: true }).flatMap((entry) => {
    const path = `${directory}/${entry.name}`;
    if (entry.isDirectory()) return unlessGone(() => search(path, how));
    if (!entry.isFile()) return [];
    return unlessGone(() => {
      const { mode, size, ctimeMs } = lstatSync(`${root}${path}`);
      if (size > MOST_BYTES || ctimeMs < since || (othersOnly && (mode & 0o004) === 0)) return [];
      return found(readFileSync(`${root}${path}`, 'utf8')) ? [path] : [];
    });
  });
};

/** Files below a directory of this machine with a text that is looked for. */
export const filesWith = (directory: string, found: (text: string) => boolean): readonly string[] =>
  search(directory, { root: '', othersOnly: false, since: 0, found });

/** Files of a host that not only root can read, with a text that is looked for; `since`: only those changed after it. */
export const readableFilesWith = (
  root: string,
  found: (text: string) => boolean,
  since = 0,
): readonly string[] =>
  PLACES.filter((path) => readdirSync(root).includes(path.split('/')[1] ?? '')).flatMap((path) =>
    search(path, { root, othersOnly: true, since, found }),
  );
