import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../src/core/problem.ts';
import { freePort } from './free-port.ts';
import { makeKey, withHosts } from './host-set.ts';
import { startOpensshServer } from './openssh-server.ts';
import {
  knownHostsText,
  type ReachableHost,
  type SimulatedHosts,
  type SimulatedHostsOptions,
} from './simulated-hosts.ts';

/** Starts on a port of the system's choice: another one where somebody took it before sshd could. */
const onFreePort = async <T>(start: (port: number) => Promise<T>): Promise<{ port: number; sshd: T }> => {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort('0.0.0.0');
    try {
      return { port, sshd: await start(port) };
    } catch (error) {
      if (attempt === 5 || !messageOf(error).includes('Address already in use')) throw error;
    }
  }
};

/** As startSimulatedHosts, but one OpenSSH sshd lets into all hosts, by key and as root only. */
export const startHostsBehindSshd = ({
  hosts,
}: SimulatedHostsOptions): Promise<SimulatedHosts<ReachableHost>> =>
  withHosts(hosts, async ({ started, directory, privateKey, publicKey, undo, stop }) => {
    const hostKey = makeKey();
    const { port, sshd } = await onFreePort((port) =>
      startOpensshServer({
        directory: join(directory, 'sshd'),
        port,
        hostKey: hostKey.private,
        authorizedKey: publicKey,
        doors: started.map(({ address, namespace }) => ({ address, enter: namespace.enter([]) })),
      }),
    );
    undo.push(sshd.stop);
    const list = started.map(({ name, address, root, sh }) => ({ name, address, root, sh, port }));
    const knownHosts = join(directory, 'known_hosts');
    await writeFile(
      knownHosts,
      knownHostsText(list.map(({ address }) => ({ address, port, hostKey: hostKey.public }))),
    );
    const [host] = list;
    if (!host) throw new Error('no hosts were asked for');
    return { hosts: list, host, privateKey, knownHosts, directory, stop };
  });
