import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { PlainHost } from './host-set.ts';

const program = fileURLToPath(new URL('hanging-mount.mjs', import.meta.url));

/** A mount of a simulated host whose server goes away when it is told to. */
export interface HangingMount {
  /** From now on nothing is answered, or only who asks for the file waits. */
  hang(what?: 'all' | 'file'): Promise<void>;
  /** What is asked from now on is answered again. */
  recover(): Promise<void>;
  /** The server ends: who waits for it gets an error, as does everybody later. */
  stop(): Promise<void>;
}

/**
 * Mounts a file system (type `fuse.ceph-fuse`, one file `file`) at a directory of a host. It has to be stopped before
 * the host is: what waits for it cannot be ended. Needs root and /dev/fuse.
 */
export const mountHanging = async (host: PlainHost, directory: string): Promise<HangingMount> => {
  const own = await mkdtemp(join(tmpdir(), 'fcops-mount-'));
  const off = join(own, 'off');
  await host.sh(`mkdir -p ${directory}`);
  const pid = /^\/proc\/(\d+)\/root$/.exec(host.root)?.[1] ?? '';
  const child = spawn(process.execPath, [program, pid, directory, off], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  const said = once(createInterface({ input: child.stdout }), 'line').then(([line]) => `${line}`);
  if ((await Promise.race([said, exit.then(() => 'ended')])) !== 'mounted') {
    throw new Error(`nothing was mounted at ${directory}`);
  }
  return {
    hang: (what = 'all') => writeFile(off, what === 'all' ? '' : what),
    recover: () => rm(off, { force: true }),
    stop: async () => {
      child.kill('SIGKILL');
      await exit;
      await rm(own, { recursive: true, force: true });
    },
  };
};
