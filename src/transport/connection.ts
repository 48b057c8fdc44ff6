import type { Secret } from '../core/secret.ts';

/** How a command ended. `status` is null where it did not exit by itself: killed, or the connection was lost. */
export interface Exit {
  readonly status: number | null;
  /** Signal that killed the command, where the far end told. */
  readonly signal: string | null;
  /** True where the connection ended before the command did. */
  readonly lost: boolean;
  /** The last part of standard error (64 KiB at most). */
  readonly stderr: string;
}

/** A script that runs on a host: its standard output as it comes, then its end. */
export interface Running {
  /** Standard output; ends when the command does. Read it to the end: nobody else does. */
  readonly stdout: AsyncIterable<Uint8Array>;
  /** Never rejects: a lost connection is an `Exit` with `lost`. */
  readonly exit: Promise<Exit>;
}

/** An open way to one host, as root (by sudo where the login user is another). */
export interface Connection {
  /**
   * Runs a bash script with `payload` on its standard input, with a fixed PATH and LC_ALL=C whatever the
   * login shell; neither is visible in a process list. One round trip.
   */
  exec(script: string, payload?: Uint8Array): Running;
  /** Ends the connection; what runs on the host detached goes on. */
  close(): Promise<void>;
}

/** Opens connections. Rejects with an FcopsError that says why a host cannot be reached and what to do. */
export type Connect = (target: Target, signal: AbortSignal) => Promise<Connection>;

/** Where and how to reach a host: the `ssh` section of the inventory, with `~` expanded and defaults filled in. */
export interface Target {
  /** Name in the inventory. */
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** Files with private keys, tried in order; empty for the agent or a password. */
  readonly privateKeys: readonly string[];
  readonly knownHosts: string;
  /** `user@host:port` of each bastion, nearest first. */
  readonly proxyJump: readonly string[];
  readonly password?: Secret;
  readonly sudoPassword?: Secret;
  /** Seconds to be reached, keys exchanged and logged in. */
  readonly connectTimeout: number;
}
