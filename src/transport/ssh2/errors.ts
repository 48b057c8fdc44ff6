import { dropped, type Failure, socketFailure } from '../failures/failure.ts';

/** An error of ssh2's client; its `level` says which part of it failed. */
export type ClientError = Error & { readonly level?: string };

/**
 * What an error during the login stands for. `handshaken`: keys were exchanged before it; `said`: what the
 * server sent in place of SSH.
 */
export const loginFailure = (error: ClientError, handshaken: boolean, said: string): Failure => {
  if (handshaken) return { kind: 'disconnected', detail: error.message };
  switch (error.level) {
    case 'handshake':
      return { kind: 'algorithms', detail: error.message };
    case 'client-socket':
      return socketFailure(error);
    case 'protocol':
      return dropped(said);
    default:
      return said ? dropped(said) : { kind: 'other', detail: error.message };
  }
};

/** Whether the server ended the login because too many identities were tried: SSH has no number of its own for that. */
export const isTooManyTries = ({ message }: Error): boolean =>
  /too many authentication failures|no more auth/i.test(message);

/** Whether a private key was not read because it needs a passphrase, which ssh2 says in its message alone. */
export const isEncrypted = ({ message }: Error): boolean => /encrypted/i.test(message);
