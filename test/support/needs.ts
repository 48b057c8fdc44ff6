import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TestTagDefinition } from 'vitest/config';

/** What some tests need besides Node and the base of a distribution. */
interface Need {
  readonly isThere: () => boolean;
  /** How one gets it. */
  readonly remedy: string;
}

const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const isProgram = (name: string): boolean =>
  `${process.env.PATH ?? ''}:${SYSTEM_PATH}`.split(':').some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

const program = (name: string, debianPackage = name): Need => ({
  isThere: () => isProgram(name),
  remedy: `apt-get install ${debianPackage}`,
});

const isRoot = process.getuid?.() === 0;

/** All that a simulated host asks of the kernel, on a directory that nobody else sees. */
const canSimulate = (): boolean => {
  const options = `lowerdir=/tmp/a,upperdir=/tmp/b,workdir=/tmp/c${isRoot ? '' : ',userxattr'}`;
  const mounts = `mount -t tmpfs none /tmp && mkdir /tmp/{a,b,c,d} && mount -t overlay -o ${options} none /tmp/d && mount -t proc none /proc`;
  const flags = ['--mount', '--uts', '--pid', '--fork', ...(isRoot ? [] : ['-r'])];
  return spawnSync('unshare', [...flags, 'bash', '-c', mounts], { stdio: 'ignore' }).status === 0;
};

const NEEDS = {
  curl: program('curl'),
  fuse: {
    isThere: () => isRoot && existsSync('/dev/fuse') && canSimulate(),
    remedy: 'run as root, on Linux with FUSE (modprobe fuse)',
  },
  jq: program('jq'),
  namespaces: {
    isThere: canSimulate,
    remedy: isRoot
      ? 'Linux with overlayfs; in a container the capability SYS_ADMIN'
      : 'run as root, or sysctl kernel.unprivileged_userns_clone=1',
  },
  root: { isThere: () => isRoot, remedy: 'run as root' },
  shellcheck: program('shellcheck'),
  ssh: program('ssh', 'openssh-client'),
  'ssh-agent': program('ssh-agent', 'openssh-client'),
  sshd: program('sshd', 'openssh-server'),
  sudo: program('sudo'),
  'systemd-analyze': program('systemd-analyze', 'systemd'),
  tcsh: program('csh', 'tcsh'),
  wget: program('wget'),
} as const satisfies Record<string, Need>;

export type NeedName = keyof typeof NEEDS;

const NAMES = Object.keys(NEEDS).filter((name): name is NeedName => name in NEEDS);

/** Where CI runs, everything is there or its tests fail: nothing is left out unseen. */
export const IN_CI = Boolean(process.env.CI);

const found = new Map<NeedName, boolean>();

export const isThere = (need: NeedName): boolean => {
  const known = found.get(need) ?? NEEDS[need].isThere();
  found.set(need, known);
  return known;
};

/** How a machine gets what is missing, in a few words. */
export const remedyOf = (need: NeedName): string => NEEDS[need].remedy;

/** Whether something that the tests bring along may take the place of what this machine lacks. */
export const mayReplace = (...needs: readonly NeedName[]): boolean => !IN_CI && !needs.every(isThere);

/** The tag of tests that need it: `it('…', { tags: [needs('sudo')] }, …)`, or `@module-tag needs-sudo` for a file. */
export const needs = (need: NeedName): `needs-${NeedName}` => `needs-${need}`;

/** The needs among the tags of a test. */
export const needsOf = (tags: readonly string[]): readonly NeedName[] =>
  NAMES.filter((name) => tags.includes(needs(name)));

/** The tags for vitest: tests of which something is missing here are skipped, but not in CI. */
export const needTags = (): TestTagDefinition[] =>
  NAMES.map((name) => ({
    name: needs(name),
    description: remedyOf(name),
    ...(!IN_CI && !isThere(name) && { skip: true }),
  }));
