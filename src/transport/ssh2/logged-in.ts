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

/** Milliseconds for a server to close its end after we did. */
const CLOSE_DEADLINE = 1_000;

/** A client as one that is logged in. */
export const loggedIn = (deps: Pick<TransportDeps, 'after'>, client: Client): LoggedIn => ({
  client,
  close: () =>
    new Promise((resolve) => {
      const cancel = deps.after(CLOSE_DEADLINE, () => {
        client.destroy();
        resolve();
      });
      client.once('close', () => {
        cancel();
        resolve();
      });
      client.end();
    }),
});
