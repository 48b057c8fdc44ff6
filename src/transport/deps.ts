import { access, readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { whenWeEnd } from './at-exit.ts';

/** What the transports take from the world outside: clock, randomness, environment, files, network. */
export interface TransportDeps {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Home directory of the user who runs fcops. */
  readonly home: string;
  /** Whether fcops itself runs as root. */
  readonly isRoot: boolean;
  /** A number in [0, 1). */
  readonly random: () => number;
  /** Calls back after `ms` milliseconds, unless the function that it returns is called first. */
  readonly after: (ms: number, callback: () => void) => () => void;
  /** Calls back when fcops ends, whichever way, unless the function that it returns is called first. */
  readonly atExit: (callback: () => void) => () => void;
  readonly readFile: (path: string) => Promise<Buffer>;
  readonly exists: (path: string) => Promise<boolean>;
  /** Opens a TCP connection, with Nagle's algorithm off. */
  readonly dial: (host: string, port: number) => Socket;
}

/** The world as Node gives it; the caller hands in what belongs to the process. */
export const systemDeps = (own: Pick<TransportDeps, 'env' | 'home' | 'isRoot'>): TransportDeps => ({
  ...own,
  random: Math.random,
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
  atExit: whenWeEnd,
  readFile: (path) => readFile(path),
  exists: (path) =>
    access(path).then(
      () => true,
      () => false,
    ),
  // Node's 250 ms a try for each address of a name is too short for distant hosts.
  dial: (host, port) => connect({ host, port, noDelay: true, autoSelectFamilyAttemptTimeout: 2_000 }),
});
