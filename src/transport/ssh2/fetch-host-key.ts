import type { Duplex } from 'node:stream';
import type { Endpoint, Target } from '../connection.ts';
import type { TransportDeps } from '../deps.ts';
import { ConnectFailure } from '../failure.ts';
import type { HostKey } from '../host-key.ts';
import { type HostKeyVerdict, judge, type KnownKeys } from '../known-hosts.ts';
import { connectError } from '../troubleshooting.ts';
import { sshClients } from './clients.ts';
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
 * The key that a host presents, without logging in to it. Where a bastion on the way has a key that is not
 * trusted, that one is given instead: record it and ask again. Rejects with an FcopsError where a server
 * cannot be reached, or a bastion cannot be logged in to.
 */
export const fetchHostKey =
  (deps: TransportDeps) =>
  async (target: Target, signal: AbortSignal): Promise<PresentedKey> => {
    const clients = sshClients(deps);
    try {
      if (target.proxyCommand) throw new ConnectFailure(target, { kind: 'proxy-command' });
      const way = await clients.way(target.proxyJump, signal);
      try {
        const known = await clients.known(target);
        const key = await present(deps, target, known, await way.dial(target, signal), signal);
        return { endpoint: target, key, verdict: judge(known, key) };
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

/** A login that stops at the key, whichever it is. */
const present = async (
  deps: TransportDeps,
  endpoint: Endpoint,
  known: KnownKeys,
  stream: Duplex,
  signal: AbortSignal,
): Promise<HostKey> => {
  const timeout = endpoint.connectTimeout * 1000;
  const identities = { usable: [], skipped: [] };
  const refuse = (): HostKeyVerdict => ({ kind: 'unknown' });
  try {
    await login(
      await loadSsh2(),
      deps,
      { endpoint, stream, known, judge: refuse, identities, timeout },
      signal,
    );
  } catch (error) {
    if (error instanceof ConnectFailure && error.failure.kind === 'host-key' && error.failure.key) {
      return error.failure.key;
    }
    throw error;
  }
  throw new Error('a refused host key was accepted');
};
