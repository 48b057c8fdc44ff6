import { readdirSync, readFileSync } from 'node:fs';
import type { Host } from '../inventory/cluster.ts';
import type { Connect, Target } from '../transport/connection.ts';
import type { TransportDeps } from '../transport/deps.ts';
import { systemDeps } from '../transport/deps.ts';
import { loadSshConfig } from '../transport/ssh-config-files.ts';
import { applySshConfig } from '../transport/target.ts';
import type { ConnectionOptions } from './options.ts';
import type { World } from './world.ts';

export const transportDeps = ({ env, home, isRoot }: World): TransportDeps =>
  systemDeps({ env, home, isRoot });

/** The way to open connections; the transport is loaded here, when a command needs one. */
export const connectBy = async (world: World, { transport }: ConnectionOptions): Promise<Connect> => {
  const { connector } = await import('../transport/connect.ts');
  return connector(transport, transportDeps(world));
};

/** How hosts are reached: what the inventory states, then ~/.ssh/config, then the defaults. */
export const targets = ({ home, env }: World): ((host: Host) => Target) => {
  const config = loadSshConfig(home, { read: (file) => readFileSync(file, 'utf8'), list: readdirSync });
  return ({ name, address, ssh }) =>
    applySshConfig(
      {
        name,
        address,
        port: ssh.port,
        user: ssh.user,
        privateKeys: ssh.privateKey === undefined ? undefined : [ssh.privateKey],
        knownHosts: ssh.knownHosts,
        proxyJump: ssh.proxyJump?.split(',').map((jump) => jump.trim()),
        password: ssh.password,
        sudoPassword: ssh.sudoPassword,
        connectTimeout: ssh.connectTimeout,
      },
      config,
      { home, agent: env.SSH_AUTH_SOCK },
    );
};
