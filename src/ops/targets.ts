import { readdirSync, readFileSync } from 'node:fs';
import type { Host } from '../inventory/cluster.ts';
import type { Target } from '../transport/connection.ts';
import { loadSshConfig } from '../transport/ssh-config/ssh-config-files.ts';
import { applySshConfig } from '../transport/target.ts';

/** Of the user who runs fcops. */
export interface LocalUser {
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** How hosts are reached: what the inventory states, then ~/.ssh/config, then the defaults. */
export const targetOf = ({ home, env }: LocalUser): ((host: Host) => Target) => {
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
