import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import type { Endpoint } from '../connection.ts';
import type { TransportDeps } from '../deps.ts';

/** A client that is logged in, and how to end it. */
export interface LoggedIn {
  readonly client: Client;
  readonly close: () => Promise<void>;
}

/**
 * Logs in to a server by way of the bastions, nearest first. Rejects with a ConnectFailure. `onAsked` is called when
 * the server has been asked to let us in; where there are bastions, before them.
 */
export type LogIn = (
  endpoint: Endpoint,
  bastions: readonly Endpoint[],
  signal: AbortSignal,
  onAsked?: () => void,
) => Promise<LoggedIn>;

/** Milliseconds for what was written last to be on its way. */
const CLOSE_DEADLINE = 1_000;

/** A client over a stream as one that is logged in. It says goodbye, and waits for no answer. */
export const loggedIn = (deps: Pick<TransportDeps, 'after'>, client: Client, stream: Duplex): LoggedIn => ({
  client,
  close: () =>
    new Promise((resolve) => {
      const done = () => {
        cancel();
        stream.destroy();
        resolve();
      };
      const cancel = deps.after(CLOSE_DEADLINE, done);
      stream.once('finish', done).once('close', done);
      client.end();
      if (stream.destroyed) done();
    }),
});
