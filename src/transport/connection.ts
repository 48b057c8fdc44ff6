import type { Problem } from '../core/problem.ts';
import type { Secret } from '../core/secret.ts';

/** How a command ended. `status` is null where it did not exit by itself: killed, or the connection was lost. */
export interface Exit {
  /** Only 0 is success. */
  readonly status: number | null;
  /** Signal that killed the command, where the far end told. */
  readonly signal: string | null;
  /** True where the connection ended before the command did. */
  readonly lost: boolean;
  /** The last part of standard error (64 KiB at most). */
  readonly stderr: string;
  /**
   * What kept the script from starting (sudo, the login shell), or how the connection was lost; absent where
   * the script ran to an end of its own.
   */
  readonly problem?: Problem;
}

/** A script that runs on a host: its standard output as it comes, then its end. */
export interface Running {
  /**
   * Standard output; ends when the command does. Read it to the end: nobody else does. Leaving the loop
   * early gives the command up.
   */
  readonly stdout: AsyncIterable<Uint8Array>;
  /** Never rejects: a lost connection is an `Exit` with `lost`. */
  readonly exit: Promise<Exit>;
}

/** An open way to one host, as root (by sudo where the login user is another). */
export interface Connection {
  /**
   * Runs a bash script with `payload` on its standard input, with a fixed PATH and LC_ALL=C whatever the
   * login shell; neither is visible in a process list. One round trip. A script that arrived in part is
   * never started; a payload that did is for the script to notice (it ends early).
   */
  exec(script: string, payload?: Uint8Array): Running;
  /** Ends the connection; what runs on the host detached goes on. */
  close(): Promise<void>;
}

/**
 * Opens connections. Rejects with an FcopsError that says why a host cannot be reached and what to do. `onAsked` is
 * called when the host has been asked to let us in: what is worked out while it thinks about that costs no time.
 */
export type Connect = (target: Target, signal: AbortSignal, onAsked?: () => void) => Promise<Connection>;

/** An SSH server and how to log in to it: a host, or a bastion on the way to one. */
export interface Endpoint {
  /** Name in the inventory; for a bastion, as it was written (`ops@gate:2222`, or a name of ssh_config). */
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** Files with private keys, tried in order; empty for the agent, ~/.ssh/id_* or a password. */
  readonly privateKeys: readonly string[];
  /** Socket of the ssh-agent. */
  readonly agent?: string;
  readonly password?: Secret;
  /** The known_hosts file, to which `fcops trust` adds. */
  readonly knownHosts: string;
  /** Further known_hosts files, only read. */
  readonly alsoKnownHosts?: readonly string[];
  /** Name under which known_hosts holds the key, in place of the address (ssh_config's HostKeyAlias). */
  readonly hostKeyAlias?: string;
  /** Seconds to be reached, keys exchanged and logged in. */
  readonly connectTimeout: number;
}

/** Where and how to reach a host: the `ssh` section of the inventory, with `~` expanded and defaults filled in. */
export interface Target extends Endpoint {
  /** Each bastion on the way, nearest first. */
  readonly proxyJump: readonly Endpoint[];
  /** For sudo, where the login user is not root; without it sudo must not ask. */
  readonly sudoPassword?: Secret;
  /** ssh_config's ProxyCommand: only the system's ssh can use it. */
  readonly proxyCommand?: string;
}
