import { posix } from 'node:path';
import type { Host } from '../inventory/cluster.ts';
import type { Files } from '../inventory/files.ts';
import { nodeFiles } from '../inventory/files.ts';
import type { Connect, Target } from '../transport/connection.ts';
import type { TransportDeps } from '../transport/deps.ts';
import { systemDeps } from '../transport/deps.ts';
import type { ConfigFile, SshConfig } from '../transport/ssh-config.ts';
import { EMPTY_CONFIG, parseSshConfig } from '../transport/ssh-config.ts';
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
  const config = userSshConfig(home, nodeFiles);
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

/** `~/.ssh/config` with what it includes. */
export const userSshConfig = (home: string, files: Files): SshConfig => {
  const directory = `${home}/.ssh`;
  const file = `${directory}/config`;
  const text = files.read(file);
  if (text === undefined) return EMPTY_CONFIG;
  return parseSshConfig({ file, text }, (pattern) => includedFiles(pattern, directory, home, files));
};

/** The files of an `Include`: relative to ~/.ssh, `~`, and `*` and `?` in the last part of the path. */
const includedFiles = (pattern: string, directory: string, home: string, files: Files): ConfigFile[] => {
  const path = posix.resolve(directory, pattern.replace(/^~(?=\/)/, home));
  const parent = posix.dirname(path);
  const name = new RegExp(
    `^${posix
      .basename(path)
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  );
  return (files.list(parent) ?? [])
    .filter((entry) => name.test(entry))
    .sort()
    .flatMap((entry) => {
      const file = posix.join(parent, entry);
      const text = files.read(file);
      return text === undefined ? [] : [{ file, text }];
    });
};
