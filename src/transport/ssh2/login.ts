import type { Duplex } from 'node:stream';
import type { Client, ServerHostKeyAlgorithm } from 'ssh2';
import type { Endpoint } from '../connection.ts';
import type { TransportDeps } from '../deps.ts';
import { ConnectFailure, dropped, type Failure } from '../failures/failure.ts';
import { type HostKey, hostKey } from '../host-keys/host-key.ts';
import type { HostKeyVerdict, KnownKeys } from '../host-keys/known-hosts.ts';
import { authentication } from './auth.ts';
import { type ClientError, isTooManyTries, loginFailure } from './errors.ts';
import type { Identities } from './identities.ts';
import type { Ssh2 } from './library.ts';
import { signAtOnce } from './sign-at-once.ts';

/** A login over a stream that is already connected to the server. */
export interface Login {
  readonly endpoint: Endpoint;
  readonly stream: Duplex;
  /** For the order in which host key algorithms are asked for. */
  readonly known: KnownKeys;
  /** Decides on the host key: only a match goes on. */
  readonly judge: (key: HostKey) => HostKeyVerdict;
  readonly identities: Identities;
  /** Milliseconds for key exchange and authentication. */
  readonly timeout: number;
  /** Called when the first identity has been sent. */
  readonly onAsked?: (() => void) | undefined;
}

const KEEPALIVE_INTERVAL = 10_000;
const KEEPALIVE_COUNT = 3;

/** ssh2's own order, without ssh-rsa: its signatures are SHA-1. */
const HOST_KEY_ALGORITHMS: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
];

/**
 * Host key algorithms with those of the recorded keys first, as ssh does it: a server with several keys then
 * shows the one that is known.
 */
export const hostKeyAlgorithms = ({ keys, portless }: KnownKeys): ServerHostKeyAlgorithm[] => {
  const types = new Set([...keys, ...portless].map(({ key }) => key.type));
  const isKnown = (name: ServerHostKeyAlgorithm) => types.has(name.startsWith('rsa-') ? 'ssh-rsa' : name);
  return [...HOST_KEY_ALGORITHMS.filter(isKnown), ...HOST_KEY_ALGORITHMS.filter((name) => !isKnown(name))];
};

/** Exchanges keys, checks the server's, and logs in. Rejects with a ConnectFailure, or the signal's reason. */
export const login = (
  ssh2: Ssh2,
  deps: Pick<TransportDeps, 'after'>,
  { endpoint, stream, known, judge, identities, timeout, onAsked }: Login,
  signal: AbortSignal,
): Promise<Client> =>
  new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    const auth = authentication(endpoint.user, identities);
    let refused: Failure | undefined;
    let handshaken = false;
    let last: Error | undefined;
    let said = (): string => '';

    const fail = (failure: Failure) => settle(() => reject(new ConnectFailure(endpoint, failure)));
    const onAbort = () => settle(() => reject(signal.reason));
    const settle = (report: () => void) => {
      cancel();
      signal.removeEventListener('abort', onAbort);
      client.off('error', onError).off('close', onClose).off('ready', onReady);
      // ssh2's last words, which are held until the turn is over.
      stream.uncork();
      stream.destroy();
      report();
    };
    const onError = (error: ClientError) => {
      // An agent that does not sign is one identity less; ssh2 goes on to the next by itself.
      if (error.level === 'agent') return;
      last = error;
      if (error.level === 'client-authentication') {
        fail({ kind: 'authentication', ...auth.log(), skipped: identities.skipped });
      } else {
        const failure = refused ?? loginFailure(error, handshaken, said());
        const exhausted = failure.kind === 'disconnected' && isTooManyTries(error);
        fail(exhausted ? { kind: 'authentication', ...auth.log(), skipped: identities.skipped } : failure);
      }
    };
    const onClose = () => {
      const detail = last?.message ?? 'the connection was closed';
      fail(refused ?? (handshaken ? { kind: 'disconnected', detail } : dropped(said())));
    };
    const onReady = () => {
      cancel();
      signal.removeEventListener('abort', onAbort);
      client.off('error', onError).off('close', onClose);
      resolve(client);
    };
    const handler: typeof auth.handler = (...given) => {
      // Not before what is returned here has been sent.
      if (onAsked) deps.after(0, onAsked);
      return auth.handler(...given);
    };
    const cancel = deps.after(timeout, () =>
      fail({ kind: 'timeout', stage: 'login', seconds: Math.round(timeout / 1000) }),
    );
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    client
      // Errors come at any time, also long after the login, and without a listener they would end the process.
      .on('error', () => {})
      .on('error', onError)
      .on('close', onClose)
      .on('ready', onReady)
      .on('handshake', () => {
        handshaken = true;
      })
      .on('change password', () =>
        fail({ kind: 'disconnected', detail: `the password of ${endpoint.user} has expired` }),
      );
    client.connect({
      sock: stream,
      username: endpoint.user,
      hostVerifier: (blob: Buffer) => {
        const key = hostKey(blob);
        const verdict = judge(key);
        if (verdict.kind !== 'match') refused = { kind: 'host-key', verdict, key };
        return verdict.kind === 'match';
      },
      algorithms: { serverHostKey: hostKeyAlgorithms(known) },
      authHandler: handler,
      keepaliveInterval: KEEPALIVE_INTERVAL,
      keepaliveCountMax: KEEPALIVE_COUNT,
      // The time-out above counts, and tells what it was that took so long.
      readyTimeout: 0,
    });
    signAtOnce(client, identities);
    // ssh2 has paused the stream: it flows, to these listeners too, when ssh2 is ready to read.
    said = firstWords(stream);
  });

/** What a server says that does not speak SSH, or not to us: its first bytes, where they are not SSH's greeting. */
const firstWords = (stream: Duplex): (() => string) => {
  let words = '';
  const listen = (chunk: Buffer) => {
    words += chunk.toString('latin1');
    if (words.length < 4 && 'SSH-'.startsWith(words)) return;
    stream.off('data', listen);
    // A server may say something before its greeting (RFC 4253, 4.2).
    words = /(^|\n)SSH-/.test(words) ? '' : words.slice(0, 200);
  };
  stream.on('data', listen);
  return () => words.replace(/[^ -~]+/g, ' ').trim();
};
