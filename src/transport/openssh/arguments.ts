import { words } from '../../core/shell.ts';
import type { Endpoint, Target } from '../connection.ts';

/**
 * The arguments with which ssh reaches a host: never a question, host keys always checked, and the rest of
 * ssh_config honoured. Bastions are reached by a ProxyCommand and not by -J, which would leave out these
 * options there.
 */
export const sshArguments = (target: Target): readonly string[] => [
  ...endpointArguments(target),
  ...(target.proxyJump.length > 0 ? option('ProxyCommand', proxyCommand(target.proxyJump)) : []),
];

/** The destination: ssh_config's `Host` lines are matched against it. */
export const destination = ({ user, address }: Endpoint): string => `${user}@${address}`;

const endpointArguments = (endpoint: Endpoint): readonly string[] => {
  const { port, privateKeys, knownHosts, alsoKnownHosts = [], hostKeyAlias, connectTimeout } = endpoint;
  return [
    ...option('BatchMode', 'yes'),
    ...option('StrictHostKeyChecking', 'yes'),
    ...option('UpdateHostKeys', 'no'),
    ...option('UserKnownHostsFile', quoted(knownHosts)),
    ...option('GlobalKnownHostsFile', alsoKnownHosts.map(quoted).join(' ') || '/dev/null'),
    ...(hostKeyAlias ? option('HostKeyAlias', hostKeyAlias) : []),
    ...option('ConnectTimeout', String(connectTimeout)),
    ...option('ServerAliveInterval', '10'),
    ...option('ServerAliveCountMax', '3'),
    '-T',
    '-p',
    String(port),
    ...privateKeys.flatMap((file) => ['-i', file]),
  ];
};

/** ssh within ssh, the nearest bastion innermost; `%h` and `%p` stay for ssh to fill in. */
const proxyCommand = (bastions: readonly Endpoint[]): string => {
  const [last] = bastions.slice(-1);
  const before = bastions.slice(0, -1);
  if (!last) return 'none';
  const via = before.length > 0 ? option('ProxyCommand', proxyCommand(before)) : [];
  // A per cent sign of ours is doubled: ssh reads the line for its tokens at each level.
  const command = words('ssh', ...endpointArguments(last), ...via).replaceAll('%', '%%');
  // ssh puts `exec` before it by itself.
  return `${command} -W '[%h]:%p' ${words(destination(last))}`;
};

const option = (name: string, value: string): readonly string[] => ['-o', `${name}=${value}`];

/** ssh splits these values at blanks, and expands `%`. */
const quoted = (path: string): string => {
  const escaped = path.replaceAll('%', '%%');
  return /\s/.test(escaped) ? `"${escaped}"` : escaped;
};

/** For the master: logged in, it repeats what it hears until its standard input ends. */
export const masterArguments = (socket: string, target: Target): readonly string[] => [
  ...sshArguments(target),
  '-M',
  '-S',
  socket,
  ...option('ControlPersist', 'no'),
  ...option('ClearAllForwardings', 'yes'),
  ...option('RemoteCommand', 'none'),
  '-a',
  '-x',
  destination(target),
  'exec /bin/cat',
];

/** For a session on the master. Where that is gone, it must not connect by itself: its checks are not repeated here. */
export const sessionArguments = (socket: string, target: Target, command: string): readonly string[] => [
  '-F',
  'none',
  '-S',
  socket,
  ...option('ControlMaster', 'no'),
  ...option('ProxyCommand', 'false'),
  ...option('BatchMode', 'yes'),
  '-T',
  destination(target),
  command,
];
