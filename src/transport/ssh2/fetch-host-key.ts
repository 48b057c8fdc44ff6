import type { Endpoint, Target } from '../connection.ts';
import type { TransportDeps } from '../deps.ts';
import { ConnectFailure } from '../failures/failure.ts';
import { connectError } from '../failures/troubleshooting.ts';
import type { HostKey } from '../host-keys/host-key.ts';
import { type HostKeyVerdict, judge } from '../host-keys/known-hosts.ts';
import { type Dialled, sshClients } from './clients.ts';
import { loadSsh2 } from './library.ts';
import { login } from './login.ts';

/** A host key as its server presents it. */
export interface PresentedKey {
  /** Whose key it is: the target's, or that of a bastion before it. */
  readonly endpoint: Endpoint;
  readonly key: HostKey;
  readonly verdict: HostKeyVerdict;
}

/**
 * Asks for the key that a host presents, without logging in to it. Where a bastion on the way has a key that
 * is not trusted, that one is given instead: record it and ask again, with a new one of these, as known_hosts
 * is read once. Hosts that are asked side by side share the logins at their bastions. Rejects with an
 * FcopsError where a server cannot be reached, or a bastion cannot be logged in to.
 */
export const fetchHostKey = (
  deps: TransportDeps,
): ((target: Target, signal: AbortSignal) => Promise<PresentedKey>) => {
  const clients = sshClients(deps);
  return async (target, signal) => {
    try {
      if (target.proxyCommand) throw new ConnectFailure(target, { kind: 'proxy-command' });
      const way = await clients.way(target.proxyJump, signal);
      try {
        return await clients.start(target, way, signal, async (dialled) => {
          const key = await present(deps, target, dialled, signal);
          return { endpoint: target, key, verdict: judge(dialled.known, key) };
        });
      } finally {
        way.leave();
      }
    } catch (error) {
      if (!(error instanceof ConnectFailure)) throw error;
      const { endpoint, failure } = error;
      if (failure.kind !== 'host-key' || !failure.key) throw connectError(target, error);
      return { endpoint, key: failure.key, verdict: failure.verdict };
    }
  };
};

/** A login that stops at the key, whichever it is. */
const present = async (
  deps: TransportDeps,
  endpoint: Endpoint,
  dialled: Dialled,
  signal: AbortSignal,
): Promise<HostKey> => {
  const identities = { usable: [], skipped: [] };
  const refuse = (): HostKeyVerdict => ({ kind: 'unknown' });
  try {
    await login(await loadSsh2(), deps, { ...dialled, endpoint, judge: refuse, identities }, signal);
  } catch (error) {
    if (error instanceof ConnectFailure && error.failure.kind === 'host-key' && error.failure.key) {
      return error.failure.key;
    }
    throw error;
  }
  throw new Error('a refused host key was accepted');
};
