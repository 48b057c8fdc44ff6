import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FcopsError } from '../../core/problem.ts';
import type { Endpoint, Target } from '../connection.ts';
import type { TransportDeps } from '../deps.ts';
import type { Pipe } from '../exec/pipe.ts';
import { Tail } from '../exec/tail.ts';
import { ConnectFailure } from '../failures/failure.ts';
import type { KnownKeys } from '../host-keys/known-hosts.ts';
import { sleep } from '../waiting/sleep.ts';
import { masterArguments } from './arguments.ts';
import { culprit, opensshFailure } from './errors.ts';
import { startSsh } from './process.ts';

/** An ssh that is logged in and lets others use its connection (ssh_config(5), ControlMaster). */
export interface Master {
  /** Path of its control socket. */
  readonly socket: string;
  /** Whether it has ended, given a moment to notice. */
  readonly isGone: () => Promise<boolean>;
  /** The last that it printed. */
  readonly said: () => string;
  readonly close: () => Promise<void>;
}

const READY = '--fcops-ready--';
/** Milliseconds for an ssh to end by itself, or to notice that the connection is gone. */
const GRACE = 1_000;
const STDERR_LIMIT = 16 * 1024;

/**
 * Logs in, with the control socket in a directory of its own that only this user can enter. The session on
 * the master is a `cat` on our pipe: it answers when the login is done, and ends with us, so that a killed
 * fcops leaves no ssh behind.
 */
export const startMaster = async (
  deps: TransportDeps,
  target: Target,
  known: (endpoint: Endpoint) => Promise<KnownKeys>,
  signal: AbortSignal,
): Promise<Master> => {
  signal.throwIfAborted();
  const directory = await mkdtemp(join(tmpdir(), 'fcops-ssh-'));
  const remove = () => rm(directory, { recursive: true, force: true });
  try {
    const socket = join(directory, 'control');
    const started = await startSsh(deps, masterArguments(socket, target));
    if (!started.ok)
      throw new FcopsError(started.error.problem ?? { kind: 'connect', what: 'ssh cannot be started' });
    const { said, gone } = await loggedIn(deps, target, known, started.value, signal);
    const within = (ms: number) => Promise.race([gone.then(() => true), later(deps, ms)]);
    const close = async () => {
      started.value.stdin.end();
      if (!(await within(GRACE))) started.value.abandon();
      await gone;
      await remove();
    };
    return { socket, isGone: () => within(GRACE), said, close };
  } catch (error) {
    await remove();
    throw error;
  }
};

const later = async (deps: Pick<TransportDeps, 'after'>, ms: number): Promise<boolean> => {
  await sleep(deps, ms, new AbortController().signal);
  return false;
};

/** Waits until the session of a master answers. Rejects with a ConnectFailure that says why it does not. */
const loggedIn = (
  deps: Pick<TransportDeps, 'after'>,
  target: Target,
  known: (endpoint: Endpoint) => Promise<KnownKeys>,
  { stdin, stdout, stderr, ended, abandon }: Pipe,
  signal: AbortSignal,
): Promise<{ readonly said: () => string; readonly gone: Promise<unknown> }> =>
  new Promise((resolve, reject) => {
    const errors = new Tail(STDERR_LIMIT);
    let heard = '';
    // ssh's own time-out is for the connection; authentication may hang longer than that.
    const seconds = target.connectTimeout * 2;
    const fail = (reason: unknown) => {
      done();
      abandon();
      reject(reason);
    };
    const onAbort = () => fail(signal.reason);
    const cancel = deps.after(seconds * 1000, () =>
      fail(new ConnectFailure(target, { kind: 'timeout', stage: 'login', seconds })),
    );
    const done = () => {
      cancel();
      signal.removeEventListener('abort', onAbort);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    stderr.on('data', (chunk: Buffer) => errors.push(chunk));
    stdout.on('data', (chunk: Buffer) => {
      heard = (heard + chunk.toString('latin1')).slice(-4096);
      if (!heard.includes(READY)) return;
      done();
      resolve({ said: () => errors.text().trim(), gone: ended });
    });
    // An ssh that gives up closes its input; why, it says on standard error.
    stdin.on('error', () => {});
    stdin.write(`${READY}\n`);
    const explain = async () => {
      const text = errors.text();
      const endpoint = culprit(target, text);
      return new ConnectFailure(endpoint, opensshFailure(endpoint, await known(endpoint), text));
    };
    ended.then(explain).then(fail, fail);
  });
