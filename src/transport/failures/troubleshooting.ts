import { edit, look, shellHere } from '../../core/next.ts';
import { FcopsError, type Problem } from '../../core/problem.ts';
import type { Endpoint } from '../connection.ts';
import { describeKey } from '../host-keys/host-key.ts';
import { explainHostKey } from '../host-keys/host-key-problems.ts';
import type { ConnectFailure, Failure } from './failure.ts';
import { explainAuthentication, loginArguments } from './login-troubleshooting.ts';

type Advice = Omit<Problem, 'where'>;

/** The error for the host that was wanted, for a failure there or at a bastion on the way. */
export const connectError = (target: Endpoint, { endpoint, failure }: ConnectFailure): FcopsError => {
  const advice = explain(endpoint, failure, target.name);
  const what = endpoint.name === target.name ? advice.what : `bastion ${endpoint.name}: ${advice.what}`;
  return new FcopsError({ ...advice, what, where: { host: target.name } });
};

/** A failure in plain words; `host` is the name to type in the commands that are suggested. */
const explain = (endpoint: Endpoint, failure: Failure, host: string): Advice => {
  const { address, port } = endpoint;
  const server = port === 22 ? address : `${address} port ${port}`;
  const login = `ssh ${loginArguments(endpoint)}`;
  switch (failure.kind) {
    case 'dns':
      return {
        kind: 'connect',
        what: `the name ${address} cannot be resolved`,
        why: failure.code === 'EAI_AGAIN' ? 'the name server did not answer' : 'no name server knows it',
        next: [shellHere(`getent hosts ${address}`, `check the address of ${host} in the inventory, or`)],
      };
    case 'refused':
      return {
        kind: 'connect',
        what: `${server} refused the connection`,
        why: 'the machine is up, but no SSH server listens on this port, or a firewall turns it away',
        next: [look('start sshd on the host, or correct ssh.port in the inventory')],
      };
    case 'unreachable':
      return {
        kind: 'connect',
        what: `${server} cannot be reached`,
        why: failure.detail,
        next: [shellHere(`ping ${address}`, 'check that the machine is on and in the same network')],
      };
    case 'timeout':
      return explainTimeout(server, failure, login);
    case 'dropped':
      return explainDropped(server, failure.said);
    case 'not-ssh':
      return {
        kind: 'connect',
        what: `${server} is not an SSH server`,
        why: `it sent: ${failure.said.slice(0, 80)}`,
        next: [edit(`correct the address of ${host} or its ssh.port in the inventory`)],
      };
    case 'disconnected':
      return {
        kind: 'connect',
        what: `${server} ended the login`,
        why: failure.detail,
        next: [shellHere(login, "look at the server's log (journalctl -u ssh -u sshd), or")],
      };
    case 'algorithms':
      return {
        kind: 'connect',
        what: `${server} and fcops have no algorithm in common`,
        why: failure.detail,
        next: [edit('update the SSH server, or use the system ssh: --transport openssh')],
      };
    case 'host-key':
      return explainHostKey(
        endpoint,
        failure.verdict,
        failure.key ? describeKey(failure.key) : failure.fingerprint,
        host,
      );
    case 'authentication':
      return explainAuthentication(endpoint, failure);
    case 'forward':
      return {
        kind: 'connect',
        what: `the bastion did not connect to ${server}`,
        why: failure.detail,
        next: [look("check that the host is up, and AllowTcpForwarding in the bastion's sshd_config")],
      };
    case 'proxy-command':
      return {
        kind: 'connect',
        what: 'ssh_config names a ProxyCommand, which only the system ssh can use',
        next: [edit('state ssh.proxyJump in the inventory, or: --transport openssh')],
      };
    case 'other':
      return {
        kind: 'connect',
        what: `the connection to ${server} failed`,
        why: failure.detail,
        next: [shellHere(login, 'try')],
      };
  }
};

const explainTimeout = (
  server: string,
  { stage, seconds }: Extract<Failure, { kind: 'timeout' }>,
  login: string,
): Advice =>
  stage === 'connect'
    ? {
        kind: 'connect',
        what: `${server} did not answer within ${seconds} s`,
        why: 'the machine is off, the address is wrong, or a firewall drops the packets',
        next: [
          look('check the machine and its address'),
          edit('ssh.connectTimeout in the inventory gives it longer'),
        ],
      }
    : {
        kind: 'connect',
        what: `${server} took the connection, but the login was not done within ${seconds} s`,
        why: 'the machine is overloaded, or its name lookups (UseDNS) or PAM modules hang',
        next: [shellHere(`time ${login} true`, 'see how long it takes by hand')],
      };

const explainDropped = (server: string, said: string): Advice => ({
  kind: 'connect',
  what: `${server} closed the connection before the SSH handshake`,
  why: said
    ? `it sent: ${said}`
    : 'too many logins at once (MaxStartups in its sshd_config), this machine is banned there, or no SSH server listens on this port',
  next: [edit('try again with fewer hosts at a time (--forks 10), and look at the log of its sshd')],
});
