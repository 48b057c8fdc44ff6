import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { USER_ID } from './host-namespace.ts';
import {
  homeOf,
  loginEnvironment,
  makeKey,
  type PlainHost,
  type SimulatedHostOptions,
  type StartedHost,
  withHosts,
} from './host-set.ts';
import { type SshServer, startSshServer } from './ssh-server.ts';

export { makeKey, type SimulatedHostOptions } from './host-set.ts';

export interface SimulatedHostsOptions {
  /** The hosts, or how many ordinary ones. */
  readonly hosts: number | readonly SimulatedHostOptions[];
}

/** A host and the port of what lets in over SSH. */
export interface ReachableHost extends PlainHost {
  readonly port: number;
}

export interface SimulatedHost extends ReachableHost {
  /** The server of this host: what it saw, and its faults. */
  readonly ssh: SshServer;
}

export interface SimulatedHosts<Host extends ReachableHost = SimulatedHost> {
  readonly hosts: readonly Host[];
  /** The only host, or the first. */
  readonly host: Host;
  /** File with the private key that logs in everywhere. */
  readonly privateKey: string;
  /** File with the host keys. */
  readonly knownHosts: string;
  /** Directory for the test's own files; removed by `stop`. */
  readonly directory: string;
  stop(): Promise<void>;
}

const startServer = (host: StartedHost, hostKey: string, authorizedKey: string): Promise<SshServer> => {
  const { users = [], password } = host.options;
  return startSshServer({
    address: host.address,
    port: 0,
    hostKey,
    authorizedKey,
    password,
    users: ['root', ...users.map(({ name }) => name)],
    access: {
      command: (user, command) =>
        host.namespace.enter(['/bin/bash', '-c', command], homeOf(user), user === 'root' ? 0 : USER_ID),
      environment: loginEnvironment,
    },
  });
};

/** The lines of a known_hosts file. */
export const knownHostsText = (
  hosts: readonly { readonly address: string; readonly port: number; readonly hostKey: string }[],
): string => hosts.map(({ address, port, hostKey }) => `[${address}]:${port} ${hostKey}\n`).join('');

/**
 * Starts hosts that are safe to break: each a real SSH server (in this process, with faults to order) before
 * a private copy-on-write view of this machine's file system, with its own processes, mounts, host name and
 * kernel settings. Nothing that is done to one outlives it. Rejects with an FcopsError where this machine
 * cannot do that.
 */
export const startSimulatedHosts = ({ hosts }: SimulatedHostsOptions): Promise<SimulatedHosts> =>
  withHosts(hosts, async ({ started, directory, privateKey, publicKey, undo, stop }) => {
    const served = await Promise.all(
      started.map(async (host) => {
        const key = makeKey();
        const ssh = await startServer(host, key.private, publicKey);
        undo.push(ssh.close);
        const { name, address, root, sh } = host;
        return { hostKey: key.public, host: { name, address, root, sh, port: ssh.port, ssh } };
      }),
    );
    const knownHosts = join(directory, 'known_hosts');
    await writeFile(
      knownHosts,
      knownHostsText(served.map(({ hostKey, host: { address, port } }) => ({ address, port, hostKey }))),
    );
    const list = served.map(({ host }) => host);
    const [host] = list;
    if (!host) throw new Error('no hosts were asked for');
    return { hosts: list, host, privateKey, knownHosts, directory, stop };
  });
