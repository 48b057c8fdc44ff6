import { edit } from '../core/next.ts';
import { FcopsError } from '../core/problem.ts';
import type { Secret } from '../core/secret.ts';
import type { Endpoint, Target } from './connection.ts';
import { type HostSettings, type SshConfig, settingsFor } from './ssh-config/ssh-config.ts';

/** What the inventory states of how to reach a host. Whatever is left out comes from ssh_config, then the defaults. */
export interface StatedTarget {
  readonly name: string;
  readonly address: string;
  readonly port?: number | undefined;
  readonly user?: string | undefined;
  readonly privateKeys?: readonly string[] | undefined;
  readonly knownHosts?: string | undefined;
  /** `[user@]host[:port]` each, nearest first; an empty list for none, whatever ssh_config says. */
  readonly proxyJump?: readonly string[] | undefined;
  readonly password?: Secret | undefined;
  readonly sudoPassword?: Secret | undefined;
  /** Seconds. */
  readonly connectTimeout?: number | undefined;
}

/** Of the user who runs fcops. */
export interface LocalUser {
  readonly home: string;
  /** Socket of the agent: SSH_AUTH_SOCK. */
  readonly agent?: string | undefined;
}

/** Root: what fcops manages belongs to root, and sudo is the exception. */
const DEFAULT_USER = 'root';
const DEFAULT_PORT = 22;
const DEFAULT_TIMEOUT = 15;
const GLOBAL_KNOWN_HOSTS = '/etc/ssh/ssh_known_hosts';

/**
 * Fills in what the inventory leaves open: from ssh_config, where a `Host` line fits the host's address or
 * its name in the inventory, then the defaults. What the inventory states wins.
 */
export const applySshConfig = (stated: StatedTarget, config: SshConfig, local: LocalUser): Target => {
  const settings = settingsFor(config, [stated.address, stated.name]);
  const proxyCommand = stated.proxyJump ? undefined : settings.words('ProxyCommand')?.join(' ');
  const jumps = stated.proxyJump ?? settings.first('ProxyJump')?.split(',') ?? [];
  return {
    ...endpoint(stated, settings, local),
    proxyJump: jumps.map((jump) => bastion(jump, config, local)),
    ...(stated.sudoPassword && { sudoPassword: stated.sudoPassword }),
    ...(proxyCommand && proxyCommand !== 'none' && jumps.length === 0 && { proxyCommand }),
  };
};

/** A bastion as written: `ops@gate:2222`, `gate`, `ssh://ops@gate:2222`, `[fe80::1]:22`. Its name may be one of ssh_config. */
const bastion = (jump: string, config: SshConfig, local: LocalUser): Endpoint => {
  const parts = /^(?:ssh:\/\/)?(?:([^@]+)@)?(\[[^\]]+\]|[^:[\]]+)(?::(\d+))?\/?$/.exec(jump.trim());
  const [, user, bracketed] = parts ?? [];
  if (!bracketed) {
    throw new FcopsError({
      kind: 'inventory',
      what: `"${jump}" is no bastion`,
      next: [edit('write it as user@host:port')],
    });
  }
  const name = bracketed.replace(/^\[(.*)\]$/, '$1');
  const settings = settingsFor(config, [name]);
  const address = settings.first('HostName')?.replaceAll('%h', name) ?? name;
  const port = parts?.[3] ? Number(parts[3]) : undefined;
  return endpoint({ name: jump.trim(), address, port, user }, settings, local);
};

const endpoint = (stated: StatedTarget, settings: HostSettings, local: LocalUser): Endpoint => {
  const port = stated.port ?? number(settings.first('Port')) ?? DEFAULT_PORT;
  const user = stated.user ?? settings.first('User') ?? DEFAULT_USER;
  const expand = expander({ ...stated, port, user }, local.home);
  const agent = identityAgent(settings.words('IdentityAgent')?.[0], expand, local.agent);
  const alias = settings.first('HostKeyAlias');
  return {
    name: stated.name,
    address: stated.address,
    port,
    user,
    privateKeys: (stated.privateKeys ?? settings.all('IdentityFile')).map(expand),
    ...knownHostsFiles(stated.knownHosts, settings, expand),
    ...(agent && { agent }),
    ...(alias && { hostKeyAlias: alias }),
    ...(stated.password && { password: stated.password }),
    connectTimeout: stated.connectTimeout ?? number(settings.first('ConnectTimeout')) ?? DEFAULT_TIMEOUT,
  };
};

/** The inventory's file counts alone: a pinned key is not widened by what else this machine knows. */
const knownHostsFiles = (
  stated: string | undefined,
  settings: HostSettings,
  expand: (path: string) => string,
): Pick<Endpoint, 'knownHosts' | 'alsoKnownHosts'> => {
  if (stated) return { knownHosts: expand(stated) };
  const [first = '~/.ssh/known_hosts', ...more] = settings.words('UserKnownHostsFile') ?? [];
  const system = settings.words('GlobalKnownHostsFile') ?? [GLOBAL_KNOWN_HOSTS];
  return { knownHosts: expand(first), alsoKnownHosts: [...more, ...system].map(expand) };
};

const identityAgent = (
  stated: string | undefined,
  expand: (path: string) => string,
  fromEnvironment: string | undefined,
): string | undefined => {
  if (stated === undefined || stated === 'SSH_AUTH_SOCK') return fromEnvironment;
  return stated === 'none' ? undefined : expand(stated);
};

const number = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;

/** Expands `~` and ssh_config's tokens %h %n %p %r %d %% in a path. */
const expander =
  (
    of: { readonly name: string; readonly address: string; readonly port: number; readonly user: string },
    home: string,
  ) =>
  (path: string): string => {
    const tokens: Readonly<Record<string, string>> = {
      h: of.address,
      n: of.name,
      p: String(of.port),
      r: of.user,
      d: home,
      '%': '%',
    };
    return path
      .replace(/^~(?=\/|$)/, home)
      .replace(/%(.)/g, (whole, letter: string) => tokens[letter] ?? whole);
  };
