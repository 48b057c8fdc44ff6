import { isMissing } from '../../core/error-code.ts';
import { edit } from '../../core/next.ts';
import { FcopsError, messageOf } from '../../core/problem.ts';
import type { Endpoint } from '../connection.ts';
import type { TransportDeps } from '../deps.ts';
import { type KnownHost, type KnownKeys, knownKeys, parseKnownHosts } from './known-hosts.ts';

/** Looks servers up in their known_hosts files; each file is read once. A file that is not there is empty. */
export const knownHostsReader = (
  deps: Pick<TransportDeps, 'readFile'>,
): ((endpoint: Endpoint) => Promise<KnownKeys>) => {
  const files = new Map<string, Promise<readonly KnownHost[]>>();
  const read = (file: string): Promise<readonly KnownHost[]> => {
    const lines = files.get(file) ?? readKnownHosts(deps, file);
    files.set(file, lines);
    return lines;
  };
  return async (endpoint) => {
    const lines = await Promise.all([endpoint.knownHosts, ...(endpoint.alsoKnownHosts ?? [])].map(read));
    return knownKeys(lines.flat(), endpoint);
  };
};

const readKnownHosts = async (
  deps: Pick<TransportDeps, 'readFile'>,
  file: string,
): Promise<readonly KnownHost[]> => {
  try {
    return parseKnownHosts((await deps.readFile(file)).toString('utf8'), file);
  } catch (error) {
    if (isMissing(error)) return [];
    throw new FcopsError({
      kind: 'file',
      what: 'the known hosts cannot be read',
      where: { file },
      why: messageOf(error),
      next: [edit('check the file, or name another one: ssh.knownHosts in the inventory')],
    });
  }
};
