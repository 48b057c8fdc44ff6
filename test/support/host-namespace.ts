import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { look } from '../../src/core/next.ts';
import { FcopsError, messageOf } from '../../src/core/problem.ts';
import type { LoginUser } from './host-layer.ts';

const script = fileURLToPath(new URL('host-namespace.sh', import.meta.url));
/** Number of every login user besides root. */
export const USER_ID = 1234;

const isRoot = process.getuid?.() === 0;

/** `openssl passwd -6 -salt simulated password` */
const PASSWORD_HASH =
  '$6$simulated$/Jww0IVlLoDhr6ElIIehztYK4B16dogb6LswsJZeBni48yAa3Iw3KhRbe9hM5mAOcO9wSTOBTJJtoYyZHFe471';

export interface NamespaceOptions {
  readonly name: string;
  readonly address: string;
  /** Directory with `sys` (the kernel's settings) and the empty `work`; shared by all hosts. */
  readonly base: string;
  /** Directory of the layer (host-layer.ts). */
  readonly layer: string;
  /** Room for what the host writes below a top-level directory, in bytes: a disk to fill. */
  readonly limits: Readonly<Record<string, number>>;
  /** Bytes of the disk at /opt/raid0; none is mounted where it is left out. */
  readonly raid0?: number;
  /** Sizes of sparse files by path. */
  readonly sparse: Readonly<Record<string, number>>;
  readonly users: readonly LoginUser[];
}

/** A running host: its process 1 as the outside sees it, and how to run a program inside. */
export interface HostNamespace {
  readonly pid: number;
  /** Prefix of the host's paths on this machine. */
  readonly root: string;
  /** The program and arguments that run a command inside, in `home`, as root or as user `uid`. */
  enter(command: readonly string[], home?: string, uid?: number): readonly [string, ...string[]];
  /** Ends the host with everything that runs in it. */
  stop(): Promise<void>;
}

const refusal = (why: string): FcopsError =>
  new FcopsError({
    kind: 'check',
    what: 'simulated hosts cannot be started on this machine',
    why: `each needs mount, PID and UTS namespaces and overlay file systems: ${why}`,
    next: [
      look(
        isRoot
          ? 'run on Linux with util-linux (unshare, nsenter); in a container, give it the capability SYS_ADMIN (docker run --privileged)'
          : 'run as root, or allow user namespaces: sysctl kernel.unprivileged_userns_clone=1 user.max_user_namespaces=10000',
      ),
    ],
  });

const environment = (options: NamespaceOptions): NodeJS.ProcessEnv => ({
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
  FCOPS_LIMITS: Object.entries(options.limits)
    .map(([path, bytes]) => `${path}=${bytes}`)
    .join(' '),
  FCOPS_RAID0: options.raid0 === undefined ? '' : `${options.raid0}`,
  FCOPS_SPARSE: Object.entries(options.sparse)
    .map(([path, bytes]) => `${bytes} ${path}`)
    .join('\n'),
  FCOPS_USERS: options.users.map(({ name, sudo }) => `${name}=${sudo}`).join(' '),
  FCOPS_PASSWORD_HASH: PASSWORD_HASH,
  // A user may not bind a directory without what is mounted below it.
  FCOPS_BIND: isRoot ? 'bind' : 'rbind',
  FCOPS_OVERLAY: isRoot ? '' : ',userxattr',
});

/** The number of process 1 on the outside, once the host is ready; else what it complained about. */
const readiness = async (child: ChildProcess): Promise<number> => {
  let complaints = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  const failed = once(child, 'error').then(([error]) => {
    throw refusal(messageOf(error));
  });
  const exited = once(child, 'close').then(() => {
    throw refusal(complaints.trim() || 'the host ended before it was ready');
  });
  // One of the two rejects later, when nobody waits for it any more.
  failed.catch(() => {});
  exited.catch(() => {});
  if (!child.stdout) throw refusal('no standard output');
  const line = once(createInterface({ input: child.stdout }), 'line').then(([text]) => `${text}`);
  const pid = Number(/^ready (\d+)$/.exec(await Promise.race([line, failed, exited]))?.[1]);
  if (!pid) throw refusal(complaints.trim() || 'the host did not become ready');
  return pid;
};

/** Starts a host. Rejects with an FcopsError that says what this machine lacks. */
export const startNamespace = async (options: NamespaceOptions): Promise<HostNamespace> => {
  const flags = ['--mount', '--uts', '--pid', '--fork', '--kill-child', ...(isRoot ? [] : ['-r'])];
  const child = spawn(
    'unshare',
    [...flags, 'bash', script, options.name, options.address, options.base, options.layer],
    { env: environment(options), stdio: ['pipe', 'pipe', 'pipe'] },
  );
  const exit = once(child, 'exit').catch(() => {});
  const pid = await readiness(child);
  const root = `/proc/${pid}/root`;
  await access(join(root, 'etc')).catch((error: unknown) => {
    throw refusal(messageOf(error));
  });
  const namespaces = ['-m', '-u', '-p', ...(isRoot ? [] : ['-U', '--preserve-credentials'])];
  return {
    pid,
    root,
    // Where this machine is in a chroot itself, the mount namespace alone leads to the root outside of it.
    enter: (command, home = '/root', uid = 0) => [
      'nsenter',
      '-t',
      `${pid}`,
      '-r',
      ...namespaces,
      `--wd=${root}${home}`,
      ...(uid === 0 ? [] : ['-S', `${uid}`, '-G', `${uid}`]),
      ...command,
    ],
    stop: async () => {
      // Process 1 ends with its input, and with it everything in its namespaces.
      child.stdin.end();
      const deadline = setTimeout(() => child.kill('SIGKILL'), 5000);
      await exit;
      clearTimeout(deadline);
    },
  };
};
