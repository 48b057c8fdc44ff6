import type { Client } from 'ssh2';
import type { Endpoint } from '../connection.ts';
import { abortable } from '../waiting/abortable.ts';
import { Gate } from '../waiting/gate.ts';
import type { LoggedIn, LogIn } from './logged-in.ts';

/** A bastion that several hosts are reached through, over one login. */
interface Shared {
  readonly login: Promise<LoggedIn>;
  /** For the hosts' own starts: their servers may all share the bastion's limits. */
  readonly gate: Gate;
  readonly controller: AbortController;
  users: number;
}

/** A bastion in use. Leave it when done: the last one to leave ends the login. */
export interface BastionUse {
  readonly client: Client;
  readonly gate: Gate;
  readonly leave: () => void;
}

/** Logins through one bastion at a time. */
const STARTS = 8;

/**
 * Logs in to the last of the bastions, through the others, and shares the login with whoever wants the same:
 * fifty hosts behind a bastion are one login there, not fifty that sshd's MaxStartups would drop.
 */
export const bastionPool = (
  open: LogIn,
): ((bastions: readonly Endpoint[], signal: AbortSignal) => Promise<BastionUse>) => {
  const pool = new Map<string, Shared>();

  const share = (key: string, bastions: readonly Endpoint[]): Shared => {
    const known = pool.get(key);
    if (known) return known;
    const [last] = bastions.slice(-1);
    if (!last) throw new RangeError('a way through no bastion');
    const controller = new AbortController();
    const login = open(last, bastions.slice(0, -1), controller.signal);
    const shared: Shared = { login, gate: new Gate(STARTS), controller, users: 0 };
    pool.set(key, shared);
    const forget = () => {
      if (pool.get(key) === shared) pool.delete(key);
    };
    login.then(({ client }) => client.once('close', forget), forget);
    return shared;
  };

  const leave = (key: string, shared: Shared): void => {
    shared.users -= 1;
    if (shared.users > 0) return;
    if (pool.get(key) === shared) pool.delete(key);
    shared.controller.abort();
    // A login that failed has been reported to those who waited for it.
    shared.login.then(({ close }) => close()).catch(() => {});
  };

  return async (bastions, signal) => {
    const key = bastions.map(({ user, address, port }) => `${user}@${address}:${port}`).join(' ');
    const shared = share(key, bastions);
    shared.users += 1;
    let inside = true;
    const leaveOnce = () => {
      if (inside) leave(key, shared);
      inside = false;
    };
    try {
      const { client } = await abortable(shared.login, signal);
      return { client, gate: shared.gate, leave: leaveOnce };
    } catch (error) {
      leaveOnce();
      throw error;
    }
  };
};
