import type { Duplex } from 'node:stream';
import type { Endpoint } from '../connection.ts';
import type { TransportDeps } from '../deps.ts';
import { ConnectFailure, retriable } from '../failures/failure.ts';
import type { HostKey } from '../host-keys/host-key.ts';
import { judge, type KnownKeys } from '../host-keys/known-hosts.ts';
import { knownHostsReader } from '../host-keys/known-hosts-files.ts';
import { abortable } from '../waiting/abortable.ts';
import { Gate } from '../waiting/gate.ts';
import { type RetryPolicy, retry } from '../waiting/retry.ts';
import { bastionPool } from './bastions.ts';
import { type Dial, dialDirect, dialThrough } from './dial.ts';
import { type Identities, identityReader } from './identities.ts';
import { loadSsh2 } from './library.ts';
import { type LogIn, loggedIn } from './logged-in.ts';
import { login } from './login.ts';

/** A way to a server: how to dial it, and the gate of the bastion that it goes through. */
export interface Way {
  readonly dial: Dial;
  readonly gate?: Gate;
  readonly leave: () => void;
}

export interface Clients {
  readonly open: LogIn;
  /** The way to a server behind these bastions, which it logs in to. Leave it when done. */
  readonly way: (bastions: readonly Endpoint[], signal: AbortSignal) => Promise<Way>;
  /**
   * Dials a server and does `work` over the stream, when its turn has come: the one way to begin with a server.
   * Tries again where the server was too busy. Rejects with a ConnectFailure.
   */
  readonly start: <T>(
    endpoint: Endpoint,
    way: Way,
    signal: AbortSignal,
    work: (dialled: Dialled) => Promise<T>,
  ) => Promise<T>;
}

/** A server that has taken the connection, and has yet to say who it is. */
export interface Dialled {
  readonly stream: Duplex;
  readonly known: KnownKeys;
  /** Milliseconds for what comes next. */
  readonly timeout: number;
}

/** Logins that run at a time: more make the event loop stall (0.3 s at 100), and sshd drops them. */
const STARTS = 32;

/** sshd turns away new logins from its 11th unfinished one on (MaxStartups), so the retries are many and spread. */
const RETRIES: RetryPolicy = { attempts: 6, base: 300, cap: 5_000, retriable };

/** Opens ssh2 clients; key files, agents and known_hosts are read once for all of them. */
export const sshClients = (deps: TransportDeps): Clients => {
  const starts = new Gate(STARTS);
  const known = knownHostsReader(deps);
  const identitiesOf = identityReader(deps);

  const startOnce = async <T>(
    endpoint: Endpoint,
    way: Way,
    signal: AbortSignal,
    work: (dialled: Dialled) => Promise<T>,
  ): Promise<T> => {
    const leaveBastion = await way.gate?.enter(signal);
    const leave = await starts.enter(signal).catch((error: unknown) => {
      leaveBastion?.();
      throw error;
    });
    try {
      const keys = await known(endpoint);
      const stream = await way.dial(endpoint, signal);
      // Logins that run side by side share one processor: the more wait, the longer each may take.
      const timeout = endpoint.connectTimeout * 1000 * (1 + starts.waiting / STARTS);
      return await work({ stream, known: keys, timeout });
    } finally {
      leave();
      leaveBastion?.();
    }
  };

  const start: Clients['start'] = (endpoint, way, signal, work) =>
    retry(deps, RETRIES, signal, () => startOnce(endpoint, way, signal, work));

  const open: LogIn = async (endpoint, bastions, signal, onAsked) => {
    const identities = await ready(endpoint, signal);
    const ssh2 = await loadSsh2();
    if (bastions.length > 0) onAsked?.();
    const way = await wayTo(bastions, signal);
    try {
      return await start(endpoint, way, signal, async (dialled) => {
        const check = (key: HostKey) => judge(dialled.known, key);
        const asking = { ...dialled, endpoint, judge: check, identities, onAsked };
        const client = await login(ssh2, deps, asking, signal);
        client.once('close', way.leave);
        return loggedIn(deps, client, dialled.stream);
      });
    } catch (error) {
      way.leave();
      throw error;
    }
  };

  /** What to log in with; a ConnectFailure where it is clear without asking the server that it cannot work. */
  const ready = async (endpoint: Endpoint, signal: AbortSignal): Promise<Identities> => {
    const { keys, portless, authorities } = await known(endpoint);
    const [recorded] = authorities;
    if (recorded && keys.length + portless.length === 0) {
      const verdict = { kind: 'certificate-only', recorded } as const;
      throw new ConnectFailure(endpoint, { kind: 'host-key', verdict });
    }
    const identities = await abortable(identitiesOf(await loadSsh2(), endpoint), signal);
    if (identities.usable.length === 0) {
      const { skipped } = identities;
      throw new ConnectFailure(endpoint, { kind: 'authentication', tried: [], skipped, accepted: [] });
    }
    return identities;
  };

  const bastion = bastionPool(open);
  const wayTo: Clients['way'] = async (bastions, signal) => {
    if (bastions.length === 0) return { dial: dialDirect(deps), leave: () => {} };
    const { client, gate, leave } = await bastion(bastions, signal);
    return { dial: dialThrough(deps, client), gate, leave };
  };

  return { open, way: wayTo, start };
};
