import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import ssh2 from 'ssh2';
import type { Hardware } from './hardware.ts';
import { copyKernelSettings, type LoginUser, writeLayer } from './host-layer.ts';
import { type HostNamespace, startNamespace } from './host-namespace.ts';
import { startOpensshServer } from './openssh-server.ts';
import type { OperatingSystem } from './operating-systems.ts';
import { type SshServer, startSshServer } from './ssh-server.ts';

/** How one host differs from an ordinary Debian machine that is as this one is. */
export interface SimulatedHostOptions {
  /** Host name; `sim-1` and so on where it is left out. */
  readonly name?: string;
  readonly os?: OperatingSystem;
  /** The machine that the kernel describes; this one where it is left out. */
  readonly hardware?: Hardware;
  /** Bytes of a disk mounted at /opt/raid0; none is mounted where it is left out. */
  readonly raid0?: number;
  /** Sizes of sparse files by path, such as TEMPLATE_DATA. */
  readonly sparse?: Readonly<Record<string, number>>;
  /** Room for what is written below a top-level directory, in bytes: `{ '/etc': 65536 }` is a disk to fill. */
  readonly limits?: Readonly<Record<string, number>>;
  /** Users besides root; the same keys and passwords let them in. */
  readonly users?: readonly LoginUser[];
  /** Password that lets every user in, besides the key. */
  readonly password?: string;
}

export interface SimulatedHostsOptions {
  /** The hosts, or how many ordinary ones. */
  readonly hosts: number | readonly SimulatedHostOptions[];
  /** An own SSH server in this process for each host, with faults; or one OpenSSH sshd before all of them. */
  readonly server?: 'embedded' | 'sshd';
}

/** What a host's own SSH server offers, as far as it has one. */
export interface SimulatedHost {
  readonly name: string;
  /** Loopback address, of this host alone. */
  readonly address: string;
  readonly port: number;
  /** Prefix of the host's paths on this machine. */
  readonly root: string;
  /** Runs a bash script as root in the host, without SSH. Gives its standard output; rejects where it fails. */
  sh(script: string): Promise<string>;
  /** The embedded server. Throws where the hosts are behind an sshd. */
  readonly ssh: SshServer;
}

export interface SimulatedHosts {
  readonly hosts: readonly SimulatedHost[];
  /** The only host, or the first. */
  readonly host: SimulatedHost;
  /** File with the private key that logs in everywhere. */
  readonly privateKey: string;
  /** File with the host keys. */
  readonly knownHosts: string;
  /** Directory for the test's own files; removed by `stop`. */
  readonly directory: string;
  stop(): Promise<void>;
}

const PATH = '/usr/local/bin:/usr/bin:/bin:/usr/games';
const USER_ID = 1234;

/** A new key pair, OpenSSH format. */
export const makeKey = (): { readonly private: string; readonly public: string } => {
  for (;;) {
    const key = ssh2.utils.generateKeyPairSync('ed25519');
    // Some of the keys that ssh2 makes it cannot read itself.
    if (!(ssh2.utils.parseKey(key.private) instanceof Error)) return key;
  }
};

/** A part of 127.0.0.0/8 that no other process of this machine uses: its own ports, whoever listens on 0.0.0.0. */
let groups = 0;
const addressGroup = (): string => {
  groups += 1;
  const second = 64 + (process.pid % 128);
  const third = (Math.floor(process.pid / 128) + 31 * groups) % 256;
  return `127.${second}.${third}`;
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '0.0.0.0');
  await new Promise((resolve) => server.once('listening', resolve));
  const bound = server.address();
  await new Promise((resolve) => server.close(resolve));
  return bound && typeof bound === 'object' ? bound.port : 0;
};

const homeOf = (user: string): string => (user === 'root' ? '/root' : `/home/${user}`);

const environment = (user: string): NodeJS.ProcessEnv => ({
  PATH: user === 'root' ? `/usr/local/sbin:/usr/sbin:/sbin:${PATH}` : PATH,
  HOME: homeOf(user),
  USER: user,
  LOGNAME: user,
  SHELL: '/bin/bash',
  LANG: 'en_US.UTF-8',
});

