import { chmod, cp, lstat, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { Hardware } from './hardware.ts';
import { type FileContent, type FileTree, hardwareFiles } from './hardware-files.ts';
import { mayReplace } from './needs.ts';
import { ABSENT, type OperatingSystem, OS_RELEASE, PACKAGES, STAND_INS } from './operating-systems.ts';

/**
 * Another bash that every simulated host has in place of this machine's, as `FCOPS_TEST_BASH=/opt/bash-4.2/bash npm run test:integration`:
 * fcops writes for bash 4.2 (CentOS 7), which no package source has any more.
 */
const OTHER_BASH = process.env.FCOPS_TEST_BASH;

const standIns = fileURLToPath(new URL('stand-ins/', import.meta.url));

const SYSTEM_CONF = `[Manager]
#LogLevel=info
#DefaultLimitNOFILE=
#DefaultLimitNPROC=
`;

const GRUB = `GRUB_DEFAULT=0
GRUB_TIMEOUT=5
GRUB_DISTRIBUTOR=Simulated
GRUB_CMDLINE_LINUX_DEFAULT="quiet"
GRUB_CMDLINE_LINUX=""
`;

const SYSCTL_CONF = `# /etc/sysctl.conf - Configuration file for setting system variables
#net.ipv4.ip_forward=1
`;

const FSTAB = `# <file system> <mount point> <type> <options> <dump> <pass>
UUID=0e1a2f1c-9d5e-4f6f-8f0e-52b2c4a3a001 / ext4 errors=remount-ro 0 1
`;

/** A login user besides root. */
export interface LoginUser {
  readonly name: string;
  /** What sudo asks of the user: nothing, the password `password`, or it refuses at all. */
  readonly sudo: 'free' | 'password' | 'none';
}

/** What hosts of one kind have in common. */
export interface LayerOptions {
  readonly os: OperatingSystem;
  readonly hardware?: Hardware;
  /** /etc/fstab has a data disk at /opt/raid0. */
  readonly raid0: boolean;
}

const configuration = ({ os, raid0 }: LayerOptions): FileTree =>
  new Map<string, FileContent>([
    ['/etc/os-release', OS_RELEASE[os]],
    [
      '/etc/fstab',
      raid0 ? `${FSTAB}UUID=7c1d2f1c-0a5e-4f6f-8f0e-52b2c4a3a002 /opt/raid0 xfs defaults 0 0\n` : FSTAB,
    ],
    ['/etc/default/grub', GRUB],
    ['/etc/sysctl.conf', SYSCTL_CONF],
    ['/etc/sysctl.d/99-sysctl.conf', { link: '../sysctl.conf' }],
    ['/etc/systemd/system.conf', SYSTEM_CONF],
    ['/etc/timezone', 'Etc/UTC\n'],
    ['/etc/localtime', { link: '/usr/share/zoneinfo/Etc/UTC' }],
    ['/boot/vmlinuz-5.4.0', ''],
    [
      `/boot/${os === 'centos' ? 'grub2' : 'grub'}/grub.cfg`,
      "menuentry 'Simulated' {\n\tlinux /boot/vmlinuz quiet\n}\n",
    ],
    ['/usr/share/simulated-host/packages', `${PACKAGES[os].join('\n')}\n`],
    ...(os === 'centos' ? ([['/var/lib/rpm/simulated', 'bash\ncoreutils\n']] as const) : []),
  ]);

/** Writes a tree of files below `root`. */
export const writeTree = async (root: string, files: FileTree): Promise<void> => {
  const folders = new Set([...files.keys()].map((path) => dirname(join(root, path))));
  for (const folder of folders) await mkdir(folder, { recursive: true });
  await Promise.all(
    [...files].map(([path, content]) =>
      // What is there may be a link to somewhere else.
      rm(join(root, path), { force: true }).then(() =>
        typeof content === 'string'
          ? writeFile(join(root, path), content)
          : symlink(content.link, join(root, path)),
      ),
    ),
  );
};

/**
 * What a user who is not root may not change although the host's root may: what belongs to the real root. A
 * copy that belongs to the user takes its place. Directories: only their own entries may then be changed.
 */
const copyForUser = async (root: string): Promise<void> => {
  const directories = ['usr/bin', 'usr/sbin', 'usr/share/zoneinfo', 'var/cache'];
  const variable = [
    'lib/dpkg/info',
    'lib/apt/lists',
    'lib/apt/periodic',
    'log',
    'tmp',
    'spool/cron/crontabs',
  ].map((path) => `var/${path}`);
  for (const path of [...directories, ...variable]) await mkdir(join(root, path), { recursive: true });
  // Keys and password hashes cannot be read: such files stay behind.
  const copy = ['-r', '--preserve=mode,timestamps,links'];
  await execa('cp', [...copy, '/etc', root], { reject: false });
  await execa('cp', [...copy, '/var/lib/dpkg/status', join(root, 'var/lib/dpkg/')], { reject: false });
  await execa('chmod', ['-R', 'u+rwX', join(root, 'etc')]);
};

/**
 * Writes what lies over this machine's files on every host of a kind: the distribution's name, its
 * configuration, the stand-ins, and the kernel's description of the hardware (under `proc` and `sys`).
 */
export const writeLayer = async (root: string, options: LayerOptions): Promise<void> => {
  const { os, hardware } = options;
  if (process.getuid?.() !== 0) await copyForUser(root);
  await writeTree(root, new Map([...configuration(options), ...(hardware ? hardwareFiles(hardware) : [])]));
  const programs: Readonly<Record<string, string>> = {
    ...STAND_INS[os],
    ...(hardware && { '/usr/bin/taskset': 'taskset.sh', '/usr/bin/lspci': 'lspci.sh' }),
    // Archives come by the one that is there.
    ...(mayReplace('curl') && mayReplace('wget') && { '/usr/bin/curl': 'curl.sh' }),
  };
  for (const [path, source] of Object.entries(programs)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await cp(join(standIns, source), join(root, path));
    await chmod(join(root, path), 0o755);
  }
  if (OTHER_BASH) {
    // Where /bin is a link to it, the first is all.
    for (const path of ['usr/bin/bash', 'bin/bash']) {
      if (path.startsWith('bin') && (await lstat('/bin')).isSymbolicLink()) continue;
      await mkdir(dirname(join(root, path)), { recursive: true });
      await cp(OTHER_BASH, join(root, path));
      await chmod(join(root, path), 0o755);
    }
  }
  // A character device 0/0 in an upper layer is overlayfs' way to say that a file is not there.
  for (const path of ABSENT[os]) await execa('mknod', [join(root, path), 'c', '0', '0']);
};
