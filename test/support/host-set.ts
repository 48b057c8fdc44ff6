import { rmSync } from 'node:fs';
import { access, constants, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import ssh2 from 'ssh2';
import type { Hardware } from './hardware.ts';
import { type LoginUser, writeLayer } from './host-layer.ts';
import { type HostNamespace, startNamespace } from './host-namespace.ts';
import { copyKernelSettings } from './kernel-settings.ts';
import type { OperatingSystem } from './operating-systems.ts';

/** How one host differs from an ordinary Debian machine that is as this one is. */
export interface SimulatedHostOptions {
  /** Host name; `sim-1` and so on where it is left out. */
  readonly name?: string;
  readonly os?: OperatingSystem;
  /** The machine that the kernel describes; this one where it is left out. */
  readonly hardware?: Hardware;
  /** Bytes of a disk mounted at /opt/raid0; none is mounted where it is left out. */
  readonly raid0?: number;
  /** Sizes of sparse files by path, such as `templateData('64GiB')`. */
  readonly sparse?: Readonly<Record<string, number>>;
  /** Room for what is written below a top-level directory, in bytes: `{ '/etc': 65536 }` is a disk to fill. */
  readonly limits?: Readonly<Record<string, number>>;
  /** A user besides root, whose password for sudo is `password`. Only where the test runs as root. */
  readonly users?: readonly LoginUser[];
  /** Password that lets every user in by SSH, besides the key. */
  readonly password?: string;
}

/** A host without what is in front of it. */
export interface PlainHost {
  readonly name: string;
  /** Loopback address, of this host alone. */
  readonly address: string;
  /** Prefix of the host's paths on this machine. */
  readonly root: string;
  /** Runs a bash script as root in the host, without SSH. Gives its standard output; rejects where it fails. */
  sh(script: string): Promise<string>;
}

export interface StartedHost extends PlainHost {
  readonly options: SimulatedHostOptions;
  readonly namespace: HostNamespace;
}

/** Started hosts, and the key that is to let in. */
export interface HostSet {
  readonly started: readonly StartedHost[];
  /** For the test's own files; removed by `stop`. */
  readonly directory: string;
  /** File with the private key. */
  readonly privateKey: string;
  readonly publicKey: string;
  /** What else has to be undone; the last comes first. */
  readonly undo: (() => Promise<unknown>)[];
  stop(): Promise<void>;
}

const PATH = '/usr/local/bin:/usr/bin:/bin:/usr/games';

/** The home directory of root or of a user of the tests. */
export const homeOf = (user: string): string => (user === 'root' ? '/root' : `/home/${user}`);

/** What a login gives a command, whatever this process has in its own environment. */
export const loginEnvironment = (user: string): NodeJS.ProcessEnv => ({
  PATH: user === 'root' ? `/usr/local/sbin:/usr/sbin:/sbin:${PATH}` : PATH,
  HOME: homeOf(user),
  USER: user,
  LOGNAME: user,
  SHELL: '/bin/bash',
  LANG: 'en_US.UTF-8',
});

/** A new key pair, OpenSSH format. */
export const makeKey = (): { readonly private: string; readonly public: string } => {
  for (;;) {
    const key = ssh2.utils.generateKeyPairSync('ed25519');
    // One in some hundred keys that ssh2 makes it cannot read itself.
    if (!(ssh2.utils.parseKey(key.private) instanceof Error)) return key;
  }
};

/** A part of 127.0.0.0/8 for each set of hosts, so that those of two test files have the same ports free. */
let groups = 0;
const addressesOfGroup = (): ((index: number) => string) => {
  groups += 1;
  const second = 64 + (process.pid % 128);
  const third = Math.floor(process.pid / 128) + 31 * groups;
  return (index) => `127.${second}.${(third + Math.floor(index / 250)) % 256}.${(index % 250) + 1}`;
};

const runInside = (namespace: HostNamespace) => async (script: string) => {
  const [program, ...parameters] = namespace.enter(['/bin/bash', '-c', script]);
  const { stdout } = await execa(program, parameters, {
    env: loginEnvironment('root'),
    extendEnv: false,
    stdin: 'ignore',
  });
  return stdout;
};

/** One layer for all hosts of the same kind. */
const layerWriter = (directory: string) => {
  const layers = new Map<string, Promise<string>>();
  return ({ os = 'debian', hardware, raid0 }: SimulatedHostOptions): Promise<string> => {
    const kind = { os, raid0: raid0 !== undefined, ...(hardware && { hardware }) };
    const key = JSON.stringify(kind);
    const path = join(directory, `layer-${layers.size + 1}`);
    const layer = layers.get(key) ?? writeLayer(path, kind).then(() => path);
    layers.set(key, layer);
    return layer;
  };
};

const startAll = async (
  list: readonly SimulatedHostOptions[],
  directory: string,
  undo: HostSet['undo'],
): Promise<StartedHost[]> => {
  const base = join(directory, 'base');
  await mkdir(join(base, 'work'), { recursive: true });
  copyKernelSettings('/proc/sys', join(base, 'sys'));
  const layer = layerWriter(directory);
  const addressOf = addressesOfGroup();
  const running: HostNamespace[] = [];
  undo.push(() => Promise.all(running.map((namespace) => namespace.stop())));
  const starting = list.map(async (options, index): Promise<StartedHost> => {
    const { name = `sim-${index + 1}`, limits = {}, sparse = {}, users = [], raid0 } = options;
    const address = addressOf(index);
    const common = { name, address, base, layer: await layer(options), limits, sparse, users };
    const namespace = await startNamespace(raid0 === undefined ? common : { ...common, raid0 });
    running.push(namespace);
    return { name, address, options, namespace, root: namespace.root, sh: runInside(namespace) };
  });
  // All of them come to an end before the first failure is told: none is left behind.
  await Promise.allSettled(starting);
  return Promise.all(starting);
};

/** Thousands of small files are written for a set: to memory, where that is possible. */
const quickFolder = (): Promise<string> =>
  access('/dev/shm', constants.W_OK).then(
    () => '/dev/shm',
    () => tmpdir(),
  );

/**
 * Starts hosts with nothing in front of them; where `finish` fails they are stopped again. Rejects with an
 * FcopsError where this machine cannot do that.
 */
export const withHosts = async <T>(
  hosts: number | readonly SimulatedHostOptions[],
  finish: (set: HostSet) => Promise<T>,
): Promise<T> => {
  const directory = await mkdtemp(join(await quickFolder(), 'fcops-hosts-'));
  const undo: HostSet['undo'] = [() => rm(directory, { recursive: true, force: true })];
  // A test that is interrupted stops nothing; its hosts end with this process, its files would stay.
  const sweep = () => rmSync(directory, { recursive: true, force: true });
  process.once('exit', sweep);
  const stop = async () => {
    process.off('exit', sweep);
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const list = typeof hosts === 'number' ? Array.from({ length: hosts }, () => ({})) : hosts;
    const started = await startAll(list, directory, undo);
    const key = makeKey();
    const privateKey = join(directory, 'id_ed25519');
    await writeFile(privateKey, key.private, { mode: 0o600 });
    await writeFile(`${privateKey}.pub`, `${key.public}\n`);
    return await finish({ started, directory, privateKey, publicKey: key.public, undo, stop });
  } catch (error) {
    await stop();
    throw error;
  }
};
