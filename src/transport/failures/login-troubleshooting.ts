import { again, edit, type Next, shellHere } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import { words } from '../../core/shell.ts';
import type { Endpoint } from '../connection.ts';
import type { Failure, SkippedIdentity } from './failure.ts';

type Denied = Extract<Failure, { kind: 'authentication' }>;

/** A login that was denied, or for which there was nothing to log in with, in plain words. */
export const explainAuthentication = (endpoint: Endpoint, denied: Denied): Omit<Problem, 'where'> => {
  const { user } = endpoint;
  const { tried, skipped, accepted } = denied;
  const unused = tried.length > 0 && skipped.length > 0 ? 'not used: ' : '';
  const reasons = [
    tried.length > 0 ? `tried: ${tried.join(', ')}` : '',
    tried.length + skipped.length > 0 ? '' : 'nothing to log in with was found',
    `${unused}${skipped.map(saySkipped).join('; ')}`,
    accepted.length > 0 ? `the server accepts: ${accepted.join(', ')}` : '',
  ];
  return {
    kind: 'connect',
    what: tried.length > 0 ? `login as ${user} was denied` : `no key, agent or password to log in as ${user}`,
    why: reasons.filter(Boolean).join('; '),
    next: adviseLogin(endpoint, denied),
  };
};

/** The arguments with which OpenSSH's programs reach a server, as an operator types them. */
export const loginArguments = ({ address, port, user }: Endpoint): string =>
  `${port === 22 ? '' : `-p ${port} `}${user}@${address}`;

const adviseLogin = (endpoint: Endpoint, { tried, skipped }: Denied): readonly Next[] => {
  const login = loginArguments(endpoint);
  const encrypted = skipped.find(isKind('encrypted'));
  if (encrypted) {
    return [
      edit(`${words('ssh-add', encrypted.file)}, so that the agent holds the key`),
      again('then run fcops again'),
    ];
  }
  if (skipped.some(isKind('unsupported'))) return [edit('use the system ssh: --transport openssh')];
  if (tried.length === 0 && skipped.some(isKind('missing')))
    return [edit('correct ssh.privateKey in the inventory (or IdentityFile in ~/.ssh/config)')];
  if (tried.length === 0)
    return [shellHere('ssh-add', 'set ssh.privateKey in the inventory, or start an agent')];
  if (endpoint.password !== undefined)
    return [shellHere(`ssh ${login}`, 'check the user and the password by hand')];
  return [shellHere(`ssh-copy-id ${login}`, 'put the public key on the host')];
};

const isKind =
  <Kind extends SkippedIdentity['kind']>(kind: Kind) =>
  (skipped: SkippedIdentity): skipped is Extract<SkippedIdentity, { kind: Kind }> =>
    skipped.kind === kind;

const saySkipped = (skipped: SkippedIdentity): string => {
  switch (skipped.kind) {
    case 'encrypted':
      return `${skipped.file} is encrypted, and the agent does not hold it`;
    case 'missing':
      return `the key file ${skipped.file} does not exist`;
    case 'forbidden':
      return `the key file ${skipped.file} cannot be read by this user`;
    case 'directory':
      return `${skipped.file} is a directory, not a key file`;
    case 'unreadable':
      return `the key file ${skipped.file}: ${skipped.detail}`;
    case 'unsupported':
      return `${skipped.file}: keys of type ${skipped.type} are not supported`;
    case 'no-key':
      return `${skipped.file}: no private key: ${skipped.detail}`;
    case 'public-key':
      return `${skipped.file}: a public key, not a private one`;
    case 'agent-silent':
      return `the agent at ${skipped.socket}: it did not answer within ${skipped.seconds} s`;
    case 'agent-failed':
      return `the agent at ${skipped.socket}: ${skipped.detail}`;
  }
};
