import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { look } from '../../../src/core/next.ts';
import { FcopsError } from '../../../src/core/problem.ts';
import type { Hardware } from '../../support/hardware.ts';
import { makeKey } from '../../support/host-set.ts';
import { addBridge, removeBridge } from './bridge.ts';
import { debianRoot, RELEASE, type Release } from './debian-root.ts';
import { writeSeed } from './host-seed.ts';
import { type Machine, startMachine } from './machine.ts';

export { BRIDGE_ADDRESS } from './bridge.ts';

export interface BootedHostOptions {
  readonly name: string;
  /** Address on the bridge: `10.198.77.2` to `10.198.77.254`. */
  readonly address: string;
  /** What it runs; Debian 12 where it is left out. */
  readonly release?: Release;
  /** The machine that the kernel describes; this one where it is left out. */
  readonly hardware?: Hardware;
  /** Bytes of a disk mounted at /opt/raid0, which keeps its content over a reboot. */
  readonly raid0?: number;
  /** Sizes of sparse files by path, all of them below /opt/raid0. */
  readonly sparse?: Readonly<Record<string, number>>;
}

/** A Debian host with its own systemd, sshd, cron and network. */
export interface BootedHost extends Machine {
  readonly name: string;
  readonly address: string;
  readonly port: number;
}

export interface BootedHosts {
  readonly hosts: readonly BootedHost[];
  /** File with the private key that logs in everywhere. */
  readonly privateKey: string;
  /** File with the host keys. */
  readonly knownHosts: string;
  /** For the test's own files; removed by `stop`. */
  readonly directory: string;
  stop(): Promise<void>;
}

const checkMachine = async (): Promise<void> => {
  const missing: string[] = [];
  for (const program of ['systemd-nspawn', 'debootstrap', 'setpriv', 'ip']) {
    const { failed } = await execa(program, ['--version'], { reject: false });
    const { exitCode } = await execa('which', [program], { reject: false });
    if (failed && exitCode !== 0) missing.push(program);
  }
  if (process.getuid?.() === 0 && missing.length === 0) return;
  throw new FcopsError({
    kind: 'check',
    what: 'hosts cannot be booted on this machine',
    why: missing.length > 0 ? `not installed: ${missing.join(', ')}` : 'only root may boot hosts',
    next: [
      look('run as root: apt-get install systemd-container debootstrap iproute2, then npm run test:e2e'),
    ],
  });
};

/**
 * Boots Debian hosts under systemd-nspawn on a bridge of their own, and waits until each answers over SSH.
 * Nothing of them outlives `stop`, or this process. Rejects with an FcopsError that shows the end of the
 * console where a host does not come up.
 */
export const bootHosts = async (
  list: readonly BootedHostOptions[],
  log: (line: string) => void = () => {},
): Promise<BootedHosts> => {
  await checkMachine();
  // All at once: each is a minute of dpkg.
  const roots = await Promise.all(list.map(({ release = RELEASE }) => debianRoot(release, log)));
  const directory = await mkdtemp(join(tmpdir(), 'fcops-e2e-'));
  // A run of the tests that is killed leaves its worker behind; the hosts end with that.
  const leave = () => {
    rmSync(directory, { recursive: true, force: true });
    process.exit(1);
  };
  process.once('disconnect', leave);
  const undo: (() => Promise<unknown>)[] = [() => rm(directory, { recursive: true, force: true })];
  const stop = async () => {
    process.off('disconnect', leave);
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const key = makeKey();
    const privateKey = join(directory, 'id_ed25519');
    await writeFile(privateKey, key.private, { mode: 0o600 });
    await addBridge();
    undo.push(removeBridge);
    const booting = list.map(async ({ name, address, hardware, raid0, sparse = {} }, index) => {
      const root = roots[index] ?? '';
      const hostKey = makeKey();
      const seed = join(directory, name, 'seed');
      const work = join(directory, name, 'work');
      await mkdir(work, { recursive: true });
      const common = { name, address, hostKey, authorizedKey: key.public };
      await writeSeed(seed, root, hardware ? { ...common, hardware } : common);
      const machine = startMachine({ name, address, root, seed, work, privateKey, raid0, sparse });
      undo.push(machine.stop);
      await machine.ready();
      return { host: { ...machine, name, address, port: 22 }, hostKey: hostKey.public };
    });
    await Promise.allSettled(booting);
    const booted = await Promise.all(booting);
    const knownHosts = join(directory, 'known_hosts');
    await writeFile(knownHosts, booted.map(({ host, hostKey }) => `${host.address} ${hostKey}\n`).join(''));
    return { hosts: booted.map(({ host }) => host), privateKey, knownHosts, directory, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};
