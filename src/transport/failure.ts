import type { Endpoint } from './connection.ts';
import type { HostKey } from './host-key.ts';
import type { HostKeyVerdict } from './known-hosts.ts';

/** Why a server could not be logged in to. `explain` (troubleshooting.ts) puts it into words. */
export type Failure =
  | { readonly kind: 'dns'; readonly code: string }
  | { readonly kind: 'refused' }
  | { readonly kind: 'unreachable'; readonly detail: string }
  | { readonly kind: 'timeout'; readonly stage: 'connect' | 'login'; readonly seconds: number }
  /** The server hung up before keys were exchanged; `said` is sshd's reason, where it gave one. */
  | { readonly kind: 'dropped'; readonly said: string }
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
      /** Why others were not tried. */
      readonly skipped: readonly string[];
      /** The methods that the server accepts, where it said. */
      readonly accepted: readonly string[];
    }
  /** The bastion would not connect us further. */
  | { readonly kind: 'forward'; readonly detail: string }
  | { readonly kind: 'proxy-command' }
  | { readonly kind: 'other'; readonly detail: string };

/** How the reason ends for which a key file that is not there was not used. */
export const NO_SUCH_FILE = 'does not exist';

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
      // sshd's words to an address that it has banned; every further try makes the ban longer.
      return !failure.said.startsWith('Not allowed at this time');
    case 'refused':
      return attempt === 1;
    case 'dns':
      return failure.code === 'EAI_AGAIN';
    default:
      return false;
  }
};

/** What sshd says in place of its greeting to who must not log in (now). */
const SSHD_WORDS = /^(Exceeded MaxStartups|Not allowed at this time)/;

/** The failure of a server that hung up before keys were exchanged; `said`: what it sent in place of SSH, if anything. */
export const dropped = (said: string): Failure =>
  said === '' || SSHD_WORDS.test(said) ? { kind: 'dropped', said } : { kind: 'not-ssh', said };

/** The failure that a socket's error stands for. */
export const socketFailure = (error: Error): Failure => {
  const code = 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
      return { kind: 'dns', code };
    case 'ECONNREFUSED':
      return { kind: 'refused' };
    case 'ECONNRESET':
    case 'EPIPE':
      return { kind: 'dropped', said: '' };
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
