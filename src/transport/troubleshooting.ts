import { FcopsError, type Problem } from '../core/errors.ts';
import type { Endpoint } from './connection.ts';
import { type ConnectFailure, type Failure, NO_SUCH_FILE } from './failure.ts';
import { describeKey } from './host-key.ts';
import { explainHostKey } from './host-key-problems.ts';

type Advice = Pick<Problem, 'what' | 'why' | 'next'>;

/** The error for the host that was wanted, for a failure there or at a bastion on the way. */
export const connectError = (target: Endpoint, { endpoint, failure }: ConnectFailure): FcopsError => {
  const advice = explain(endpoint, failure, target.name);
  const what = endpoint.name === target.name ? advice.what : `bastion ${endpoint.name}: ${advice.what}`;
  return new FcopsError({ ...advice, what, where: { host: target.name } });
};

/** A failure in plain words; `host` is the name to type in the commands that are suggested. */
export const explain = (endpoint: Endpoint, failure: Failure, host: string): Advice => {
  const { address, port, user } = endpoint;
  const server = port === 22 ? address : `${address} port ${port}`;
  const login = `ssh ${port === 22 ? '' : `-p ${port} `}${user}@${address}`;
  switch (failure.kind) {
    case 'dns':
      return {
        what: `the name ${address} cannot be resolved`,
        why: failure.code === 'EAI_AGAIN' ? 'the name server did not answer' : 'no name server knows it',
        next: `check the address of ${host} in the inventory, or: getent hosts ${address}`,
      };
    case 'refused':
      return {
        what: `${server} refused the connection`,
        why: 'the machine is up, but no SSH server listens on this port, or a firewall turns it away',
        next: `start sshd on the host, or correct ssh.port in the inventory`,
      };
    case 'unreachable':
      return {
        what: `${server} cannot be reached`,
        why: failure.detail,
        next: `check that the machine is on and in the same network: ping ${address}`,
      };
    case 'timeout':
      return explainTimeout(server, failure, login);
    case 'dropped':
      return explainDropped(server, failure.said);
    case 'not-ssh':
      return {
        what: `${server} is not an SSH server`,
        why: `it sent: ${failure.said.slice(0, 80)}`,
        next: `correct the address of ${host} or its ssh.port in the inventory`,
      };
    case 'disconnected':
      return {
        what: `${server} ended the login`,
        why: failure.detail,
        next: `look at the server's log (journalctl -u ssh -u sshd), or: ${login}`,
      };
    case 'algorithms':
      return {
        what: `${server} and fcops have no algorithm in common`,
        why: failure.detail,
        next: 'update the SSH server, or use the system ssh: --transport openssh',
      };
    case 'host-key':
      return explainHostKey(
        endpoint,
        failure.verdict,
        failure.key ? describeKey(failure.key) : failure.fingerprint,
        host,
      );
    case 'authentication':
      return explainAuthentication(endpoint, failure, login);
    case 'forward':
      return {
        what: `the bastion did not connect to ${server}`,
        why: failure.detail,
        next: `check that the host is up, and AllowTcpForwarding in the bastion's sshd_config`,
      };
    case 'proxy-command':
      return {
        what: 'ssh_config names a ProxyCommand, which only the system ssh can use',
        next: 'state ssh.proxyJump in the inventory, or: --transport openssh',
      };
    case 'other':
      return { what: `the connection to ${server} failed`, why: failure.detail, next: `try: ${login}` };
  }
};

const explainTimeout = (
  server: string,
  { stage, seconds }: Extract<Failure, { kind: 'timeout' }>,
  login: string,
): Advice =>
  stage === 'connect'
    ? {
        what: `${server} did not answer within ${seconds} s`,
        why: 'the machine is off, the address is wrong, or a firewall drops the packets',
        next: 'check the machine and its address; ssh.connectTimeout in the inventory gives it longer',
      }
    : {
        what: `${server} took the connection, but the login was not done within ${seconds} s`,
        why: 'the machine is overloaded, or its name lookups (UseDNS) or PAM modules hang',
        next: `see how long it takes by hand: time ${login} true`,
      };

const explainDropped = (server: string, said: string): Advice => ({
  what: `${server} closed the connection before the SSH handshake`,
  why: said
    ? `it sent: ${said}`
    : 'too many logins at once (MaxStartups in its sshd_config), this machine is banned there, or no SSH server listens on this port',
  next: 'try again with fewer hosts at a time (--forks 10), and look at the log of its sshd',
});

const explainAuthentication = (
  { user, password }: Endpoint,
  { tried, skipped, accepted }: Extract<Failure, { kind: 'authentication' }>,
  login: string,
): Advice => {
  const unused = tried.length > 0 && skipped.length > 0 ? 'not used: ' : '';
  const reasons = [
    tried.length > 0 ? `tried: ${tried.join(', ')}` : '',
    tried.length + skipped.length > 0 ? '' : 'nothing to log in with was found',
    `${unused}${skipped.join('; ')}`,
    accepted.length > 0 ? `the server accepts: ${accepted.join(', ')}` : '',
  ];
  return {
    what: tried.length > 0 ? `login as ${user} was denied` : `no key, agent or password to log in as ${user}`,
    why: reasons.filter(Boolean).join('; '),
    next: adviseLogin(skipped, tried, password !== undefined, login),
  };
};

const adviseLogin = (
  skipped: readonly string[],
  tried: readonly string[],
  hasPassword: boolean,
  login: string,
): string => {
  const encrypted = skipped.find((reason) => reason.includes('encrypted'));
  if (encrypted)
    return `ssh-add ${encrypted.split(' ')[0]}, so that the agent holds the key; then run fcops again`;
  if (skipped.some((reason) => reason.includes('not supported')))
    return 'use the system ssh: --transport openssh';
  if (tried.length === 0 && skipped.some((reason) => reason.endsWith(NO_SUCH_FILE)))
    return 'correct ssh.privateKey in the inventory (or IdentityFile in ~/.ssh/config)';
  if (tried.length === 0) return 'set ssh.privateKey in the inventory, or start an agent: ssh-add';
  if (hasPassword) return `check the user and the password by hand: ${login}`;
  return `put the public key on the host: ssh-copy-id ${login.replace(/^ssh /, '')}`;
};
