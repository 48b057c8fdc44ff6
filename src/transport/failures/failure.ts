import { codeOf } from '../../core/error-code.ts';
import type { Endpoint } from '../connection.ts';
import type { HostKey } from '../host-keys/host-key.ts';
import type { HostKeyVerdict } from '../host-keys/known-hosts.ts';

/** Why a server could not be logged in to. `explain` (troubleshooting.ts) puts it into words. */
export type Failure =
  | { readonly kind: 'dns'; readonly code: string }
  | { readonly kind: 'refused' }
  | { readonly kind: 'unreachable'; readonly detail: string }
  | { readonly kind: 'timeout'; readonly stage: 'connect' | 'login'; readonly seconds: number }
  /** The server hung up before keys were exchanged; `said` is sshd's reason in its own words, where it gave one. */
  | { readonly kind: 'dropped'; readonly said: string; readonly reason: 'busy' | 'banned' | 'unsaid' }
  /** Something else listens there; `said` is what it sent in place of SSH. */
  | { readonly kind: 'not-ssh'; readonly said: string }
  /** The server ended the login. */
  | { readonly kind: 'disconnected'; readonly detail: string }
  | { readonly kind: 'algorithms'; readonly detail: string }
  | {
      readonly kind: 'host-key';
      readonly verdict: Exclude<HostKeyVerdict, { kind: 'match' }>;
      /** Absent where it is known before the server was asked. */
      readonly key?: HostKey;
      /** What is known of the key, where it is not at hand itself. */
      readonly fingerprint?: string;
    }
  | {
      readonly kind: 'authentication';
      /** Each identity that the server turned down. */
      readonly tried: readonly string[];
      /** What else there was, and why it was not tried. */
      readonly skipped: readonly SkippedIdentity[];
      /** The methods that the server accepts, where it said. */
      readonly accepted: readonly string[];
    }
  /** The bastion would not connect us further. */
  | { readonly kind: 'forward'; readonly detail: string }
  | { readonly kind: 'proxy-command' }
  | { readonly kind: 'other'; readonly detail: string };

/** Something to log in with that was not used, and why: a key file, or all the keys of an agent. */
export type SkippedIdentity =
  /** Its passphrase is needed, and the agent does not hold the key. */
  | { readonly kind: 'encrypted'; readonly file: string }
  | { readonly kind: 'missing'; readonly file: string }
  /** The user who runs fcops may not read it. */
  | { readonly kind: 'forbidden'; readonly file: string }
  | { readonly kind: 'directory'; readonly file: string }
  | { readonly kind: 'unreadable'; readonly file: string; readonly detail: string }
  /** A type of key that ssh2 does not know, such as that of a security key. */
  | { readonly kind: 'unsupported'; readonly file: string; readonly type: string }
  | { readonly kind: 'no-key'; readonly file: string; readonly detail: string }
  | { readonly kind: 'public-key'; readonly file: string }
  | { readonly kind: 'agent-silent'; readonly socket: string; readonly seconds: number }
  | { readonly kind: 'agent-failed'; readonly socket: string; readonly detail: string };

/** A failure on its way up: at which server, before it is put into words for the host that was wanted. */
export class ConnectFailure extends Error {
  override readonly name = 'ConnectFailure';
  readonly endpoint: Endpoint;
  readonly failure: Failure;

  constructor(endpoint: Endpoint, failure: Failure) {
    super(`${endpoint.name}: ${failure.kind}`);
    this.endpoint = endpoint;
    this.failure = failure;
  }
}

/**
 * Whether another try may help: the server was too busy to take the connection, or is being restarted.
 * Never after a failed login or a wrong key, which would get this machine banned (sshd's PerSourcePenalties).
 */
export const retriable = (error: unknown, attempt: number): boolean => {
  if (!(error instanceof ConnectFailure)) return false;
  const { failure } = error;
  switch (failure.kind) {
    case 'dropped':
      // Every further try makes a ban longer.
      return failure.reason !== 'banned';
    case 'refused':
      return attempt === 1;
    case 'dns':
      return failure.code === 'EAI_AGAIN';
    default:
      return false;
  }
};

/** What sshd says in place of its greeting to who must not log in (now), and what it means. */
const SSHD_WORDS = [
  { words: 'Exceeded MaxStartups', reason: 'busy' },
  // To an address that it has banned (PerSourcePenalties).
  { words: 'Not allowed at this time', reason: 'banned' },
] as const;

/** The failure of a server that hung up before keys were exchanged; `said`: what it sent in place of SSH, if anything. */
export const dropped = (said: string): Failure => {
  if (said === '') return { kind: 'dropped', said, reason: 'unsaid' };
  const known = SSHD_WORDS.find(({ words }) => said.startsWith(words));
  return known ? { kind: 'dropped', said, reason: known.reason } : { kind: 'not-ssh', said };
};

/** The failure that a socket's error stands for. */
export const socketFailure = (error: Error): Failure => {
  const code = codeOf(error);
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
      return { kind: 'dns', code };
    case 'ECONNREFUSED':
      return { kind: 'refused' };
    case 'ECONNRESET':
    case 'EPIPE':
      return dropped('');
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EHOSTDOWN':
    case 'EADDRNOTAVAIL':
    case 'ETIMEDOUT':
      return { kind: 'unreachable', detail: error.message };
    default:
      return { kind: 'other', detail: error.message };
  }
};
