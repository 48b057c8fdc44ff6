import { edit } from '../../core/next.ts';
import { FcopsError, type Problem } from '../../core/problem.ts';
import type { Connect, Connection, Target } from '../connection.ts';
import type { TransportDeps } from '../deps.ts';
import { remoteCommand } from '../exec/command.ts';
import type { Pipe, PipeEnd } from '../exec/pipe.ts';
import { runScript } from '../exec/run-script.ts';
import { elevation } from '../exec/sudo.ts';
import { ConnectFailure, retriable } from '../failures/failure.ts';
import { connectError } from '../failures/troubleshooting.ts';
import { knownHostsReader } from '../host-keys/known-hosts-files.ts';
import { Gate } from '../waiting/gate.ts';
import { type RetryPolicy, retry } from '../waiting/retry.ts';
import { sessionArguments } from './arguments.ts';
import { type Master, startMaster } from './master.ts';
import { startSsh } from './process.ts';

/** ssh processes that log in at a time: each takes about 0.1 s of a processor. */
const STARTS = 32;
const RETRIES: RetryPolicy = { attempts: 5, base: 300, cap: 5_000, retriable };

/**
 * Connects by the system's ssh, for what ssh2 cannot do: certificates, security keys, Kerberos, everything
 * in ssh_config. One master a host logs in, and each script is a session on it.
 */
export const opensshConnect = (deps: TransportDeps): Connect => {
  const starts = new Gate(STARTS);
  const known = knownHostsReader(deps);
  return async (target, signal, onAsked) => {
    if (target.password) throw noPasswords(target);
    const attempt = async () => {
      const leave = await starts.enter(signal);
      try {
        const master = startMaster(deps, target, known, signal);
        onAsked?.();
        return await master;
      } finally {
        leave();
      }
    };
    try {
      return connection(deps, target, await retry(deps, RETRIES, signal, attempt));
    } catch (error) {
      throw error instanceof ConnectFailure ? connectError(target, error) : error;
    }
  };
};

const noPasswords = ({ name }: Target): FcopsError =>
  new FcopsError({
    kind: 'connect',
    what: 'the system ssh takes no password from fcops',
    where: { host: name },
    next: [edit('log in by key or agent, or take the default transport: --transport ssh2')],
  });

const connection = (deps: TransportDeps, target: Target, master: Master): Connection => {
  const mode = elevation(target);
  return {
    exec: (script, payload = new Uint8Array()) => {
      const bytes = Buffer.from(script);
      const open = async () => {
        const command = remoteCommand(bytes.length, mode.kind);
        const started = await startSsh(deps, sessionArguments(master.socket, target, command));
        if (!started.ok) return started;
        const ended = started.value.ended.then((end) => lostOrEnded(target, master, end));
        return { ok: true, value: { ...started.value, ended } satisfies Pipe } as const;
      };
      return runScript(deps, open, { script: bytes, payload, ...mode.input });
    },
    close: master.close,
  };
};

/** ssh exits with 255 for a lost connection as well as for a command that does: the master knows which. */
const lostOrEnded = async (target: Target, master: Master, end: PipeEnd): Promise<PipeEnd> => {
  if (end.status !== 255 || !(await master.isGone())) return end;
  const problem: Problem = {
    kind: 'connect',
    what: 'the connection was lost',
    where: { host: target.name },
    why: master.said(),
  };
  return { status: null, signal: null, lost: true, problem };
};