const runInside = (namespace: HostNamespace) => async (script: string) => {
  const [program, ...parameters] = namespace.enter(['/bin/bash', '-c', script]);
  const { stdout } = await execa(program, parameters, {
    env: environment('root'),
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

interface Started {
  readonly name: string;
  readonly address: string;
  readonly options: SimulatedHostOptions;
  readonly namespace: HostNamespace;
}

const noServer = (): never => {
  throw new Error('these hosts are behind one sshd: they have no server of their own');
};

/** Servers in this process, one a host. */
const embeddedServers = async (started: readonly Started[], authorizedKey: string) => {
  const servers = await Promise.all(
    started.map(async ({ address, options: { users = [], password }, namespace }) => {
      const hostKey = makeKey();
      const ssh = await startSshServer({
        address,
        port: 0,
        hostKey: hostKey.private,
        authorizedKey,
        password,
        users: ['root', ...users.map(({ name }) => name)],
        access: {
          command: (user, command) =>
            namespace.enter(['/bin/bash', '-c', command], homeOf(user), user === 'root' ? 0 : USER_ID),
          environment,
        },
      });
      return { ssh: () => ssh, port: ssh.port, hostKey: hostKey.public, stop: ssh.close };
    }),
  );
  return { servers, stop: () => Promise.all(servers.map(({ stop }) => stop())) };
};

/** One sshd for all hosts. */
const sshdServers = async (started: readonly Started[], authorizedKey: string, directory: string) => {
  const hostKey = makeKey();
  const port = await freePort();
  const doors = started.map(({ address, namespace }) => ({ address, enter: namespace.enter([]) }));
  const sshd = await startOpensshServer({ directory, port, hostKey: hostKey.private, authorizedKey, doors });
  return {
    servers: started.map(() => ({ ssh: noServer, port, hostKey: hostKey.public })),
    stop: sshd.stop,
  };
};

/**
 * Starts hosts that are safe to break: each a real SSH server before a private copy-on-write view of this
 * machine's file system, with its own processes, mounts, host name and kernel settings. Nothing that is done
 * to one outlives it. Rejects with an FcopsError where this machine cannot do that.
 */
export const startSimulatedHosts = async ({
  hosts,
  server = 'embedded',
}: SimulatedHostsOptions): Promise<SimulatedHosts> => {
  const list = typeof hosts === 'number' ? Array.from({ length: hosts }, () => ({})) : hosts;
  const directory = await mkdtemp(join(tmpdir(), 'fcops-hosts-'));
  const undo: (() => Promise<unknown>)[] = [() => rm(directory, { recursive: true, force: true })];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const base = join(directory, 'base');
    for (const name of ['root', 'work']) await mkdir(join(base, name), { recursive: true });
    await copyKernelSettings(base);
    const layer = layerWriter(directory);
    const group = addressGroup();
    const running: HostNamespace[] = [];
    undo.push(() => Promise.all(running.map((namespace) => namespace.stop())));
    const starting = list.map(async (options: SimulatedHostOptions, index): Promise<Started> => {
      const { name = `sim-${index + 1}`, limits = {}, sparse = {}, users = [], raid0 } = options;
      const address = `${group}.${index + 1}`;
      const disk = raid0 === undefined ? {} : { raid0 };
      const path = await layer(options);
      const namespace = await startNamespace({
        name,
        address,
        base,
        layer: path,
        limits,
        sparse,
        users,
        ...disk,
      });
      running.push(namespace);
      return { name, address, options, namespace };
    });
    // All of them come to an end before the first failure is told: none is left behind.
    await Promise.allSettled(starting);
    const started = await Promise.all(starting);

    const key = makeKey();
    const privateKey = join(directory, 'id_ed25519');
    await writeFile(privateKey, key.private, { mode: 0o600 });
    await writeFile(`${privateKey}.pub`, `${key.public}\n`);
    const front =
      server === 'sshd'
        ? await sshdServers(started, key.public, join(directory, 'sshd'))
        : await embeddedServers(started, key.public);
    undo.push(front.stop);

    const simulated = started.map(
      ({ name, address, namespace }, index): SimulatedHost & { hostKey: string } => {
        const one = front.servers[index];
        if (!one) throw new Error(`no server for ${name}`);
        return {
          name,
          address,
          port: one.port,
          hostKey: one.hostKey,
          root: namespace.root,
          sh: runInside(namespace),
          get ssh() {
            return one.ssh();
          },
        };
      },
    );
    const knownHosts = join(directory, 'known_hosts');
    await writeFile(
      knownHosts,
      simulated.map(({ address, port, hostKey }) => `[${address}]:${port} ${hostKey}\n`).join(''),
    );
    const [host] = simulated;
    if (!host) throw new Error('no hosts were asked for');
    return { hosts: simulated, host, privateKey, knownHosts, directory, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};
